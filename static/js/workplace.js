// Keys and proposals for Mein Tag and the call form; every page works without them.
// j k move, n call form, 1–7 outcome, d next date, w follow-up, Ctrl+Enter saves, Escape leaves a field, ? shows the keys.

const TYPING = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";
const PHONE = "(width <= 700px)";

const theForm = () => document.querySelector("[data-call-form]");
const chosenRow = () => document.querySelector("#list .call-row[aria-current]");

function move(step) {
  const rows = [...document.querySelectorAll("#list .call-row")];
  const row = rows[rows.indexOf(chosenRow()) + step];
  if (!row) return;
  const link = row.querySelector(".call-row-name");
  link.focus();
  showRow(row);
  link.click();
}

function choose(radio) {
  if (!radio || radio.disabled) return;
  radio.focus();
  radio.click();
}

// A form that a low screen cuts off comes into sight as a whole: next step and save follow from the outcome.
function showForm() {
  theForm()?.scrollIntoView({ block: "nearest" });
}

function chooseOutcome(radio) {
  choose(radio);
  showForm();
}

function toForm() {
  const outcomes = [...(theForm()?.querySelectorAll("[name=outcome]") ?? [])];
  (outcomes.find((radio) => radio.checked) ?? outcomes[0])?.focus();
  showForm();
}

// Whoever types a sentence while an outcome has the focus means the note: the letter is written there.
const isOnChoice = (event) => event.target.matches("[data-call-form] [type=radio]");

function typeIntoNote(event) {
  const isLetter = event.key.length === 1 && event.key !== " " && !event.defaultPrevented; // "/" goes to the search
  if (isLetter && isOnChoice(event)) document.getElementById("call-note")?.focus();
}

function toDate() {
  choose(theForm()?.querySelector("[name=next][value=date]"));
  theForm()?.querySelector("[name=next_on]").focus();
}

// The first follow-up that is the reader's: done, put off, changed.
function toFollowUp() {
  const summary = document.querySelector("#card .why > .menu > summary");
  if (summary && !summary.parentElement.open) summary.click();
  summary?.focus();
}

const ACTS = {
  j: () => move(1),
  k: () => move(-1),
  n: toForm,
  d: toDate,
  "?": () => document.getElementById("keys")?.showModal(),
};

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest(TYPING) !== null;
  // In the search box Ctrl+Enter takes a call of the customer found; the form that stands beside it is not sent.
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && theForm() && !event.target.closest(".top-search")) {
    event.preventDefault();
    theForm().requestSubmit();
    return;
  }
  if (event.key === "Escape" && isTyping) {
    event.target.blur();
    return;
  }
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const outcome = theForm()?.querySelector(`[name=outcome][data-key="${CSS.escape(event.key)}"]`);
  const isFollowUp = event.key === "w" && !isOnChoice(event); // many a note begins with this letter
  const act = outcome ? () => chooseOutcome(outcome) : isFollowUp ? toFollowUp : ACTS[event.key];
  if (!act) {
    typeIntoNote(event);
    return;
  }
  event.preventDefault();
  act();
});

// --- one choice proposes the others ---

// Whom field sales goes on with comes back from there.
const isHandedOver = (form) => form.querySelector("[name=handover-criteria]") !== null;

function proposeStep(form, proposed) {
  const step = isHandedOver(form) && proposed !== "date" ? "none" : proposed;
  const radio = form.querySelector(`[name=next][value="${CSS.escape(step)}"]`);
  if (radio && form.dataset.stepChosen === undefined) radio.checked = true;
}

function answerTop(form, answer) {
  const select = form.querySelector(".is-top select[name$='-answer']");
  if (select) select.value = answer;
}

function nameOutcome(form, outcome, isTop) {
  const current = form.querySelector("[name=outcome]:checked");
  const radio = form.querySelector(`[name=outcome][value="${CSS.escape(outcome)}"]`);
  if (!radio || radio === current || (current && !isTop)) return;
  radio.checked = true;
  proposeStep(form, radio.dataset.step);
}

