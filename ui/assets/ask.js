// Runs once, as the code of the questions that wait, above the question box. Its value is the question that is asked.
// Every question goes through here: one that comes while an answer grows is asked when that has ended.
// A question is {text, before}: `before` is how many turns it may refer to; null is all of them.

const { _ } = window.aq;
const list = element.querySelector(".aq-waiting");
const waiting = [];
// The question whose answer is in progress, until Gradio says that it has ended.
let running = null;
// The same of what stands in the box, if it was put there.
let drafted = null;
// What stood half written in the box when something else was put there, the newest last, and what was put there.
const kept = [];
let given = null;
// Stands around that number in the value; asking.py reads it.
const SIGN = "\u001e";
// What was typed and not asked outlives the page, which Gradio loads anew after the server was away.
const TYPED = "aq-typed";
// Milliseconds in which a question is mostly on its way; then the server may be away.
const SOON = 700;
let isLost = false;
// The server may have been started again; then it knows nothing of the conversation that this page shows. Ask it again
// after so many milliseconds.
const SINCE = 4000;
let looked = 0;
let isOther = false;

const box = () => document.querySelector("#aq-input textarea");

function write(text, before = null) {
  box().value = text;
  box().dispatchEvent(new Event("input", { bubbles: true }));
  drafted = before;
  given = null;
}

// Puts a question into the box without losing the one that is there.
function lend(text, before) {
  const was = { text: box().value, before: drafted };
  if (was.text.trim() && ![given, text].includes(was.text)) kept.push(was);
  write(text, before);
  given = text;
  show();
}

// Gives back what was half written.
function giveBack(draft = kept.at(-1)) {
  if (!draft) return;
  kept.splice(kept.indexOf(draft), 1);
  write(draft.text, draft.before);
  show();
}

function ask(text, before = null) {
  waiting.push({ text, before });
  next();
}

function next() {
  const isNext = !running && waiting.length > 0;
  // What the filters let through is not known yet; it is asked for then.
  if (window.aq.filtering) {
    window.aq.filtering.finally(next);
  } else if (isNext && isOther && window.aq.address.field("c")) {
    return location.reload();
  } else if (isNext) {
    running = { ...waiting.shift(), shown: false, returned: false };
    const { text, before } = running;
    props.value = before === null ? text : `${SIGN}${before}${SIGN}${text}`;
    // Nothing about the event itself: the server takes none.
    trigger("submit", null);
    isLost = false;
    setTimeout(lookFor, SOON, running);
  }
  show();
}

// Gradio does not say that a question could not be sent because the server is away.
async function lookFor(question) {
  if (running !== question || question.shown) return;
  const answer = await fetch("/gradio_api/app_id").catch(() => null);
  if (running !== question || question.shown) return;
  if (answer) return setTimeout(lookFor, 3 * SOON, question);
  isLost = true;
  running = null;
  const unasked = [question, ...waiting.splice(0)];
  if (!box().value) {
    const { text, before } = unasked.shift();
    write(text, before);
  }
  kept.push(...unasked.reverse());
  // Gradio has said so in English.
  for (const toast of document.querySelectorAll('[data-testid="toast-body"]')) toast.style.display = "none";
  show();
}

async function look() {
  if (isOther || Date.now() - looked < SINCE) return;
  looked = Date.now();
  const reply = await fetch("/gradio_api/app_id").catch(() => null);
  const now = reply?.ok ? (await reply.json()).app_id : null;
  isOther = now !== null && now !== window.gradio_config?.app_id;
}

// Keeps what was typed for the next time this page is loaded in this window.
function keep() {
  const asked = isOther ? waiting.splice(0) : [];
  const unasked = [running?.shown === false ? running : null, ...waiting].filter(Boolean).reverse();
  const typed = [...kept, ...unasked, { text: box()?.value ?? "", before: drafted }]
    .filter(({ text }) => text.trim())
    .map(({ text, before }) => ({ text, before }));
  if (typed.length || asked.length) sessionStorage.setItem(TYPED, JSON.stringify({ typed, asked }));
  else sessionStorage.removeItem(TYPED);
}

