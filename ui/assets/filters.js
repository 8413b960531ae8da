// Runs once, as the code of the filters above the question. The value is what a link has of them: "?f=source:Elbwarte",
// "?" if none is on. Before it is set it is empty.
// What the server says about filters is other people's text, which reaches the page through textContent only.

const { aq } = window;
const { _, ngettext, address } = aq;
const find = (name) => element.querySelector(`.aq-${name}`);
const [opener, panel, chips, said, kinds] =
  ["filter-open", "filter-panel", "chips", "filter-said", "kinds"].map(find);
const MOST = 50;
// The filters that are on, as [name, value], and what the server has said of them.
let on = [];
let view = null;
let requests = 0;

opener.textContent = _("Filters");
chips.ariaLabel = _("Filters that are on");
panel.ariaLabel = _("Filters");
element.querySelector("section").ariaLabel = _("Filters");
find("filter-none").textContent = _("Remove all filters");
find("filter-close").textContent = _("Close");

function node(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

const isSame = ([name, value], [otherName, otherValue]) => name === otherName && value === otherValue;

function pairsOf(link) {
  const given = new URLSearchParams(link.replace(/^[^?]*/, "")).getAll("f");
  return given.filter((pair) => pair.includes(":")).map((pair) => [pair.slice(0, pair.indexOf(":")), pair.slice(pair.indexOf(":") + 1)]);
}

function linkOf(pairs) {
  const fields = new URLSearchParams(pairs.map((pair) => ["f", pair.join(":")]));
  return `?${fields}`;
}

// Asks what filters let through; the newest question counts.
async function look(link, kind = "", typed = "") {
  requests += 1;
  const request = requests;
  const headers = { "Content-Type": "application/json" };
  const body = JSON.stringify({ filters: link, kind, typed });
  const reply = await fetch("/filters", { method: "POST", headers, body }).catch(() => null);
  const found = reply?.ok ? await reply.json().catch(() => null) : null;
  if (request !== requests) return null;
  if (!found) say([_("The filters could not be loaded; the terminal that runs article-qa may say why.")]);
  return found;
}

// What cannot be is left out and said to be; what was typed as days stays, to be put right. A question waits until
// that is known, so that it is limited to what the chips show.
function choose(pairs) {
  const known = settle(pairs);
  aq.filtering = known;
  return known.finally(() => {
    if (aq.filtering === known) aq.filtering = null;
  });
}

async function settle(pairs) {
  set(pairs.slice(0, MOST));
  const found = await look(linkOf(on));
  if (!found) return;
  say(found.messages);
  view = found;
  set(pairsOf(found.link));
  draw({ keepDays: found.messages.length > 0 });
}

// At once, so that a question asked now is limited to it.
function set(pairs) {
  const isOther = linkOf(pairs) !== linkOf(on);
  on = pairs;
  const link = linkOf(on);
  if (props.value !== link) props.value = link;
  address.put({ filters: on });
  if (isOther) document.dispatchEvent(new CustomEvent("aq-filtered"));
  if (on.length) return;
  if (chips.contains(document.activeElement)) opener.focus();
  chips.replaceChildren();
}

function say(messages) {
  said.textContent = messages.join(" ");
}

function draw(how) {
  drawChips();
  if (!panel.hidden) drawKinds(how);
}

function drawChips() {
  // Which one has the focus.
  const at = [...chips.children].findIndex((item) => item.contains(document.activeElement));
  chips.replaceChildren(...(view?.chips ?? []).map(chip));
  if (at >= 0) (chips.children[Math.min(at, chips.children.length - 1)]?.firstChild ?? opener).focus();
}

function chip({ name, value, kind, label, count }) {
  const item = node("li");
  const button = item.appendChild(node("button", "aq-chip"));
  button.type = "button";
  button.append(node("span", "aq-chip-kind", kind), " ");
  button.appendChild(node("span", "aq-chip-label", label)).dir = "auto";
  button.append(" ", node("span", "aq-chip-count", aq.number(count)));
  button.ariaLabel = ngettext(
    "Remove the filter {kind}: {value}, {n} article",
    "Remove the filter {kind}: {value}, {n} articles",
    count,
    { kind, value: label },
  );
  const remove = () => choose(on.filter((pair) => !isSame(pair, [name, value])));
  button.addEventListener("click", remove);
  button.addEventListener("keydown", (event) => ["Delete", "Backspace"].includes(event.key) && remove());
  return item;
}

function drawKinds({ keepDays = false } = {}) {
  const focused = panel.contains(document.activeElement) ? document.activeElement.dataset.place : null;
  const scrolled = Object.fromEntries([...kinds.querySelectorAll(".aq-options")].map((list) => [list.dataset.kind, list.scrollTop]));
  const boxes = Object.fromEntries([...kinds.querySelectorAll(".aq-find-value")].map((box) => [box.dataset.place, box]));
  const listed = view.kinds.filter(({ options, searchable }) => options.length || searchable);
  const typed = keepDays ? kinds.firstElementChild : null;
  if (!typed) kinds.replaceChildren(days());
  else while (kinds.lastElementChild !== typed) kinds.lastElementChild.remove();
  kinds.append(...listed.map((kind) => choices(kind, boxes)));
  for (const list of kinds.querySelectorAll(".aq-options")) list.scrollTop = scrolled[list.dataset.kind] ?? 0;
  find("filter-count").textContent = view.count;
  if (focused) [...panel.querySelectorAll("[data-place]")].find((each) => each.dataset.place === focused)?.focus();
}

function group(legend) {
  const made = node("fieldset");
  made.appendChild(node("legend", "", legend));
  return made;
}

function days() {
  const made = group(_("Published"));
  for (const [name, text] of [["since", _("From")], ["until", _("Until")]]) {
    const label = made.appendChild(node("label", "aq-day", text));
    const box = label.appendChild(node("input"));
    box.type = "date";
    box.dataset.place = name;
    [box.value, box.min, box.max] = [view.days[name], view.days.first, view.days.last];
    box.addEventListener("change", () => {
      // While a year is typed, it is one of the first centuries for a moment.
      if (box.value && box.value < "1000") return;
      const boxes = [...made.querySelectorAll("input")].filter(({ value }) => value >= "1000");
      const others = on.filter(([other]) => !["since", "until"].includes(other));
      choose([...boxes.map((each) => [each.dataset.place, each.value]), ...others]);
    });
  }
  return made;
}

function choices({ name, label, options, more, searchable }, boxes) {
  const made = group(label);
  const place = `find ${name}`;
  if (searchable) made.append(boxes[place] ?? finder(name, label, place));
  const list = made.appendChild(node("div", "aq-options"));
  list.dataset.kind = name;
  list.append(...options.map((option) => choice(name, option)));
  if (more) list.append(node("p", "aq-more", more));
  return made;
}

function finder(name, label, place) {
  const box = node("input", "aq-find-value");
  box.type = "search";
  box.dataset.place = place;
  box.placeholder = _("Find");
  box.ariaLabel = _("Find in {kind}", { kind: label });
  let waiting = 0;
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const found = await look(linkOf(on), name, box.value);
      if (!found) return;
      view = found;
      drawKinds();
    }, 150);
  });
  return box;
}

