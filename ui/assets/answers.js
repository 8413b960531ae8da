// Continues log.js: what happens in the answers while they grow and while they are read.

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
chat.addEventListener("scroll", hideTip, true);
window.addEventListener("resize", hideTip);

// A screen reader hears what an answer waits for, and the answer once it is complete.
const heard = document.body.appendChild(document.createElement("p"));
heard.className = "aq-heard";
heard.role = "status";

const narrow = window.matchMedia("(max-width: 860px)");
let opened = null;

document.addEventListener("aq-shown", ({ detail: { turn, growing } }) => {
  const doing = growing?.querySelector(".aq-status").textContent ?? "";
  if (heard.textContent !== doing) heard.textContent = doing;
  if (tipped && !tipped.isConnected) hideTip();
  // The first source opens beside the answer by itself, once. On a phone it would cover the answer.
  const first = turn?.querySelector(".aq-quotes a.aq-mark");
  if (first && turn !== opened && !narrow.matches) {
    opened = turn;
    const detail = { hash: first.hash, focus: false };
    first.dispatchEvent(new CustomEvent("aq-open", { bubbles: true, detail }));
  }
});
document.addEventListener("aq-leave", () => (opened = null));
document.addEventListener("click", (event) => {
  if (event.target.closest?.(".stop-button")) document.querySelector("#aq-input textarea").focus();
});
show();
