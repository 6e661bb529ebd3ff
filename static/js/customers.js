// Conveniences of the customer list: all rows at once and how many are chosen, Enter in its bar, what was refused once more, and addresses without empty filters. The list works without them.

function showChooser(root) {
  for (const box of root.querySelectorAll("[data-choose-all]")) box.hidden = false;
}

document.addEventListener("change", (event) => {
  const rows = event.target.closest("[data-choose-rows]");
  if (!rows) return;
  const boxes = [...rows.querySelectorAll("input[name=chosen]")];
  if (event.target.matches("[data-choose-all]")) for (const box of boxes) box.checked = event.target.checked;
  const count = rows.querySelector("[data-chosen-count]");
  if (count) count.textContent = `${boxes.filter((box) => box.checked).length} ${count.dataset.chosenCount}`;
});

// Enter in a field of the bar does what the button after it says; by itself a browser presses the first button of the form.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches(".bulk input:not([type=checkbox])")) return;
  event.preventDefault();
  let after = event.target;
  do after = after.nextElementSibling; while (after && !after.matches("button"));
  after?.click();
});

// An act that is refused brings the list back: what was ticked and typed for it stands there again.
const SENT = "customers-sent";
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-choose-rows]")) sessionStorage.setItem(SENT, JSON.stringify([...new FormData(event.target)]));
});

function bringBack(form, sent) {
  for (const [name, value] of sent) {
    const box = form.querySelector(`[type=checkbox][name="${name}"][value="${CSS.escape(value)}"]`);
    const field = form.querySelector(`.bulk [name="${name}"]:not([type=checkbox], button)`);
    if (box) box.checked = true;
    else if (field) field.value = value;
  }
  form.querySelector("input:checked")?.dispatchEvent(new Event("change", { bubbles: true }));
}

const sent = sessionStorage.getItem(SENT);
sessionStorage.removeItem(SENT);
const form = document.querySelector("[data-choose-rows]");
if (sent && form && document.querySelector("#messages .notice--bad")) bringBack(form, JSON.parse(sent));

document.addEventListener("htmx:configRequest", (event) => {
  if (!event.target.matches("[data-short-address]")) return;
  const parameters = event.detail.parameters;
  for (const name of Object.keys(parameters)) if (parameters[name] === "") delete parameters[name];
});

showChooser(document);
document.addEventListener("htmx:load", (event) => showChooser(event.detail.elt));