document.addEventListener("change", (event) => {
  const field = event.target;
  const form = field.closest("[data-call-form]");
  if (!form) return;
  if (field.name === "outcome") {
    answerTop(form, field.dataset.answer);
    proposeStep(form, field.dataset.step);
  } else if (field.name === "next") {
    form.dataset.stepChosen = "";
  } else if (field.name === "next_on" && field.value) {
    form.querySelector("[name=next][value=date]").checked = true;
    form.dataset.stepChosen = "";
  } else if (field.name.endsWith("-answer")) {
    const outcome = field.selectedOptions[0].dataset.outcome;
    if (outcome) nameOutcome(form, outcome, field.closest(".is-top") !== null);
  }
});

// --- who talks with whom ---

const TOLD_AGAIN_MS = 60000;
const toldAt = {};

// Dialling or writing a note tells colleagues who open this customer; nobody waits for it, and it may fail.
function tellTalking() {
  const url = document.querySelector("[data-talking]")?.getAttribute("hx-get");
  if (!url || !navigator.onLine || Date.now() - (toldAt[url] ?? -Infinity) < TOLD_AGAIN_MS) return;
  toldAt[url] = Date.now();
  const token = theForm()?.querySelector("[name=csrfmiddlewaretoken]")?.value;
  fetch(url, { method: "POST", headers: { "X-CSRFToken": token } }).catch(() => {});
}

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-call-form] #call-note")) tellTalking();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("#card a[href^='tel:']")) tellTalking();
});

// --- parts that arrive ---

document.addEventListener("htmx:beforeRequest", (event) => {
  const row = event.target.closest(".call-row");
  if (!row) return;
  chosenRow()?.removeAttribute("aria-current");
  row.setAttribute("aria-current", "true");
});

document.addEventListener("htmx:beforeSwap", (event) => {
  // A refusal (409, 422) is the form again, with what is to be done about it.
  if (![409, 422].includes(event.detail.xhr.status)) return;
  event.detail.shouldSwap = true;
  event.detail.isError = false;
});

document.addEventListener("htmx:afterSwap", (event) => {
  const part = event.detail.target;
  if (part?.id === "card") showCard(part);
  if (part?.id === "day") showDay(part);
  if (part?.id === "call-gate") showGate();
  if (part?.id === "call-handover") showChecklist();
});

function showChecklist() {
  proposeStep(theForm(), "none");
  theForm().querySelector("[name=handover-criteria]")?.focus();
}

function showGate() {
  const isIncomingOnly = document.getElementById("call-gate").matches("[data-incoming-only]");
  const outgoing = theForm().querySelector("[name=direction][value=outgoing]");
  outgoing.disabled = isIncomingOnly;
  if (isIncomingOnly) theForm().querySelector("[name=direction][value=incoming]").checked = true;
}

function showCard(card) {
  card.closest(".two").dataset.show = "card";
  const alert = card.querySelector("[role=alert]:not([hidden])");
  if (!alert) return;
  const refused = card.querySelector("[autofocus]");
  if (!refused) alert.tabIndex = -1;
  (refused ?? alert).focus();
}

function showDay(day) {
  const count = document.querySelector(".side-nav-link[aria-current] .num");
  const rows = day.querySelectorAll(".call-row").length;
  if (count && !new URLSearchParams(location.search).has("kind")) count.textContent = rows || "";
  const first = matchMedia(PHONE).matches ? day.querySelector("#card h2 a") : chosenRow()?.querySelector(".call-row-name");
  first?.focus({ preventScroll: true });
  showRow();
}

// The list scrolls by itself: the row whose card is open has to be in its window, and the page stays where it is.
function showRow(row = chosenRow()) {
  const list = document.getElementById("list");
  if (!list || !row) return;
  const [seen, wanted] = [list.getBoundingClientRect(), row.getBoundingClientRect()];
  const bottom = Math.min(seen.bottom, window.innerHeight);
  if (wanted.top < seen.top || wanted.bottom > bottom) list.scrollTop += wanted.top - seen.top - list.clientHeight / 3;
}

showRow();
