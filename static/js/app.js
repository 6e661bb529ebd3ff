// The frame's conveniences; every page works without them.
// "/" goes to the search, Escape or a click elsewhere closes a menu, a menu without room below opens upwards, [data-gone-after="10"] disappears after so many seconds,
// [data-submit-on-change] sends its form when a choice is made.

const isTyping = (target) => target.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]") !== null;

document.addEventListener("keydown", (event) => {
  const search = document.querySelector(".top-search input");
  if (event.key === "/" && search && !isTyping(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    search.focus();
    search.select();
  }
  if (event.key === "Escape") closeMenus(event.target.closest(".menu"));
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

function closeMenus(menu) {
  if (!menu?.open) return;
  menu.open = false;
  menu.querySelector("summary").focus();
}

document.addEventListener(
  "toggle",
  (event) => {
    const menu = event.target;
    if (!menu.matches(".menu")) return;
    menu.classList.remove("opens-up");
    menu.classList.toggle("opens-up", menu.open && hasNoRoomBelow(menu));
  },
  true,
);

// The room ends where the window does, a list that scrolls by itself, or the bar at the bottom of a phone.
function hasNoRoomBelow(menu) {
  const items = menu.querySelector(".menu-items").getBoundingClientRect();
  const list = menu.closest("#list")?.getBoundingClientRect();
  const bar = document.querySelector(".side-nav")?.getBoundingClientRect().top || window.innerHeight;
  const [top, bottom] = [Math.max(0, list?.top ?? 0), Math.min(window.innerHeight, list?.bottom ?? window.innerHeight, bar)];
  return items.bottom > bottom && menu.getBoundingClientRect().top - items.height > top;
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
});

function startClocks(root) {
  for (const element of root.querySelectorAll("[data-gone-after]")) {
    setTimeout(() => element.remove(), Number(element.dataset.goneAfter) * 1000);
  }
}

startClocks(document);
document.addEventListener("htmx:load", (event) => startClocks(event.detail.elt));
