// Continues answers.js: questions that may be asked next, below the newest answer and before the first question. The
// server tries each before it names it, so they come one after another; a question of the reader's own ends that.

const MOST = { first: 4, next: 3 };
// Milliseconds until it is asked again of a server that is trying others.
const BUSY = 500;
let suggesting = 0;
// The answer that there are some for, as the server has sent it.
let suggestedFor = null;
const start = document.getElementById("aq-start");
const filtersOn = () => `?${new URLSearchParams(new URLSearchParams(location.search).getAll("f").map((pair) => ["f", pair]))}`;

async function suggest(about, most, add) {
  suggesting += 1;
  const own = suggesting;
  const asked = { ...about, filters: filtersOn() };
  let place = 0;
  for (let count = 0; place !== null && count < most; ) {
    const sent = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ ...asked, place }) };
    const reply = await fetch("/suggestions", sent).catch(() => null);
    const found = reply?.ok ? await reply.json().catch(() => null) : null;
    if (own !== suggesting || !found) return;
    // Another reader's are being tried.
    if (found.next === place) await new Promise((resume) => setTimeout(resume, BUSY));
    place = found.next;
    if (found.question) add(found.question);
    if (found.question) count += 1;
    if (own !== suggesting) return;
  }
}

function made(tag, className, text) {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  if (tag === "button") node.type = "button";
  node.dir = "auto";
  return node;
}

function suggestNext(turn) {
  const answer = turn.querySelector(".aq-answer[data-articles]");
  const html = shown[shown.length - 1];
  if (!answer || html === suggestedFor) return;
  suggestedFor = html;
  turn.querySelector(".aq-follow-ups")?.remove();
  const list = document.createElement("div");
  list.className = "aq-follow-ups";
  const { articles, level } = answer.dataset;
  const question = questionOf(turn).slice(0, 2000);
  suggest({ question, articles: articles.split(" ").filter(Boolean), found: level !== "not found" }, MOST.next, (text) => {
    if (!list.isConnected) list.append(made("p", "aq-also", _("You could also ask")));
    turn.append(list);
    list.append(made("button", "aq-ask", text));
  });
}

function suggestFirst() {
  const list = start.querySelector(".examples[data-open]");
  if (!list || chat.hasAttribute("data-asked")) return;
  list.replaceChildren();
  suggest({ question: "", articles: [], found: false }, MOST.first, (text) => {
    const button = made("button", "example", "");
    button.append(made("span", "example-text", text));
    list.append(button);
  });
}

function suggestAgain() {
  suggesting += 1;
  suggestedFor = null;
  if (chat.hasAttribute("data-growing")) return;
  if (log.lastElementChild) suggestNext(log.lastElementChild);
  else suggestFirst();
}

document.addEventListener("aq-shown", ({ detail: { turn, growing } }) => {
  if (turn && !growing) return suggestNext(turn);
  suggesting += 1;
  suggestedFor = null;
  // A new conversation begins; what was offered first is still there, unless a question came in between.
  if (!turn && start.querySelectorAll(".example").length < MOST.first) suggestFirst();
});
document.addEventListener("aq-filtered", suggestAgain);
// What is offered first comes after the page, and anew with every build.
new MutationObserver((changes) => {
  if (changes.some(({ addedNodes }) => [...addedNodes].some((node) => node.querySelector?.(".examples[data-open]")))) suggestFirst();
}).observe(start, { childList: true, subtree: true });
suggestFirst();
