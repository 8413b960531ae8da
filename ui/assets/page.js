// Runs once, as the code of the panel's gr.HTML: `element` holds the panel, `server.article` returns an article.
// Articles are other people's text, which reaches the page through textContent only.

const panel = element.querySelector(".aq-panel");
const hint = panel.querySelector(".aq-hint");
const article = panel.querySelector(".aq-article");
const welcome = hint.textContent;
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

function head(view) {
  const made = node("header");
  const title = made.appendChild(node("h2", "", view.title));
  title.dir = "auto";
  const about = made.appendChild(node("p", "aq-about"));
  for (const part of [view.source, view.published, view.language, view.recognised]) {
    if (!part) continue;
    if (about.hasChildNodes()) about.append(" · ");
    about.appendChild(node("span", "", part)).dir = "auto";
  }
  if (/^https?:\/\//i.test(view.url ?? "")) {
    const link = node("a", "aq-out", "Original page");
    link.href = view.url;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    if (about.hasChildNodes()) about.append(" · ");
    about.append(link);
  }
  return made;
}

function body(view) {
  const made = node("div", "aq-text");
  if (view.lang) made.lang = view.lang;
  for (const [number, pieces] of view.paragraphs.entries()) {
    const paragraph = made.appendChild(node("p"));
    paragraph.dir = "auto";
    // The heading already says it.
    paragraph.hidden = number === 0 && pieces.length === 1 && !pieces[0].marked && pieces[0].text === view.title;
    for (const piece of pieces) {
      if (!piece.marked) {
        paragraph.append(piece.text);
        continue;
      }
      const mark = paragraph.appendChild(node("mark", "", piece.text));
      mark.setAttribute("aria-describedby", "aq-mark-note");
    }
  }
  return made;
}

function say(message) {
  hint.textContent = message;
  hint.hidden = false;
  article.hidden = true;
  article.replaceChildren();
}

function showView(view, focus) {
  if (view.error) {
    say(view.error);
    return focus && panel.focus();
  }
  hint.hidden = true;
  article.hidden = false;
  article.replaceChildren(head(view), body(view));
  const mark = article.querySelector("mark");
  mark.tabIndex = -1;
  if (focus) mark.focus({ preventScroll: true });
  bringIntoView(mark);
}

// Keeps the title in view if there is room for both, and shows the beginning of a long quote.
function bringIntoView(mark) {
  panel.scrollTop = 0;
  const [quote, frame] = [mark.getBoundingClientRect(), panel.getBoundingClientRect()];
  if (quote.bottom < frame.bottom - frame.height / 8) return;
  mark.scrollIntoView({ block: quote.height > frame.height * 0.75 ? "start" : "center" });
}

// When the panel covers the chat it is a dialog: what lies behind takes neither focus nor clicks.
function cover(on) {
  panel.classList.toggle("aq-over", on);
  for (const behind of document.querySelectorAll("#aq-header, #aq-chat, #aq-tabs > .tab-wrapper")) behind.inert = on;
  panel.role = on ? "dialog" : null;
  panel.ariaModal = on ? "true" : null;
}

async function open(hash, link, focus = true) {
  const place = /^#aq-(.+)-(\d+)-(\d+)$/.exec(hash);
  if (!place) return;
  opener = link;
  requests += 1;
  const request = requests;
  const lost = { error: "The article could not be loaded; the terminal that runs article-qa may say why." };
  const wanted = [decodeURIComponent(place[1]), Number(place[2]), Number(place[3])];
  // Gradio reports a failed request in one of two ways.
  const view = (await server.article(wanted).catch(() => null)) ?? lost;
  // Meanwhile another source may have been chosen.
  if (request !== requests) return;
  cover(narrow.matches);
  showView(view, focus);
}

function back() {
  cover(false);
  // The chat replaces its links when it grows.
  const same = (link) => link.hash === opener?.hash;
  const link = opener?.isConnected ? opener : [...document.querySelectorAll("a.aq-source")].find(same);
  (link ?? box())?.focus();
}

function onClick(event) {
  const link = event.target.closest?.("a.aq-source");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    open(link.hash, link);
  } else if (event.target.closest?.("#aq-new")) {
    requests += 1;
    opener = null;
    say(welcome);
    box().focus();
  }
}

function onKey(event) {
  if (event.key === "Escape" && panel.contains(document.activeElement)) back();
}

// An answer shows its first source by itself.
document.addEventListener("aq-open", ({ detail: { hash, focus } }) => open(hash, null, focus));
document.addEventListener("click", onClick);
document.addEventListener("keydown", onKey);
panel.querySelector(".aq-close").addEventListener("click", back);
narrow.addEventListener("change", () => cover(narrow.matches && !article.hidden));
// For a link to a source that was copied or opened in a new tab.
open(location.hash, null);