function choice(name, { value, label, count, on: chosen }) {
  const made = node("label", "aq-option");
  const box = made.appendChild(node("input"));
  box.type = "checkbox";
  box.checked = chosen;
  box.dataset.place = `${name} ${value}`;
  made.appendChild(node("span", "aq-option-label", label)).dir = "auto";
  made.appendChild(node("span", "aq-option-count", count));
  box.addEventListener("change", () => {
    const others = on.filter((pair) => !isSame(pair, [name, value]));
    choose(box.checked ? [...others, [name, value]] : others);
  });
  return made;
}

async function open() {
  const found = await look(linkOf(on));
  if (!found) return;
  view = found;
  kinds.replaceChildren();
  panel.hidden = false;
  opener.ariaExpanded = "true";
  draw();
  (panel.querySelector("input:checked") ?? panel.querySelector("input"))?.focus();
}

function close() {
  panel.hidden = true;
  opener.ariaExpanded = "false";
}

opener.addEventListener("click", () => (panel.hidden ? open() : close()));
find("filter-close").addEventListener("click", () => {
  close();
  opener.focus();
});
find("filter-none").addEventListener("click", () => choose([]));
element.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || panel.hidden) return;
  event.stopPropagation();
  close();
  opener.focus();
});

// A question about all articles, instead of the one that was refused.
function askAll(button) {
  const question = button.closest(".aq-turn").querySelector(".aq-question")?.innerText;
  choose([]);
  if (question) document.dispatchEvent(new CustomEvent("aq-ask", { detail: { text: question } }));
}

document.addEventListener("click", (event) => {
  const target = event.target;
  if (!panel.hidden && target.isConnected && !element.contains(target)) close();
  if (target.closest?.(".aq-all")) askAll(target.closest(".aq-all"));
  // A new conversation begins with all articles.
  else if (target.closest?.("#aq-new")) choose([]);
});
watch("value", () => {
  // Gradio sets what it began with once more.
  if (!props.value) set(on);
  // Another conversation has its own.
  else if (props.value !== linkOf(on)) choose(pairsOf(props.value));
});
document.addEventListener("aq-moved", () => {
  const link = linkOf(pairsOf(location.search));
  // Another conversation comes with its own.
  if (link !== linkOf(on)) choose(pairsOf(link));
});
if (pairsOf(location.search).length) choose(pairsOf(location.search));
