// Conveniences of the customer list: all rows at once, and addresses without empty filters. The list works without them.

function showChooser(root) {
  for (const box of root.querySelectorAll("[data-choose-all]")) box.hidden = false;
}

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-choose-all]")) return;
  for (const box of event.target.closest("[data-choose-rows]").querySelectorAll("input[name=chosen]")) box.checked = event.target.checked;
});

document.addEventListener("htmx:configRequest", (event) => {
  if (!event.target.matches("[data-short-address]")) return;
  const parameters = event.detail.parameters;
  for (const name of Object.keys(parameters)) if (parameters[name] === "") delete parameters[name];
});

showChooser(document);
document.addEventListener("htmx:load", (event) => showChooser(event.detail.elt));
