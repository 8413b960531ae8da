// Continues log.js: what happens in the answers while they grow and while they are read.

const { address, copy } = window.aq;

// Shows the quote that a number in the written text stands for.
const tip = document.body.appendChild(document.createElement("div"));
tip.className = "aq-tip";
tip.id = "aq-tip";
tip.role = "tooltip";
tip.hidden = true;
let tipped = null;
let leaving = 0;

function line(className, text) {
  const made = document.createElement("p");
  made.className = className;
  made.textContent = text;
  made.dir = "auto";
  return made;
}

function showTip(mark) {
  hideTip();
  const answer = mark.closest(".aq-answer");
  const of = (kind) => [...answer.querySelectorAll(kind)].find((link) => link.hash === mark.hash);
  const quote = of(".aq-quote a.aq-mark")?.closest(".aq-quote").querySelector(".aq-said");
  const entry = of("a.aq-entry");
  if (!quote || !entry) return;
  tip.replaceChildren(
    line("aq-said", quote.textContent),
    line("aq-title", entry.querySelector(".aq-title").textContent),
    line("aq-about", entry.parentElement.querySelector(".aq-about").textContent),
  );
  tip.hidden = false;
  tip.scrollTop = 0;
  mark.setAttribute("aria-describedby", tip.id);
  tipped = mark;
  putBeside(mark.getBoundingClientRect());
}

// Puts it below the number if there is room, so that the sentence before the number stays readable; always inside
// the window.
function putBeside(mark) {
  const [edge, gap] = [8, 6];
  const { offsetWidth: width, offsetHeight: height } = tip;
  const left = Math.min(mark.left + mark.width / 2 - width / 2, innerWidth - width - edge);
  const below = mark.bottom + gap;
  const top = below + height > innerHeight - edge ? mark.top - gap - height : below;
  tip.style.left = `${Math.max(left, edge)}px`;
  tip.style.top = `${Math.max(top, edge)}px`;
}

function hideTip() {
  clearTimeout(leaving);
  tipped?.removeAttribute("aria-describedby");
  tipped = null;
  tip.hidden = true;
}

// The pointer may move onto the quote, since long quotes scroll.
function leaveTip() {
  clearTimeout(leaving);
  leaving = setTimeout(() => document.activeElement?.matches?.(".aq-mark:focus-visible") || hideTip(), 150);
}

const markOf = (event) => event.target.closest?.(".aq-written a.aq-mark");

document.addEventListener("mouseover", (event) => {
  const mark = markOf(event);
  if (mark && mark === tipped) clearTimeout(leaving);
  else if (mark) showTip(mark);
  else if (tip.contains(event.target)) clearTimeout(leaving);
  else if (tipped) leaveTip();
});
document.addEventListener("focusin", (event) => {
  const mark = markOf(event);
  // A click opens the article, and the quote would be in the way.
  if (mark?.matches(":focus-visible")) showTip(mark);
});
document.addEventListener("focusout", (event) => markOf(event) && hideTip());
document.addEventListener("click", hideTip);
document.addEventListener("keydown", (event) => event.key === "Escape" && hideTip());
document.addEventListener("scroll", ({ target }) => target !== tip && hideTip(), true);
window.addEventListener("resize", hideTip);

// A screen reader hears what an answer waits for, and the answer once it is complete.
const heard = document.body.appendChild(document.createElement("p"));
heard.className = "aq-heard";
heard.role = "status";

const narrow = window.matchMedia("(max-width: 860px)");
let opened = null;

// If there is no quote, the closest passage; none in an answer that grows, and none where nothing was found.
function firstOf(turn, growing) {
  const closest = growing ? null : turn?.querySelector(".aq-further a.aq-source");
  return turn?.querySelector(".aq-quotes a.aq-mark") ?? closest;
}

// The first source opens beside the answer by itself, once. On a phone it would cover the answer. What an earlier answer
// opened does not stay beside one that has no source.
function offer(turn, growing) {
  const first = firstOf(turn, growing);
  if (!turn || narrow.matches || (growing && !first)) return;
  opened = turn;
  const detail = { hash: first?.hash ?? "", focus: false };
  (first ?? turn).dispatchEvent(new CustomEvent("aq-open", { bubbles: true, detail }));
}

document.addEventListener("aq-shown", ({ detail: { turn, growing } }) => {
  const doing = growing?.querySelector(".aq-status").textContent ?? "";
  if (heard.textContent !== doing) heard.textContent = doing;
  if (tipped && !tipped.isConnected) hideTip();
  if (turn !== opened) offer(turn, growing);
});
// Nothing else is to be shown there: on the way back, or in a conversation that is opened.
document.addEventListener("aq-first", () => offer(log.lastElementChild, null));

// What can be done with an answer, and what may be asked next.
// `before` is how many turns a question may refer to; without it, all.
const say = (name, text, before) => document.dispatchEvent(new CustomEvent(name, { detail: { text, before } }));
const questionOf = (turn) => turn.querySelector(".aq-question")?.innerText ?? "";
const before = (turn) => turn.asBefore ?? [...log.children].indexOf(turn);

const textOf = (part) => part.textContent;

const acts = {
  "aq-copy": (button, turn) => copy(button, [...turn.querySelectorAll(".aq-copied span")].map(textOf).join("\n"), heard),
  "aq-link": (button) => copy(button, address.whole(button.dataset.link), heard),
  "aq-again": (button, turn) => say("aq-ask", questionOf(turn), before(turn)),
  "aq-edit": (button, turn) => say("aq-write", questionOf(turn), before(turn)),
  "aq-elsewhere": (button, turn) => say("aq-write", turn.querySelector(".aq-searched").textContent, 0),
  // It was tried without a conversation before it.
  "aq-ask": (button) => say("aq-ask", button.textContent, 0),
};

chat.addEventListener("click", (event) => {
  const button = event.target.closest(".aq-turn button");
  const act = button && acts[button.classList[0]];
  if (act) act(button, button.closest(".aq-turn"));
});
document.addEventListener("aq-leave", () => (opened = null));

// The keyboard: / to the question; up from an empty question to the last answer's sources, up and down through
// them, Escape back to the question; Escape there stops an answer.
const box = () => document.querySelector("#aq-input textarea");
const isPlain = (event) => !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;

function step(link, by) {
  const links = [...link.closest(".aq-turn").querySelectorAll("a.aq-source")];
  const next = links[links.indexOf(link) + by];
  if (next) next.focus();
  else if (by > 0) box().focus();
}

function onKey(event) {
  const at = event.target;
  const link = at.closest?.(".aq-turn a.aq-source");
  const isTyping = at.matches?.("input, textarea, select, [contenteditable]");
  const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (!isPlain(event) || event.defaultPrevented) return;
  if (event.key === "/" && !isTyping) box()?.focus();
  else if (link && by) step(link, by);
  else if (event.key === "ArrowUp" && at === box() && !at.value) {
    log.lastElementChild?.querySelector("a.aq-source")?.focus();
  } else if (event.key === "Escape" && at === box() && chat.hasAttribute("data-growing")) {
    document.querySelector("#aq-input .stop-button").click();
  } else if (event.key === "Escape" && at.closest?.(".aq-log")) box().focus();
  else return;
  event.preventDefault();
}

document.addEventListener("keydown", onKey);
document.addEventListener("click", (event) => event.target.closest?.(".stop-button") && box().focus());
show();
