// Runs once, as the code of the stored conversations. Its value goes both ways: the script sends what follows the
// page's address (`?c=...`) to be opened, and hears what the page shows, {conversation, turns, answered, trouble}.

const { _, ngettext, language, address, copy } = window.aq;
const columns = document.getElementById("aq-columns");
const narrow = window.matchMedia("(max-width: 860px)");
const OPEN = "aq-drawer-open";
let shown = { conversation: "", turns: [], trouble: "" };
let about = null;
// The page's own title.
let site = null;
let older = null;
let requests = 0;
// What was done with the list, said until something else is.
let news = "";
// The list has changed while somebody was busy in it.
let isStale = false;

const box = () => document.querySelector("#aq-input textarea");

function make(tag, className, text = "", attributes = {}) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function button(className, text, act, attributes = {}) {
  const made = make("button", className, text, { type: "button", ...attributes });
  made.addEventListener("click", act);
  return made;
}

// The bar above the chat, and the list.
const bar = make("div", "aq-talk-bar");
const toggle = button("aq-talk-toggle", _("Conversations"), () => show(drawer.hidden), { "aria-controls": "aq-drawer" });
const heading = make("p", "aq-talk-title", "", { dir: "auto" });
const files = make("details", "aq-export");
files.append(make("summary", "", _("Export")));
const choices = files.appendChild(make("div", "aq-export-choices"));
const trouble = make("p", "aq-talk-trouble", "", { role: "status" });
const linking = button("aq-talk-link", _("Copy link"), () => copy(linking, address.whole(about.link), heard), {
  "aria-label": _("Copy link to this conversation"),
});
const heard = make("p", "aq-heard", "", { role: "status" });
bar.append(toggle, heading, linking, files, heard);

const drawer = make("aside", "aq-drawer", "", { id: "aq-drawer", "aria-label": _("Conversations") });
const search = make("input", "aq-talk-search", "", {
  type: "search",
  maxlength: "200",
  placeholder: _("Search conversations"),
  "aria-label": _("Search conversations"),
});
const note = make("p", "aq-talk-note", "", { role: "status" });
const list = make("ol", "aq-talk-list");
const more = button("aq-talk-more", _("Older conversations"), () => fill(older));
const all = button("aq-talk-all", _("Delete all"), () => confirmAll());
const top = make("div", "aq-talk-top");
top.append(make("h2", "", _("Conversations")), button("aq-talk-close", _("Close"), () => show(false)));
drawer.append(top, search, note, list, more, all);
drawer.hidden = true;
element.append(bar, trouble);
// A column of its own, beside the chat.
columns.prepend(drawer);

async function call(what, body) {
  const options = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(`/conversations/${what}`, options).catch(() => null);
  if (!response) throw new Error(_("The server does not answer; the terminal that runs article-qa may say why."));
  const text = await response.text();
  if (response.ok) return JSON.parse(text);
  let detail = text;
  try {
    detail = JSON.parse(text).detail;
  } catch {
    // A refusal is one line of text.
  }
  throw new Error(detail);
}

function show(open) {
  drawer.hidden = !open;
  toggle.ariaExpanded = String(open);
  if (!narrow.matches) localStorage.setItem(OPEN, open ? "1" : "");
  if (open) {
    news = "";
    fill();
    search.focus();
  } else if (drawer.contains(document.activeElement) || document.activeElement === document.body) {
    toggle.focus();
  }
}

const day = (time) =>
  new Date(time).toLocaleDateString(language, { day: "numeric", month: "short", year: "numeric" });

function entry(conversation) {
  const { id, title, changed, questions, link } = conversation;
  const made = make("li", "aq-talk");
  made.dataset.id = id;
  const opener = make("a", "aq-talk-open", "", { href: link });
  opener.append(
    make("span", "aq-talk-name", title, { dir: "auto" }),
    make("span", "aq-talk-about", `${day(changed)} · ${ngettext("{n} question", "{n} questions", questions)}`),
  );
  opener.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(link);
  });
  const acts = make("div", "aq-talk-acts");
  const copying = button("", _("Copy link"), () => copy(copying, address.whole(link), heard), {
    "aria-label": _("Copy link: {title}", { title }),
  });
  acts.append(
    copying,
    button("", _("Rename"), () => rename(made, conversation), { "aria-label": _("Rename: {title}", { title }) }),
    button("", _("Delete"), () => confirmOne(made, id), { "aria-label": _("Delete: {title}", { title }) }),
  );
  made.append(opener, acts);
  return made;
}

