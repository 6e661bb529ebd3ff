// The search box while somebody types: arrow keys move through the hits, Escape closes them. Enter on a hit is its plain link,
// Ctrl+Enter the form for a call from this customer; in the box itself it means the first hit.

const box = document.querySelector(".top-search input");
const hits = document.querySelector(".search-hits");

function steps(from, by) {
  const stops = [box, ...hits.querySelectorAll("a.search-hit")];
  return stops[(stops.indexOf(from) + by + stops.length) % stops.length];
}

function close() {
  hits.replaceChildren();
}

function takeCall(focused) {
  const hit = focused === box ? hits.querySelector("[data-call-url]") : focused.closest("[data-call-url]");
  if (hit) location.assign(hit.dataset.callUrl);
  return Boolean(hit);
}

if (box && hits) {
  box.form.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && hits.hasChildNodes()) {
      close();
      box.focus();
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && takeCall(document.activeElement)) event.preventDefault();
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    steps(document.activeElement, event.key === "ArrowDown" ? 1 : -1).focus();
  });
  document.addEventListener("click", (event) => {
    if (!box.form.contains(event.target)) close();
  });
}
