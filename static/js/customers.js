// Conveniences of the customer list: all rows at once and how many are chosen, Enter in its bar, and addresses without empty filters. The list works without them.

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

document.addEventListener("htmx:configRequest", (event) => {
  if (!event.target.matches("[data-short-address]")) return;
  const parameters = event.detail.parameters;
  for (const name of Object.keys(parameters)) if (parameters[name] === "") delete parameters[name];
});

showChooser(document);
document.addEventListener("htmx:load", (event) => showChooser(event.detail.elt));