function marked() {
  for (const item of list.children) {
    const current = item.dataset.id === shown.conversation;
    item.querySelector(".aq-talk-open")?.toggleAttribute("aria-current", current);
  }
}

// Where the focus is in the list: in which item, and at which of its links and buttons.
function focused() {
  const item = document.activeElement.closest(".aq-talk");
  return item && { id: item.dataset.id, at: [...item.querySelectorAll("a, button")].indexOf(document.activeElement) };
}

function focusAgain(was) {
  if (!was || was.at < 0) return;
  const item = list.querySelector(`[data-id="${was.id}"]`);
  (item?.querySelectorAll("a, button")[was.at] ?? search).focus();
}

// Something has been asked or opened. A title that is being written and a question that is put stay as they are.
function refresh() {
  isStale = list.querySelector(".aq-talk-rename, .aq-talk-confirm") !== null;
  if (!isStale) fill();
}

// Fills the list anew, or adds what comes after `from`.
async function fill(from = "") {
  if (drawer.hidden) return;
  requests += 1;
  const request = requests;
  try {
    const found = await call("listing", { search: search.value, older: from });
    // Meanwhile something else may have been searched for.
    if (request !== requests) return;
    const items = found.conversations.map(entry);
    const first = items[0];
    const was = focused();
    if (from) list.append(...items);
    else list.replaceChildren(...items);
    older = found.older;
    more.hidden = !older;
    all.hidden = !list.children.length || search.value.trim() !== "";
    const nothing = search.value.trim() ? _("No conversation has these words.") : _("Nothing has been asked yet.");
    note.textContent = news || (list.children.length ? "" : nothing);
    marked();
    focusAgain(was);
    if (from) first?.querySelector("a").focus();
  } catch (error) {
    note.textContent = error.message;
  }
}

function rename(item, conversation) {
  const { id } = conversation;
  let { title } = conversation;
  const field = make("input", "aq-talk-rename", "", { maxlength: "300", "aria-label": _("New title") });
  field.value = title;
  let done = false;
  const end = async (save) => {
    if (done) return;
    done = true;
    news = "";
    try {
      if (save && field.value.trim()) ({ title } = await call("rename", { id, title: field.value }));
      note.textContent = "";
    } catch (error) {
      note.textContent = error.message;
    }
    // Whoever has gone on to something else is not called back.
    const isHere = document.activeElement === field;
    const renamed = entry({ ...conversation, title });
    item.replaceWith(renamed);
    marked();
    if (isHere) renamed.querySelector("a").focus();
    if (id === shown.conversation) learn();
    if (isStale) refresh();
  };
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    end(event.key === "Enter");
  });
  field.addEventListener("blur", () => end(true));
  item.querySelector(".aq-talk-open").replaceWith(field);
  field.select();
}

// Asks in the item's place, so that one click never deletes anything.
function confirmed(place, question, act, back) {
  const asked = make("div", "aq-talk-confirm", "", { role: "group", "aria-label": question });
  asked.append(
    make("span", "", question),
    button("aq-talk-yes", _("Delete"), act),
    button("", _("Keep"), () => {
      asked.replaceWith(place);
      back.focus();
      if (isStale) refresh();
    }),
  );
  place.replaceWith(asked);
  asked.querySelector("button").focus();
}

function confirmOne(item, id) {
  const acts = item.querySelector(".aq-talk-acts");
  const next = item.nextElementSibling ?? item.previousElementSibling;
  const act = () => remove([id], next?.dataset.id);
  confirmed(acts, _("Delete for good?"), act, acts.lastElementChild);
}

function confirmAll() {
  confirmed(all, _("Delete all conversations for good?"), () => remove(null), all);
}

async function remove(ids, next) {
  try {
    const { deleted, trouble } = await call("delete", { ids });
    news = trouble ?? ngettext("{n} conversation was deleted.", "{n} conversations were deleted.", deleted);
    if (about?.own && (!ids || ids.includes(shown.conversation))) {
      address.put({ c: "", article: "", filters: [] });
      follow();
    }
  } catch (error) {
    news = error.message;
  }
  drawer.querySelector(":scope > .aq-talk-confirm")?.replaceWith(all);
  await fill();
  (list.querySelector(`[data-id="${next}"] a`) ?? search).focus();
}

