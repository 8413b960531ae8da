// Continues page.js: what happens in the answers while they grow and while they are read.
// Gradio replaces a message whenever it grows, so a place in it is known by numbers, not by its element.

const PARTS = [".aq-written", ".aq-quotes", ".aq-sources"];
// It does not exist before the page is complete.
const log = () => chat.querySelector("[role=log]");

// A place is an answer, a part of it and a link in that; parts only grow at their ends.
function placeOf(link) {
  const answers = [...document.querySelectorAll(".aq-answer")];
  const part = PARTS.find((name) => link.closest(name));
  const nth = [...(link.closest(part)?.querySelectorAll("a.aq-source") ?? [])].indexOf(link);
  return { answer: answers.indexOf(link.closest(".aq-answer")), part, nth };
}

const linkAt = ({ answer, part, nth }) =>
  document.querySelectorAll(".aq-answer")[answer]?.querySelectorAll(`${part} a.aq-source`)[nth];

// Shows the quote that a number in the written text stands for.
const tip = document.body.appendChild(node("div", "aq-tip"));
tip.id = "aq-tip";
tip.role = "tooltip";
tip.hidden = true;
let tipped = null;
let leaving = 0;

function showTip(mark) {
  clearTimeout(leaving);
  const answer = mark.closest(".aq-answer");
  const of = (kind) => [...answer.querySelectorAll(kind)].find((link) => link.hash === mark.hash);
  const quote = of(".aq-quote a.aq-mark")?.closest(".aq-quote").querySelector(".aq-said");
  const entry = of("a.aq-entry");
  if (!quote || !entry) return hideTip();
  const said = node("p", "aq-said", quote.textContent);
  const title = node("p", "aq-title", entry.querySelector(".aq-title").textContent);
  const about = node("p", "aq-about", entry.parentElement.querySelector(".aq-about").textContent);
  for (const part of [said, title, about]) part.dir = "auto";
  tip.replaceChildren(said, title, about);
  tip.hidden = false;
  tip.scrollTop = 0;
  mark.setAttribute("aria-describedby", tip.id);
  tipped = placeOf(mark);
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
  if (tipped) linkAt(tipped)?.removeAttribute("aria-describedby");
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
  if (mark) showTip(mark);
  else if (tip.contains(event.target)) clearTimeout(leaving);
  else if (tipped) leaveTip();
});
document.addEventListener("focusin", (event) => {
  const mark = markOf(event);
  // A click opens the article, and the quote would be in the way.
  if (mark?.matches(":focus-visible")) showTip(mark);
});
document.addEventListener("focusout", (event) => {
  if (markOf(event)?.isConnected) hideTip();
});
document.addEventListener("click", hideTip);
document.addEventListener("keydown", (event) => event.key === "Escape" && hideTip());
chat.addEventListener("scroll", hideTip, true);
window.addEventListener("resize", hideTip);

// The link that has the focus keeps it when its message is replaced.
let focused = null;
chat.addEventListener("focusin", (event) => {
  const link = event.target.closest("a.aq-source");
  focused = link && placeOf(link);
});
chat.addEventListener("focusout", (event) => {
  if (event.target.isConnected) focused = null;
});

// The newest question stays at the top while its answer grows below, until the reader scrolls.
let followed = 0;
let scrolled = 0;

function follow() {
  const questions = document.querySelectorAll(".aq-question");
  const frame = log();
  if (questions.length !== followed) {
    followed = questions.length;
    scrolled = frame.scrollTop;
  }
  if (!followed || frame.scrollTop !== scrolled) return;
  const row = questions[followed - 1].closest(".message-row");
  frame.scrollTop += row.getBoundingClientRect().top - frame.getBoundingClientRect().top - 12;
  scrolled = frame.scrollTop;
}

// A screen reader hears what an answer waits for, and the answer once it is complete.
const heard = document.body.appendChild(node("p", "aq-heard"));
heard.role = "status";

function tell() {
  const growing = chat.querySelector(".aq-growing");
  if (log()) log().ariaBusy = growing ? "true" : "false";
  const doing = growing?.querySelector(".aq-status").textContent ?? "";
  if (heard.textContent !== doing) heard.textContent = doing;
}

function grown() {
  tell();
  follow();
  if (focused && document.activeElement === document.body) linkAt(focused)?.focus({ preventScroll: true });
  if (!tipped) return;
  const mark = linkAt(tipped);
  if (mark) showTip(mark);
  else hideTip();
}

new MutationObserver(grown).observe(chat, { subtree: true, childList: true, characterData: true });
document.addEventListener("click", (event) => event.target.closest?.(".stop-button") && box().focus());
