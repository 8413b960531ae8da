// Runs once, as the code of the panel's gr.HTML: `element` holds the panel, `server.article` returns an article.
// Articles are other people's text, which reaches the page through textContent only.

const { _ } = window.aq;
const panel = element.querySelector(".aq-panel");
const hint = panel.querySelector(".aq-hint");
const article = panel.querySelector(".aq-article");
// The same width as in page.css: below it the panel lies over the chat.
const narrow = window.matchMedia("(max-width: 860px)");
let opener = null;
let requests = 0;

const box = () => document.querySelector("#aq-input textarea");

function node(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function say(message, isIdle = false) {
  panel.classList.toggle("aq-idle", isIdle);
  hint.textContent = message;
  hint.hidden = false;
  article.hidden = true;
  article.replaceChildren();
  panel.classList.remove("aq-reading");
}

const welcome = () =>
  say(_("Choose a source in an answer: its article opens here with the quote highlighted."), true);

// When the panel covers the chat it is a dialog: what lies behind takes neither focus nor clicks.
function cover(on) {
  panel.classList.toggle("aq-over", on);
  for (const behind of document.querySelectorAll("#aq-header, #aq-chat, #aq-tabs > .tab-wrapper")) behind.inert = on;
  panel.role = on ? "dialog" : null;
  panel.ariaModal = on ? "true" : null;
}

// Opens the article of a link's hash. With `focus` the quote gets the focus, and on a phone the panel covers the
// chat. An answer opens its first source by itself, without either, unless somebody is reading.
async function open(hash, link, focus = true) {
  const place = /^#aq-(.+)-(\d+)-(\d+)$/.exec(hash);
  const isReading = panel.contains(document.activeElement);
  if (!place || (!focus && (narrow.matches || isReading))) return;
  opener = link ?? linkTo(hash);
  requests += 1;
  const request = requests;
  const lost = { error: _("The article could not be loaded; the terminal that runs article-qa may say why.") };
  const id = decodeURIComponent(place[1]);
  const wanted = [id, Number(place[2]), Number(place[3]), marksIn(id, answerOf(opener))];
  // Gradio reports a failed request in one of two ways.
  const view = (await server.article(wanted).catch(() => null)) ?? lost;
  // Meanwhile another source may have been chosen.
  if (request !== requests) return;
  if (focus) cover(narrow.matches);
  showView(view, hash, focus && !panel.querySelector(".aq-bar").contains(document.activeElement));
  if (!view.error) showBeside(await server.beside([id]).catch(() => null), request);
}

function back() {
  cover(false);
  // The chat replaces its links when it grows.
  const link = opener?.isConnected ? opener : opener && linkTo(opener.hash);
  (link ?? box())?.focus();
}

function onClick(event) {
  const link = event.target.closest?.("a.aq-source, a.aq-near");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    open(link.hash, link.matches(".aq-near") ? opener : link);
  } else if (event.target.closest?.("#aq-new")) {
    leave();
    box().focus();
  }
}

// Another conversation is opened, or begun.
function leave() {
  requests += 1;
  opener = null;
  welcome();
}

function onKey(event) {
  if (!panel.contains(document.activeElement) || event.defaultPrevented) return;
  if (event.key === "Escape") return back();
  const isTyping = document.activeElement.matches("input");
  if (article.hidden || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  const act = { n: () => step(1), p: () => step(-1), f: () => findBox.select() }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

document.addEventListener("click", onClick);
document.addEventListener("keydown", onKey);
document.addEventListener("aq-leave", leave);
document.addEventListener("aq-open", ({ target, detail }) =>
  open(detail.hash, target.closest?.("a.aq-source") ?? null, detail.focus),
);
panel.querySelector(".aq-close").addEventListener("click", back);
// An article that opened by itself, or that another tab hides, covers nothing.
narrow.addEventListener("change", () => cover(narrow.matches && panel.contains(document.activeElement)));