// Opens the conversation of a link; without a name, an empty one.
function open(link) {
  const asked = new URLSearchParams(link);
  const filters = asked.getAll("f").map((pair) => pair.split(/:(.*)/s).slice(0, 2));
  address.go({ c: asked.get("c"), q: "", draft: "", tab: "", article: "", filters });
  follow();
}

// Shows the conversation that the address names.
function follow() {
  document.dispatchEvent(new CustomEvent("aq-leave"));
  isAwaited = true;
  props.value = location.search || "?";
  trigger("submit");
  if (narrow.matches && !drawer.hidden) show(false);
}

let opened = null;
let isAwaited = false;

function hear() {
  const told = JSON.parse(props.value || "{}");
  // Somebody who goes back and forth quickly may hear of the step before.
  const asked = told.opened === undefined ? null : (new URLSearchParams(told.opened).get("c") ?? "");
  if (asked !== null && asked !== address.field("c")) return follow();
  if (asked !== null) isAwaited = false;
  const moved = told.conversation !== shown.conversation;
  shown = { turns: [], trouble: "", ...told };
  trouble.textContent = shown.trouble;
  if (moved) {
    about = null;
    address.put({ q: "", draft: "", c: shown.conversation });
  }
  learn();
  if (asked === null && !shown.answered) news = "";
  refresh();
  if (asked === null) return;
  // The chat gets its turns, and the filters what is on, in the same step.
  setTimeout(() => {
    document.dispatchEvent(new CustomEvent("aq-arrived"));
    opened?.();
  });
}

// Learns what the bar and the thumbs need to know of the conversation that is shown.
async function learn() {
  const { conversation } = shown;
  try {
    const found = conversation ? await call("about", { id: conversation }) : null;
    if (conversation !== shown.conversation) return;
    about = found;
  } catch (error) {
    trouble.textContent = error.message;
  }
  heading.textContent = about?.title ?? "";
  // The browser's list of pages and its tabs tell conversations apart by it.
  site ??= document.title;
  document.title = about ? `${about.title} · ${site}` : site;
  linking.hidden = files.hidden = !about;
  files.open = false;
  const file = (form) => `/conversations/${conversation}/${form}`;
  choices.replaceChildren(
    make("a", "", _("Markdown"), { href: file("md"), download: "" }),
    make("a", "", _("Web page"), { href: file("html"), download: "" }),
    button("", _("Print or PDF"), () => print(file("print"))),
  );
  marked();
  rate();
}

function print(address) {
  const page = window.open(address, "_blank");
  page?.addEventListener("load", () => page.print());
}

// Thumbs, below each answer that is stored.
function rate() {
  const turns = document.querySelectorAll("#aq-chat .aq-turn");
  for (const [number, turn] of turns.entries()) {
    const key = shown.turns[number] ?? 0;
    const before = turn.querySelector(":scope > .aq-rate");
    const rateable = about?.rateable.includes(key) && !turn.querySelector(".aq-growing");
    if (before && (!rateable || before.dataset.turn !== String(key))) before.remove();
    if (rateable && !turn.querySelector(":scope > .aq-rate")) turn.append(thumbs(key, turn));
  }
}

