// Keeps what is typed into a call form in this browser until the server has said that it is saved: through a reload, the end of
// the session, a lost connection. A draft belongs to one user and one customer (data-draft="user:customer") and keeps the form's
// one-time key, so that a call whose answer got lost is not saved twice. Undo forms name the key that was saved (?key=…).

const PREFIX = "innendienst-draft:";
const KEPT_DAYS = 14;
const RETRY_SECONDS = 15;
const WORTH_A_WORD = ["outcome", "note", "complaint_title"];
const NOT_TYPED = ["csrfmiddlewaretoken", "customer", "gate", "back", "kind", "top", "reason"];

// Parts that open on a click, and the field that tells that a draft had one open.
const PARTS = { "call-needs": "need", "call-handover": "handover-criteria" };

const callForm = () => document.querySelector("[data-call-form]");
const storeName = (form) => PREFIX + form.dataset.draft;
const isTyped = (name) => name && !NOT_TYPED.includes(name) && !name.endsWith("-version");
let waiting = null;

function readDraft(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

function keep(form) {
  const fields = [...new FormData(form)].filter(([name]) => isTyped(name));
  try {
    localStorage.setItem(storeName(form), JSON.stringify({ at: Date.now(), fields }));
  } catch {
    // A full or forbidden store takes away the safety net, not the form.
  }
}

function fill(form, fields) {
  for (const [name, value] of fields) {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field.type === "radio") field.checked = field.value === value;
      else if (field.type === "checkbox") field.checked = field.checked || field.value === value;
      else field.value = value;
    }
  }
}

// A form that came back from the server, or after an undo, already holds the text.
const isEmpty = (form) => !form.querySelector("[name=outcome]:checked") && form.querySelector("[name=note]").value === "";

function restore(form) {
  const draft = readDraft(storeName(form));
  if (!draft || !isEmpty(form)) return;
  fill(form, draft.fields);
  for (const [part, name] of Object.entries(PARTS)) if (draft.fields.some(([field]) => field === name)) openPart(form, part, draft.fields);
  // A form sent empty is kept as well, for its key; of that there is nothing to tell.
  form.querySelector("[data-draft-note]").hidden = !draft.fields.some(([name, value]) => WORTH_A_WORD.includes(name) && value);
}

// What was typed into a part is filled in once the part is there.
function openPart(form, part, fields) {
  const link = form.querySelector(`#${part} a[hx-get]`);
  if (!link) return;
  const arrived = (event) => {
    if (event.detail.target.id !== part) return;
    document.removeEventListener("htmx:afterSettle", arrived);
    fill(form, fields);
  };
  document.addEventListener("htmx:afterSettle", arrived);
  // Not by a click: the page may be so young that the link would still lead away from it.
  window.htmx.ajax("GET", link.getAttribute("hx-get"), { target: `#${part}`, swap: "outerHTML" });
}

function discard(form) {
  localStorage.removeItem(storeName(form));
  window.location.reload();
}

function forgetSaved() {
  const saved = [...document.querySelectorAll('form[action*="key="]')].map((form) => new URL(form.action).searchParams.get("key"));
  for (const name of Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))) {
    const draft = readDraft(name);
    const key = draft?.fields.find(([field]) => field === "key")?.[1];
    const isOld = !draft || Date.now() - draft.at > KEPT_DAYS * 24 * 3600 * 1000;
    if (isOld || saved.includes(key)) localStorage.removeItem(name);
  }
}

function say(form, reason) {
  for (const notice of form.querySelectorAll("[data-unsaved]")) notice.hidden = notice.dataset.unsaved !== reason;
}

function sendLater(form) {
  say(form, "offline");
  clearTimeout(waiting);
  waiting = setTimeout(() => sendAgain(form), RETRY_SECONDS * 1000);
}

function sendAgain(form) {
  clearTimeout(waiting);
  waiting = null;
  if (form.isConnected) form.requestSubmit();
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-call-form]");
  if (form) keep(form);
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-draft-discard]")) discard(event.target.closest("[data-call-form]"));
});

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target.closest("[data-call-form]");
    if (!form) return;
    keep(form);
    if (navigator.onLine) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    sendLater(form);
  },
  true,
);

window.addEventListener("online", () => {
  if (waiting !== null && callForm()) sendAgain(callForm());
});

document.addEventListener("htmx:sendError", (event) => {
  const form = event.target.closest("[data-call-form]");
  if (form) sendLater(form);
});

document.addEventListener("htmx:responseError", (event) => {
  const form = event.target.closest("[data-call-form]");
  if (form) say(form, event.detail.xhr.status === 403 ? "refused" : "server");
});

document.addEventListener("htmx:load", () => start());

function start() {
  forgetSaved();
  if (callForm() && !callForm().dataset.isReady) {
    callForm().dataset.isReady = "true";
    restore(callForm());
  }
}

start();
