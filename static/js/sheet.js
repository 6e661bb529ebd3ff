// A planning document like a sheet: arrows move, typing or Enter or F2 opens a cell, leaving it saves it. What could not be sent
// stays in this browser and is sent again; what somebody else wrote meanwhile is shown beside one's own text.
// Without this script each row's number leads to a form.

const RETRY_SECONDS = 10;
const sheet = document.querySelector("[data-sheet]");
const print = document.querySelector("[data-print]");

if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
if (sheet) start();

function start() {
  const store = `innendienst-sheet:${sheet.dataset.sheetKey}`;
  const token = document.querySelector("#plan-act [name=csrfmiddlewaretoken]").value;

  sheet.addEventListener("dblclick", (event) => open(event.target.closest("[data-cell]")));
  sheet.addEventListener("click", (event) => {
    const choice = event.target.closest("[data-keep]");
    if (choice) decide(choice);
    else if (event.target.matches("[data-cell]")) open(event.target);
  });
  sheet.addEventListener("keydown", (event) => {
    if (event.target.matches(".plan-editor")) inEditor(event);
    else if (event.target.matches("[data-cell]")) onCell(event);
  });
  sheet.addEventListener("focusout", (event) => {
    if (event.target.matches(".plan-editor")) close(event.target, true);
  });
  document.addEventListener("paste", onPaste);
  window.addEventListener("online", sendWaiting);
  setInterval(sendWaiting, RETRY_SECONDS * 1000);
  restore();

  function onCell(event) {
    const cell = event.target;
    const step = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
    if (event.altKey || event.metaKey || (event.ctrlKey && !step)) return;
    if (step) {
      event.preventDefault();
      go(cell, ...step);
    } else if (event.key === "Enter" || event.key === "F2") {
      event.preventDefault();
      open(cell);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      save(cell, "");
    } else if (event.key.length === 1) {
      const editor = open(cell, "");
      if (editor?.matches("select")) return; // the browser finds the choice by its letter
    }
  }

  function inEditor(event) {
    const editor = event.target;
    const cell = editor.closest("[data-cell]");
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      close(editor, false);
      cell.focus();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      close(editor, true);
      go(cell, 0, 1);
    } else if (event.key === "Tab") {
      event.preventDefault();
      close(editor, true);
      go(cell, event.shiftKey ? -1 : 1, 0, true);
    }
  }

  // Into a cell that is not open nothing is pasted: what stands there would be gone with one key.
  function onPaste(event) {
    if (!event.target.closest?.("input, textarea, select")) tell(sheet.dataset.notPasted);
  }

  // The next free cell in a direction; at the end of a row on to the next one where asked.
  function go(cell, across, down, wraps = false) {
    let row = cell.parentElement;
    const column = cell.cellIndex;
    if (down) {
      do row = down > 0 ? row.nextElementSibling : row.previousElementSibling;
      while (row && !row.cells[column]?.matches("[data-cell]"));
      (row ? row.cells[column] : cell).focus();
      return;
    }
    const cells = [...(wraps ? sheet : row).querySelectorAll("[data-cell]")];
    (cells[cells.indexOf(cell) + across] ?? cell).focus();
  }

  function open(cell, text) {
    if (!cell) return null;
    cell.querySelector(".plan-note:not(:has([data-keep]))")?.remove();
    if (cell.querySelector(".plan-editor, .plan-note")) return null;
    const section = cell.closest(".plan-section").id.replace("section-", "");
    const options = sheet.querySelector(`[data-options="${section}:${cell.dataset.cell}"]`);
    const editor = options ? options.content.firstElementChild.cloneNode(true) : document.createElement("textarea");
    editor.className = "plan-editor";
    editor.setAttribute("aria-label", cell.closest("table").tHead.rows[0].cells[cell.cellIndex].textContent);
    if (!options) editor.rows = 1;
    cell.dataset.text = cell.innerText;
    editor.value = text === undefined || options ? cell.dataset.typed : text;
    cell.replaceChildren(editor);
    editor.focus();
    if (told() === sheet.dataset.notPasted) tell("");
    return editor;
  }

  function close(editor, isKept) {
    const cell = editor.closest("[data-cell]");
    if (!cell) return;
    const value = editor.value;
    show(cell, cell.dataset.text);
    if (isKept && value.trim() !== cell.dataset.typed.trim()) save(cell, value);
  }

  // Words are put in as text, line by line, so that nothing typed becomes markup.
  function show(cell, text) {
    const lines = text.split("\n").flatMap((line, index) => (index ? [document.createElement("br"), line] : [line]));
    cell.replaceChildren(...lines);
  }

  function name(cell) {
    return `${cell.dataset.row}:${cell.dataset.cell}`;
  }

  function waiting() {
    try {
      return JSON.parse(localStorage.getItem(store)) ?? {};
    } catch {
      return {};
    }
  }

  function remember(cell, value) {
    const all = waiting();
    if (value === null) delete all[name(cell)];
    else all[name(cell)] = { value, version: cell.dataset.version };
    try {
      localStorage.setItem(store, JSON.stringify(all));
    } catch {
      // A full or forbidden store takes away the safety net, not the sheet.
    }
  }

  function save(cell, value) {
    remember(cell, value);
    mark(cell, "is-waiting");
    const editor = sheet.querySelector(`template[data-options$=":${cell.dataset.cell}"]`);
    const label = editor ? [...editor.content.querySelectorAll("option")].find((option) => option.value === value)?.textContent : null;
    show(cell, label ?? value);
    send(cell, value);
  }

  async function send(cell, value) {
    if (cell.dataset.sending) return; // what was typed meanwhile is waiting and goes after it
    cell.dataset.sending = "1";
    const data = new URLSearchParams({ row: cell.dataset.row, column: cell.dataset.cell, value, version: cell.dataset.version });
    let answer;
    try {
      answer = await fetch(sheet.dataset.sheet, { method: "POST", body: data, headers: { "X-CSRFToken": token } });
    } catch {
      delete cell.dataset.sending;
      tell(sheet.dataset.failed);
      return;
    }
    delete cell.dataset.sending;
    const html = await answer.text();
    if (answer.status === 200) took(cell, value, html);
    else if (answer.status === 409 || answer.status === 422) refused(cell, value, html, answer.status);
    else tell(sheet.dataset.failed);
  }

  function took(cell, value, html) {
    const fresh = parse(`<table><tbody><tr>${html}</tr></tbody></table>`).querySelector("td");
    const later = waiting()[name(cell)];
    for (const key of ["version", "typed"]) cell.dataset[key] = fresh.dataset[key];
    cell.title = fresh.title;
    if (later && later.value !== value) {
      remember(cell, later.value);
      send(cell, later.value);
      return;
    }
    remember(cell, null);
    tell("");
    if (!cell.querySelector(".plan-editor")) cell.replaceChildren(...fresh.childNodes);
    else cell.dataset.text = fresh.innerText;
    mark(cell, "is-saved");
  }

  function refused(cell, value, html, status) {
    const note = parse(html).querySelector(".plan-note");
    note.dataset.mine = value;
    show(cell, value);
    cell.append(note);
    mark(cell, "is-refused");
    if (status === 422) {
      remember(cell, null);
      cell.dataset.typed = value;
    }
    note.addEventListener("keydown", (event) => event.stopPropagation());
    if (status === 422) note.addEventListener("click", (event) => (event.stopPropagation(), open(cell)));
  }

  // Two texts for one cell: one's own over the other's, or not.
  function decide(button) {
    const note = button.closest(".plan-note");
    const cell = note.closest("[data-cell]");
    cell.dataset.version = note.dataset.version;
    cell.dataset.typed = note.dataset.typed;
    note.remove();
    if (button.dataset.keep === "mine") save(cell, note.dataset.mine);
    else {
      remember(cell, null);
      show(cell, note.dataset.text);
      mark(cell, "");
    }
    cell.focus();
  }

  function mark(cell, look) {
    cell.classList.remove("is-waiting", "is-saved", "is-refused");
    if (look) cell.classList.add(look);
  }

  function told() {
    return document.querySelector("[data-sheet-told]")?.textContent;
  }

  function tell(text) {
    const notices = document.getElementById("messages");
    notices.querySelector("[data-sheet-told]")?.remove();
    if (text) {
      const notice = document.createElement("div");
      notice.className = "notice notice--warn";
      notice.dataset.sheetTold = "";
      const said = document.createElement("p");
      said.textContent = text;
      notice.append(said);
      notices.append(notice);
    }
    notices.hidden = !notices.children.length;
  }

  function parse(html) {
    return new DOMParser().parseFromString(html, "text/html");
  }

  function cellOf(key) {
    const [row, column] = key.split(":");
    return sheet.querySelector(`[data-row="${CSS.escape(row)}"][data-cell="${CSS.escape(column)}"]`);
  }

  function sendWaiting() {
    for (const [key, { value }] of Object.entries(waiting())) {
      const cell = cellOf(key);
      if (cell && !cell.querySelector(".plan-note, .plan-editor")) send(cell, value);
    }
  }

  // After a reload: what was typed stands in its cell again, and is sent with the version it was typed over.
  function restore() {
    for (const [key, { value, version }] of Object.entries(waiting())) {
      const cell = cellOf(key);
      if (!cell) continue;
      cell.dataset.version = version;
      save(cell, value);
    }
  }
}
