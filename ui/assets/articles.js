// The tab of articles. `element` holds it; its parts come from the server as HTML in which other people's text is
// escaped. What this script says itself comes from window.aq.

const { _, number } = window.aq;
const root = element.querySelector(".aq-articles");
const wanted = { text: "", order: "published", descending: true, page: 0 };
// The first click on a head sorts these from the top down.
const DOWN = ["published", "words", "places"];
const MOST_FILES = 200;
// Look this often, in milliseconds, whether the index is being built elsewhere, while the tab is seen.
const PULSE = 5000;
let requests = 0;
let ended = null;
let watching = null;
// Which state of the index is shown.
let built = null;
let skippedPage = 0;
// The HTML that is shown in a place.
const shown = new WeakMap();

async function call(name, body = {}) {
  const sent = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(`/articles/${name}`, sent).catch(() => null);
  return read(answer);
}

async function read(answer) {
  if (!answer) throw new Error(_("The server does not answer; the terminal that runs article-qa may say why."));
  const text = await answer.text();
  let value = null;
  try {
    value = JSON.parse(text);
  } catch {
    // A refusal is a line of text.
  }
  if (!answer.ok) throw new Error(value?.detail ?? text);
  return value;
}

const at = (selector) => root.querySelector(selector);

async function showAll() {
  try {
    const held = await call("holdings");
    root.innerHTML = held.html;
    at("#aq-seek-box").value = wanted.text;
    built = held.built;
    follow(held);
  } catch (error) {
    root.textContent = error.message;
    return;
  }
  await Promise.all([showList(), showSkipped(0)]);
  take();
}

async function showList() {
  requests += 1;
  const request = requests;
  const listed = await call("listing", wanted).catch((error) => ({ html: "", found: error.message }));
  // Meanwhile something else may have been typed.
  if (request !== requests) return;
  put(at(".aq-listed"), listed.html);
  at(".aq-found").textContent = listed.found;
}

// Shows a list anew if it is another one, and leaves the focus where it was in it.
function put(place, html) {
  if (shown.get(place) === html) return;
  const focused = focusIn(place);
  place.innerHTML = html;
  shown.set(place, html);
  refocus(place, focused);
}

// What has the focus in a list, to find it again in the next one: a button, or the link of a row.
function focusIn(place) {
  const focused = place.contains(document.activeElement) ? document.activeElement : null;
  if (focused?.dataset.order) return `[data-order="${focused.dataset.order}"]`;
  if (focused?.matches("a")) return `a[href="${CSS.escape(focused.getAttribute("href"))}"]`;
  const turns = [...place.querySelectorAll("[data-page]")];
  return turns.includes(focused) ? turns.indexOf(focused) : null;
}

function refocus(place, focused) {
  if (focused === null) return;
  if (typeof focused === "string") return (place.querySelector(focused) ?? place.querySelector("a"))?.focus();
  const turns = [...place.querySelectorAll("[data-page]")];
  const turn = turns[focused]?.disabled ? turns.find((other) => !other.disabled) : turns[focused];
  turn?.focus();
}

async function showSkipped(page) {
  skippedPage = page;
  const skipped = await call("skipped", { page }).catch((error) => error);
  if (page !== skippedPage) return;
  const place = at(".aq-skipped-list");
  if (skipped instanceof Error) place.textContent = skipped.message;
  else put(place, skipped.html);
}

function sortBy(order) {
  wanted.descending = order === wanted.order ? !wanted.descending : DOWN.includes(order);
  wanted.order = order;
  wanted.page = 0;
  showList();
}

// Shows how far a build is, and asks again while one is running.
function follow(state) {
  const place = at(".aq-building");
  if (!place) return;
  const isOver = ended !== null && state.ended > ended;
  ended = state.ended;
  place.hidden = !state.running;
  const bar = place.querySelector("progress");
  if (state.share === null || state.share === undefined) bar.removeAttribute("value");
  else bar.value = state.share;
  place.querySelector(".aq-how-far").textContent = state.running ? state.text : "";
  place.querySelector(".aq-at").textContent = (state.running && state.path) || "";
  // It is read out whenever it changes.
  if (at(".aq-built").textContent !== state.result) at(".aq-built").textContent = state.result;
  at(".aq-built").classList.toggle("aq-notice", Boolean(state.failed));
  clearTimeout(watching);
  if (state.running) watching = setTimeout(look, 500);
  if (isOver) return renew();
}

async function look() {
  const state = await call("progress").catch(() => null);
  if (state) return follow(state);
  watching = setTimeout(look, 3000);
}

// The index may have been built elsewhere, for instance in a terminal or another window.
async function catchUp() {
  if (built === null) return;
  const state = await call("progress").catch(() => null);
  if (!state) return;
  const isOver = ended !== null && state.ended > ended;
  if (state.running || isOver) follow(state);
  if (!isOver && !state.running && state.built && state.built !== built) return renew();
}

