// Runs once, as the code of the conversation's gr.HTML. Its value is {since, turns}: the turns from number `since` on,
// as HTML that the server has escaped. Only these are touched, so a long conversation stays quick.

const { _ } = window.aq;
const log = element.querySelector(".aq-log");
const chat = document.getElementById("aq-chat");
const shown = [];
// The same height as in small.css: below it the whole page scrolls, instead of the conversation.
const low = window.matchMedia("(max-height: 30rem)");
log.ariaLabel = _("Questions and answers");

const alike = (one, other) =>
  one.nodeName === other.nodeName && one.classList?.[0] === other.classList?.[0];

// Makes `old` what `made` is by changing only what differs: a link keeps the focus and a selection stays.
function become(old, made) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== made.data) old.data = made.data;
    return;
  }
  for (const { name, value } of made.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  for (const { name } of [...old.attributes]) if (!made.hasAttribute(name)) old.removeAttribute(name);
  let at = old.firstChild;
  for (const child of [...made.childNodes]) {
    let same = at;
    while (same && !alike(same, child)) same = same.nextSibling;
    if (!same) {
      old.insertBefore(child, at);
      continue;
    }
    while (at !== same) {
      at = at.nextSibling;
      at.previousSibling.remove();
    }
    at = same.nextSibling;
    become(same, child);
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

const questionIn = (turn) => turn.querySelector(".aq-question")?.innerHTML;

function put(number, html) {
  if (shown[number] === html) return;
  shown[number] = html;
  const made = document.createElement("div");
  made.className = "aq-turn";
  made.innerHTML = html;
  const old = log.children[number];
  // The turn of another conversation is another turn.
  if (old && questionIn(old) !== questionIn(made)) old.replaceWith(made);
  else if (old) become(old, made);
  else log.append(made);
}

function show() {
  const { since, turns } = props.value || { since: 0, turns: [] };
  // A conversation that has been left may still send a last word.
  if (since > shown.length) return;
  const before = shown.length;
  turns.forEach((html, number) => put(since + number, html));
  const count = since + turns.length;
  shown.length = count;
  while (log.children.length > count) log.lastChild.remove();
  chat.toggleAttribute("data-asked", count > 0);
  const growing = log.lastElementChild?.querySelector(".aq-growing") ?? null;
  chat.toggleAttribute("data-growing", growing !== null);
  log.ariaBusy = growing ? "true" : "false";
  if (count > before) follow(growing !== null);
  document.dispatchEvent(new CustomEvent("aq-shown", { detail: { turn: log.lastElementChild, growing } }));
}

// A new question stands at the top, with room for its answer below it, which can then grow without moving anything.
function follow() {
  const turn = log.lastElementChild;
  if (low.matches) turn.scrollIntoView({ block: "start" });
  else log.scrollTop += turn.getBoundingClientRect().top - log.getBoundingClientRect().top;
}

watch("value", show);
