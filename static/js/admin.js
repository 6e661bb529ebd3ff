// What the stock administration leaves without a name gets one, so that its forms can be used by ear: boxes that search, the two
// fields of a date with its time, and the empty head of a table's first column.

const textOf = (element) => element?.textContent.trim().replace(/:$/, "") ?? "";

function nameOf(field) {
  return textOf(field.labels?.[0] ?? field.closest(".form-row, fieldset")?.querySelector("label, legend"));
}

function nameSearchBoxes() {
  for (const box of document.querySelectorAll(".select2 :is([role=combobox], [role=textbox]):not([aria-label])")) {
    box.setAttribute("aria-label", nameOf(box.closest(".select2").previousElementSibling));
  }
}

for (const field of document.querySelectorAll(".datetime input:not([aria-label])")) {
  const part = textOf(field.previousSibling);
  field.setAttribute("aria-label", [nameOf(field), part].filter(Boolean).join(", "));
}

for (const head of document.querySelectorAll("thead th:empty")) {
  const cell = document.createElement("td");
  cell.className = head.className;
  head.replaceWith(cell);
}

// The search boxes come once the page is ready, and with each row that is added later.
new MutationObserver(nameSearchBoxes).observe(document.body, { childList: true, subtree: true });