// After a build the figures and lists may be different. Whatever a reader is doing goes on: nothing else is touched.
async function renew() {
  const held = await call("holdings").catch(() => null);
  const made = document.createElement("template");
  made.innerHTML = held?.html ?? "";
  // The folder may have come or gone.
  if (!held || Boolean(at(".aq-drop")) !== Boolean(made.content.querySelector(".aq-drop"))) {
    await showAll();
  } else {
    for (const part of [".aq-plot-row", ".aq-facts"]) {
      const [old, now] = [at(part), made.content.querySelector(part)];
      if (!old.isEqualNode(now)) old.replaceWith(now);
    }
    built = held.built;
    follow(held);
    await Promise.all([showList(), showSkipped(skippedPage)]);
  }
  // The head of the page counts articles too. Gradio would send an empty object, which the guard does not know.
  trigger("change", null);
}

async function build(what) {
  try {
    follow(what === "stop" ? await call("stop") : await call("build", { everything: what === "everything" }));
  } catch (error) {
    at(".aq-built").textContent = error.message;
    at(".aq-built").classList.add("aq-notice");
  }
}

async function check(button) {
  const place = at(".aq-checked");
  button.disabled = true;
  place.textContent = _("Comparing…");
  const checked = await call("check").catch((error) => error);
  if (checked instanceof Error) place.textContent = checked.message;
  else place.innerHTML = checked.html;
  button.disabled = false;
}

// The name of a file as it is stored, without what is invisible; its writing direction moves nothing around it.
function named(name) {
  const seen = name.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "_");
  const isTurned = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u.test(seen);
  return isTurned ? `\u2068${seen}\u2069` : seen;
}

function line(text, failed) {
  const item = document.createElement("li");
  item.textContent = text;
  if (failed) item.className = "aq-notice";
  at(".aq-sent").append(item);
  return item;
}

async function send(file) {
  const most = Number(at(".aq-drop")?.dataset.most);
  // The server would refuse it too, but a browser that is still sending does not read why.
  if (file.size > most) {
    line(_("{name}: larger than {n} MB; add a part of it", { name: named(file.name), n: number(most / 1e6) }), true);
    return false;
  }
  const item = line(_("{name}: sending…", { name: named(file.name) }), false);
  const headers = { "Content-Type": "application/octet-stream", "X-Article-Name": encoded(file.name) };
  try {
    const answer = await fetch("/articles/upload", { method: "POST", headers, body: file }).catch(() => null);
    const stored = await read(answer);
    if (stored.error) throw new Error(stored.error);
    item.textContent = _("{name}: stored as {path}", { name: named(file.name), path: named(stored.path) });
    return true;
  } catch (error) {
    item.textContent = `${named(file.name)}: ${error.message}`;
    item.className = "aq-notice";
    return false;
  }
}

function encoded(name) {
  return encodeURIComponent(name.toWellFormed?.() ?? name.replace(/[\ud800-\udfff]/g, "_")).slice(-1800);
}

async function add(files, folders = []) {
  if (!at(".aq-drop") || !(files.length || folders.length)) return;
  at(".aq-sent").replaceChildren();
  for (const name of folders) line(_("{name}: a folder cannot be dropped; drop its files", { name: named(name) }), true);
  if (files.length > MOST_FILES) line(_("These are too many files: add up to {n} at a time.", { n: number(MOST_FILES) }), true);
  let stored = 0;
  // One after another, as they are read on the server.
  for (const file of files.slice(0, MOST_FILES)) stored += (await send(file)) ? 1 : 0;
  if (stored) build("changes");
}

root.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.order) {
    sortBy(button.dataset.order);
  } else if (button?.dataset.build) {
    build(button.dataset.build);
  } else if (button && "check" in button.dataset) {
    check(button);
  } else if (button?.dataset.page && button.closest(".aq-skipped-list")) {
    showSkipped(Number(button.dataset.page));
  } else if (button?.dataset.page) {
    wanted.page = Number(button.dataset.page);
    showList();
  }
});
let typing = null;
root.addEventListener("input", (event) => {
  if (event.target.id !== "aq-seek-box") return;
  clearTimeout(typing);
  typing = setTimeout(() => {
    wanted.text = event.target.value;
    wanted.page = 0;
    showList();
  }, 200);
});
// What other parts of the page have for this one: files to be added, or words to be found.
function take() {
  const given = window.aq.given;
  if (!given || !at(".aq-listed")) return;
  window.aq.given = null;
  const { sought, files, folders } = given;
  if (sought) {
    at("#aq-seek-box").value = wanted.text = sought;
    wanted.page = 0;
    showList();
    at("#aq-seek-box").focus();
    at("#aq-all").scrollIntoView();
  } else if (files.length || folders.length) {
    // Where nothing can be added, it says why.
    at("#aq-add").scrollIntoView();
    add(files, folders);
  }
}

document.addEventListener("aq-given", take);
root.addEventListener("submit", (event) => event.preventDefault());
root.addEventListener("change", (event) => {
  if (event.target.type !== "file") return;
  add([...event.target.files]);
  event.target.value = "";
});
let isSeen = false;
new IntersectionObserver((seen) => {
  isSeen = seen.at(-1).isIntersecting;
  if (isSeen) catchUp();
}).observe(root);
const isBuilding = () => at(".aq-building")?.hidden === false;
const glance = () => isSeen && !document.hidden && !isBuilding() && catchUp();
setInterval(glance, PULSE);
document.addEventListener("visibilitychange", glance);
showAll();