function thumbs(key, turn) {
  const made = make("div", "aq-rate", "", { role: "group", "aria-label": _("What do you think of this answer?") });
  made.dataset.turn = key;
  const said = make("span", "aq-rate-said", "", { role: "status", dir: "auto" });
  const reasons = make("form", "aq-rate-why");
  const [up, down] = [true, false].map((good) =>
    button(good ? "aq-up" : "aq-down", "", () => choose(good), {
      "aria-label": good ? _("Good answer") : _("Bad answer"),
    }),
  );
  const set = (rating) => {
    up.ariaPressed = String(rating?.good === true);
    down.ariaPressed = String(rating?.good === false);
    up.title = rating?.good === true ? _("Change or take back") : _("Good answer");
    down.title = rating?.good === false ? _("Change or take back") : _("Bad answer");
  };
  const send = async (rating, told) => {
    try {
      const stored = await call("rate", { turn: key, good: null, ...rating });
      if (stored.trouble) throw new Error(stored.trouble);
      if (rating) about.ratings[key] = stored;
      else delete about.ratings[key];
      set(rating);
      said.textContent = told;
      said.classList.remove("aq-notice");
      return true;
    } catch (error) {
      said.textContent = error.message;
      said.classList.add("aq-notice");
      return false;
    }
  };
  const choose = async (good) => {
    // What is stored already can be changed or taken back; no click alone deletes it.
    if (about.ratings[key]?.good === good) {
      if (reasons.children.length) reasons.replaceChildren();
      else ask(about.ratings[key]);
    } else if (await send({ good, reason: "", right_answer: null }, _("Stored here only."))) {
      ask(about.ratings[key]);
    }
  };
  const field = (name, most, value) => {
    const made = make("input", "", "", { maxlength: most, placeholder: name, "aria-label": name });
    made.value = value ?? "";
    return made;
  };
  const ask = ({ good, reason, right_answer }) => {
    const why = field(_("Why?"), 2000, reason);
    const parts = [why];
    let right = null;
    let none = null;
    if (!good) {
      right = field(_("The right words, as an article has them"), 500, right_answer);
      parts.push(right);
      if (turn.querySelector(".aq-quotes")) {
        const label = make("label", "");
        none = label.appendChild(make("input", "", "", { type: "checkbox" }));
        label.append(_("It is not in the articles"));
        none.addEventListener("change", () => (right.disabled = none.checked));
        right.disabled = none.checked = right_answer === "";
        parts.push(label);
      }
    }
    const back = button("aq-rate-back", _("Take back"), async () => {
      if (!(await send(null, _("Taken back.")))) return;
      reasons.replaceChildren();
      (good ? up : down).focus();
    });
    parts.push(make("button", "", _("Save"), { type: "submit" }), back);
    reasons.replaceChildren(...parts);
    reasons.onsubmit = async (event) => {
      event.preventDefault();
      const words = none?.checked ? "" : right?.value.trim() || null;
      if (await send({ good, reason: why.value, right_answer: words }, _("Thank you. Stored here only."))) {
        reasons.replaceChildren();
        (good ? up : down).focus();
      } else if (words) {
        // What was typed stays, to be changed.
        right.ariaInvalid = "true";
        right.focus();
      }
    };
    why.focus();
  };
  const rating = about.ratings[key];
  set(rating);
  if (rating) said.textContent = [rating.good ? _("You rated this answer good.") : _("You rated this answer bad."), rating.reason].join(" ").trim();
  made.append(up, down, said, reasons);
  return made;
}

// A question that came with a link is asked if the reader opened the page, not another site.
function begin() {
  const [question, draft] = [address.field("q"), address.field("draft")];
  const [visit] = performance.getEntriesByType("navigation");
  const own = visit?.serverTiming?.some(({ name }) => name === "own");
  const put = () => {
    address.put({ q: "", draft: "" });
    if (question && own) {
      document.dispatchEvent(new CustomEvent("aq-ask", { detail: { text: question } }));
    } else if (question || draft) {
      document.dispatchEvent(new CustomEvent("aq-write", { detail: { text: question || draft } }));
      trouble.textContent = _("This question came with a link: press Enter to ask it.");
    }
  };
  if (/[?&][cf]=/.test(location.search)) {
    opened = () => {
      opened = null;
      put();
    };
    follow();
  } else if (question || draft) {
    put();
  }
}

let typing = 0;
search.addEventListener("input", () => {
  clearTimeout(typing);
  news = "";
  typing = setTimeout(fill, 150);
});
drawer.addEventListener("keydown", (event) => event.key === "Escape" && show(false));
drawer.addEventListener("focusout", ({ relatedTarget }) => {
  if (narrow.matches && relatedTarget && !drawer.contains(relatedTarget)) show(false);
});
document.addEventListener("click", (event) => {
  if (!files.contains(event.target)) files.open = false;
  const outside = !drawer.contains(event.target) && !bar.contains(event.target) && event.target.isConnected;
  if (narrow.matches && !drawer.hidden && outside) show(false);
});
choices.addEventListener("click", () => (files.open = false));
files.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  files.open = false;
  files.firstElementChild.focus();
});
document.addEventListener("aq-moved", () => {
  if (isAwaited || address.field("c") !== shown.conversation) follow();
});
document.addEventListener("aq-shown", rate);
watch("value", hear);

toggle.ariaExpanded = "false";
linking.hidden = files.hidden = true;
call("listing", { search: "", older: "" }).catch((error) => (trouble.textContent = error.message));
if (localStorage.getItem(OPEN) && !narrow.matches) {
  drawer.hidden = false;
  toggle.ariaExpanded = "true";
  fill();
}
// Gradio takes the value only once this script has ended.
if (document.prerendering) document.addEventListener("prerenderingchange", begin, { once: true });
else setTimeout(begin);