function recall() {
  if (!box()) return requestAnimationFrame(recall);
  const { typed = [], asked = [] } = JSON.parse(sessionStorage.getItem(TYPED) ?? "{}");
  sessionStorage.removeItem(TYPED);
  kept.push(...typed);
  if (!box().value) giveBack();
  // Once the conversation is there that they belong to.
  const go = () => asked.forEach(({ text, before }) => ask(text, before));
  document.addEventListener("aq-arrived", go, { once: true });
  show();
}

function show() {
  const drafts = kept.map((draft) => item(_("You were writing:"), draft, () => giveBack(draft)));
  const next = (question) => item(_("Next question:"), question, () => takeBack(question));
  list.replaceChildren(...lost(), ...drafts, ...waiting.map(next));
}

function lost() {
  if (!isLost) return [];
  const made = document.createElement("li");
  made.textContent = _("The server does not answer; the terminal that runs article-qa may say why.");
  return [made];
}

function takeBack(question) {
  waiting.splice(waiting.indexOf(question), 1);
  if (!box().value) write(question.text, question.before);
  show();
}

function item(name, { text }, act) {
  const made = document.createElement("li");
  const label = made.appendChild(document.createElement("span"));
  label.textContent = name;
  const said = made.appendChild(document.createElement("span"));
  said.className = "aq-next";
  said.dir = "auto";
  said.textContent = text;
  const back = made.appendChild(document.createElement("button"));
  back.type = "button";
  back.textContent = _("Take back");
  back.ariaLabel = _("Take back: {question}", { question: text });
  back.addEventListener("click", () => {
    act();
    box().focus();
  });
  return made;
}

function take() {
  const [text, before] = [box().value, drafted];
  // An empty question is answered with what is wrong with it, but need not wait for that.
  if (running && !text.trim()) return;
  if (kept.length && !text.trim()) return giveBack();
  write("");
  ask(text, before);
  giveBack();
}

// Whoever begins anew asks like anybody.
document.addEventListener("input", ({ target }) => {
  if (target === box() && target.value.length < 2) drafted = null;
});

// Before Gradio's own listeners, which would ask at once or not at all.
document.addEventListener(
  "keydown",
  (event) => {
    if (event.target === box() && event.key === "Escape" && kept.length && !running) {
      event.preventDefault();
      return giveBack();
    }
    if (event.target !== box() || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    take();
  },
  true,
);
document.addEventListener(
  "click",
  (event) => {
    const button = event.target.closest?.(".example, #aq-input .submit-button, #aq-new");
    if (button?.matches(".example")) {
      ask(button.textContent);
    } else if (button?.matches(".submit-button")) {
      event.stopImmediatePropagation();
      take();
    } else if (button) {
      waiting.length = kept.length = 0;
      if (running) running.shown = true;
      write("");
      show();
    }
    if (button) box().focus();
  },
  true,
);
// Another conversation is opened.
document.addEventListener("aq-leave", () => {
  drafted = null;
  waiting.length = 0;
  if (running) running.shown = true;
  show();
});
document.addEventListener("aq-ask", ({ detail }) => ask(detail.text, detail.before));
document.addEventListener("aq-write", ({ detail }) => {
  lend(detail.text, detail.before);
  box().focus();
});
document.addEventListener("aq-shown", ({ detail: { turn, growing } }) => {
  if (!running) return;
  running.shown ||= growing !== null;
  // Asked again, it means the same.
  if (growing && running.before !== null) turn.asBefore = running.before;
  running.returned = turn?.querySelector(".aq-returned") != null;
});
document.addEventListener("aq-ended", () => {
  if (!running) return;
  const { text, before, shown, returned } = running;
  running = null;
  // It could not be asked, or not as it is: nothing that was typed is lost.
  if ((!shown || returned) && text.trim()) {
    if (box().value) kept.push({ text, before });
    else write(text, before);
  }
  if (shown) next();
  else show();
});
for (const kind of ["keydown", "pointerdown"]) document.addEventListener(kind, look, true);
window.addEventListener("pagehide", keep);
recall();
