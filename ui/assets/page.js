// Runs once, as the code of the panel's gr.HTML: `element` holds the panel, `server.article` returns an article.
// Articles are other people's text, which reaches the page through textContent only.

const { _, address } = window.aq;
const panel = element.querySelector(".aq-panel");
const hint = panel.querySelector(".aq-hint");
const article = panel.querySelector(".aq-article");
// The same width as in page.css: below it the panel lies over the chat.
const narrow = window.matchMedia("(max-width: 860px)");
const PLACE = /^#aq-(.+)-(\d+)-(\d+)$/;
let opener = null;
let requests = 0;
// A stored conversation is on its way, and decides what stands here: see conversations.js.
let isArriving = false;

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

const articleOf = (hash) => {
  try {
    return decodeURIComponent(PLACE.exec(hash)?.[1] ?? "");
  } catch {
    // A link that was cut in the middle.
    return "";
  }
};

// A reader opens the article of a link: the address says so, and the quote gets the focus. On a phone the panel covers
// the chat. The way back leads from article to article, not from quote to quote.
function open(hash, link) {
  if (!PLACE.test(hash)) return;
  const isSame = articleOf(hash) === articleOf(location.hash);
  (isSame && !address.field("tab") ? address.put : address.go)({ article: hash, tab: "" });
  return show(hash, link, true);
}

// An answer opens its first source by itself, or nothing if it has none (`hash` is empty), without the focus, unless
// somebody is reading or it would cover the chat.
function offer(hash, link) {
  if (isArriving || narrow.matches || panel.contains(document.activeElement)) return;
  address.put({ article: "" });
  return hash ? show(hash, link, false) : leave();
}

// Shows what the address names; if it names no article, what an answer opens by itself.
function follow() {
  const isReading = panel.contains(document.activeElement);
  if (PLACE.test(location.hash)) return show(location.hash, null, narrow.matches || isReading);
  if (isReading) back();
  cover(false);
  leave();
  document.dispatchEvent(new CustomEvent("aq-first"));
}

async function show(hash, link, focus) {
  const place = PLACE.exec(hash);
  opener = link ?? linkTo(hash);
  requests += 1;
  const request = requests;
  const lost = { error: _("The article could not be loaded; the terminal that runs article-qa may say why.") };
  const id = articleOf(hash);
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
  if (panel.classList.contains("aq-over")) address.close();
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
    isArriving = false;
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
document.addEventListener("aq-leave", () => {
  isArriving = true;
  leave();
});
document.addEventListener("aq-arrived", () => {
  isArriving = false;
  follow();
});
document.addEventListener("aq-moved", () => isArriving || follow());
document.addEventListener("aq-open", ({ target, detail }) => {
  const act = detail.focus === false ? offer : open;
  act(detail.hash, target.closest?.("a.aq-source") ?? null);
});
panel.querySelector(".aq-close").addEventListener("click", back);
// An article that opened by itself, or that another tab hides, covers nothing.
narrow.addEventListener("change", () => cover(narrow.matches && panel.contains(document.activeElement)));
