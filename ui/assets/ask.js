// Runs once, as the code of the questions that wait, above the question box. Its value is the question that is asked.
// Every question goes through here: one that comes while an answer grows is asked when that has ended.

const { _ } = window.aq;
const list = element.querySelector(".aq-waiting");
const waiting = [];
// The question whose answer is in progress, until Gradio says that it has ended.
let running = null;

const box = () => document.querySelector("#aq-input textarea");

function write(text) {
  box().value = text;
  box().dispatchEvent(new Event("input", { bubbles: true }));
}

function ask(text) {
  waiting.push(text);
  next();
}

function next() {
  if (!running && waiting.length) {
    running = { text: waiting.shift(), shown: false, returned: false };
    props.value = running.text;
    // Nothing about the event itself: the server takes none.
    trigger("submit", null);
  }
  show();
}

function show() {
  list.replaceChildren(...waiting.map(item));
}

function item(text) {
  const made = document.createElement("li");
  const label = made.appendChild(document.createElement("span"));
  label.textContent = _("Next question:");
  const said = made.appendChild(document.createElement("span"));
  said.className = "aq-next";
  said.dir = "auto";
  said.textContent = text;
  const back = made.appendChild(document.createElement("button"));
  back.type = "button";
  back.textContent = _("Take back");
  back.ariaLabel = _("Take back: {question}", { question: text });
  back.addEventListener("click", () => {
    waiting.splice(waiting.indexOf(text), 1);
    if (!box().value) write(text);
    show();
    box().focus();
  });
  return made;
}

function take() {
  const text = box().value;
  // An empty question is answered with what is wrong with it, but need not wait for that.
  if (running && !text.trim()) return;
  write("");
  ask(text);
}

// Before Gradio's own listeners, which would ask at once or not at all.
document.addEventListener(
  "keydown",
  (event) => {
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
      waiting.length = 0;
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
  waiting.length = 0;
  if (running) running.shown = true;
  show();
});
document.addEventListener("aq-ask", (event) => ask(event.detail.text));
document.addEventListener("aq-write", (event) => {
  write(event.detail.text);
  box().focus();
});
document.addEventListener("aq-shown", ({ detail: { turn, growing } }) => {
  if (!running) return;
  running.shown ||= growing !== null;
  running.returned = turn?.querySelector(".aq-returned") != null;
});
document.addEventListener("aq-ended", () => {
  if (!running) return;
  const { text, shown, returned } = running;
  running = null;
  // It could not be asked, or not as it is: nothing that was typed is lost.
  if ((!shown || returned) && !box().value) write(text);
  if (shown) next();
});
