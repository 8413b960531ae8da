// Continues page.js: an article in the panel, the quotes in it, and the way from one source to the next.

panel.ariaLabel = _("Article");
panel.querySelector(".aq-close").textContent = _("Close");
document.getElementById("aq-mark-note").textContent = _("The passage that the answer quotes");
document.getElementById("aq-other-note").textContent = _("Another passage that the answer quotes");

function named(button, name, sign) {
  button.textContent = sign;
  button.ariaLabel = name;
  button.title = name;
}

const { answerOf, linkTo, marksIn, showBeside, showView, step } = (() => {
  const [previous, next] = [panel.querySelector(".aq-previous"), panel.querySelector(".aq-next")];
  const position = panel.querySelector(".aq-position");
  panel.querySelector(".aq-steps").ariaLabel = _("Sources of this answer");
  named(previous, _("Previous source (P)"), "‹");
  named(next, _("Next source (N)"), "›");

  // The hash of what is shown, and of the source that was shown last.
  let shown = "";
  let lastSource = "";

  // The answer that the source shown last was chosen in.
  let answer = null;

  // Of several answers that quote the same, the one that is being read, or the newest; in it, the entry in its list
  // of sources.
  function linkTo(hash) {
    return (answer?.isConnected && linkIn(answer, hash)) || linkIn(document, hash);
  }

  function linkIn(place, hash) {
    const links = [...place.querySelectorAll("a.aq-source")].reverse().filter((link) => link.hash === hash);
    return links.find((link) => link.matches(".aq-entry")) ?? links[0] ?? null;
  }

  const answerOf = (link) => (link?.isConnected ? link : link && linkTo(link.hash))?.closest(".aq-answer");

  // An answer's quotes in one article: from where to where, and the words of them that answer.
  function marksIn(id, answer) {
    const found = new Map();
    for (const link of answer?.querySelectorAll("a.aq-source") ?? []) {
      const place = PLACE.exec(link.hash);
      if (!place || articleOf(link.hash) !== id) continue;
      const words = /(?:^|\s)aq-words-(\d+)-(\d+)(?:\s|$)/.exec(link.className)?.slice(1) ?? [];
      if (words.length || !found.has(link.hash)) found.set(link.hash, [...place.slice(2), ...words].map(Number));
    }
    return [...found.values()].slice(0, 50);
  }

  function sources() {
    const links = answer?.querySelectorAll("a.aq-entry") ?? [];
    return [...new Set([...links].map((link) => link.hash))];
  }

  // From an article that is no source of the answer, the way back leads to the source before it.
  function step(by) {
    const all = sources();
    const at = all.indexOf(lastSource);
    const to = shown === lastSource || by > 0 ? all[at + by] : lastSource;
    if (to) open(to, null);
  }

  function showPosition() {
    const all = sources();
    const at = all.indexOf(shown);
    const isAway = at < 0 && all.length > 0;
    panel.querySelector(".aq-steps").hidden = !all.length;
    const where = { number: at + 1, count: all.length };
    position.textContent = isAway ? _("Not a source of the answer") : _("Source {number} of {count}", where);
    const from = isAway ? all.indexOf(lastSource) : at;
    previous.ariaDisabled = String(!isAway && from <= 0);
    next.ariaDisabled = String(from >= all.length - 1);
  }

  function showView(view, hash, focus) {
    if (view.error) {
      say(view.error);
      return focus && panel.focus();
    }
    shown = hash;
    answer = answerOf(opener) ?? null;
    if (opener?.hash === hash || (answer && linkIn(answer, hash))) lastSource = hash;
    hint.hidden = true;
    article.hidden = false;
    panel.classList.add("aq-reading");
    panel.classList.remove("aq-idle");
    article.dir = view.direction;
    article.replaceChildren(head(view), body(view, !hash.endsWith("-0-0")));
    showPosition();
    findAgain();
    const quote = article.querySelector("mark.aq-current") ?? article.querySelector("h2");
    quote.tabIndex = -1;
    if (focus) quote.focus({ preventScroll: true });
    bringIntoView(quote);
  }

  // Keeps the title in view if there is room for both, and shows the beginning of a long quote.
  function bringIntoView(mark) {
    panel.scrollTop = 0;
    const [quote, frame] = [mark.getBoundingClientRect(), panel.getBoundingClientRect()];
    if (quote.bottom < frame.bottom - frame.height / 8) return;
    mark.scrollIntoView({ block: quote.height > frame.height * 0.7 ? "start" : "center" });
  }

  function head(view) {
    const made = node("header");
    const title = made.appendChild(node("h2", "", view.title));
    title.dir = "auto";
    if (view.lang) title.lang = view.lang;
    if (view.authors) made.appendChild(node("p", "aq-authors", view.authors)).dir = "auto";
    const about = made.appendChild(node("p", "aq-about"));
    about.append(...apart(view.about.map(isolated)));
    const links = [fileLink(view)];
    if (/^https?:\/\//i.test(view.url ?? "")) {
      const link = node("a", "aq-out", _("Original page"));
      link.href = view.url;
      link.target = "_blank";
      link.rel = "noopener noreferrer";
      links.unshift(link);
    }
    made.appendChild(node("p", "aq-about aq-links")).append(...apart(links));
    made.appendChild(node("p", "aq-file-note")).role = "status";
    return made;
  }

  function isolated(text) {
    const made = node("span", "", text);
    made.dir = "auto";
    return made;
  }

  const apart = (parts) => parts.flatMap((part, number) => (number ? [" · ", part] : [part]));

  function fileLink(view) {
    const link = node("a", "aq-out aq-file", _("Original file"));
    link.href = view.original;
    link.title = view.path;
    link.addEventListener("click", fetchFile);
    return link;
  }

  // Asks first whether the file is still what was read: a download that fails would not say why.
  async function fetchFile(event) {
    event.preventDefault();
    const { href } = event.currentTarget;
    const note = article.querySelector(".aq-file-note");
    const reply = await fetch(href, { method: "HEAD" }).catch(() => null);
    if (reply?.ok) {
      note.textContent = "";
      const download = node("a");
      download.href = href;
      download.download = "";
      return download.click();
    }
    note.textContent =
      {
        409: _("The original file has changed since it was read. Run article-qa index again, then open it."),
        410: _("The original file is not offered: it is no longer in the folder, or it lies in an archive."),
      }[reply?.status] ?? _("The original file could not be fetched; the terminal may say why.");
  }

  const HEADINGS = ["h3", "h4"];

  function body(view, hasCurrent) {
    const made = node("div", "aq-text");
    if (view.lang) made.lang = view.lang;
    const highest = Math.min(...view.blocks.map(({ kind, level }) => (kind === "heading" ? level : 9)));
    let depth = 0;
    for (const [number, block] of view.blocks.entries()) {
      if (block.kind === "heading") depth = Math.min(block.level - highest, depth + 1, 1);
      const part = made.appendChild(set(block, HEADINGS[number ? depth : 0], hasCurrent));
      // The heading already says it.
      const pieces = block.lines.flatMap(({ cells }) => cells.flat());
      part.hidden = number === 0 && pieces.length === 1 && !pieces[0].quotes.length && pieces[0].text === view.title;
      made.append(block.lines.at(-1).gap);
    }
    return made;
  }

  // A block of an article as an element. All of its characters are in it, so a selection, a search and a quote meet
  // what is stored.
  function set({ kind, level, own, lines }, heading, hasCurrent) {
    const part = node({ paragraph: "p", lines: "p", heading, numbers: "ol", list: "ul", table: "table" }[kind]);
    part.className = `aq-${kind}${own ? " aq-own" : ""}`;
    if (kind !== "table") part.dir = "auto";
    if (own) part.role = "list";
    for (const [number, { cells, gap }] of lines.entries()) {
      if (kind === "table") part.append(row(cells, number ? 0 : lines.at(-1).cells.length, level > 0, hasCurrent));
      else if (kind === "paragraph") part.append(...marked(cells.flat(), hasCurrent));
      else {
        const line = part.appendChild(node(own || kind === "list" ? "li" : "span", "aq-line"));
        line.dir = "auto";
        line.append(...marked(cells.flat(), hasCurrent));
      }
      if (number < lines.length - 1) part.append(gap);
    }
    return part;
  }

  // A row of a table; the first is told how many cells the others have, since it may lack the one above the names.
  function row(cells, columns, isHead, hasCurrent) {
    const made = node("tr");
    if (cells.length < columns) made.append(node("td"));
    // Only strokes: a line that authors draw below the names.
    if (cells.flat().every(({ sign }) => sign)) made.className = "aq-rule";
    for (const pieces of cells) {
      const cell = made.appendChild(node(columns && isHead ? "th" : "td"));
      cell.dir = "auto";
      if (columns && isHead) cell.scope = "col";
      cell.append(...marked(pieces, hasCurrent));
    }
    return made;
  }

  function signed(said) {
    const made = node("span", "aq-sign");
    made.ariaHidden = "true";
    made.append(said);
    return made;
  }

  // Pieces of one quote stand in one mark; where two quotes overlap, the first counts: the one in view, if any is.
  function marked(pieces, hasCurrent) {
    const made = [];
    let last = null;
    for (const { text, quotes, words, sign } of pieces) {
      const said = words ? node("strong", "aq-answering", text) : document.createTextNode(text);
      const part = sign ? signed(said) : said;
      const quote = quotes.length ? Math.min(...quotes) : -1;
      if (quote < 0) {
        made.push(part);
      } else if (last?.quote === quote) {
        last.mark.append(part);
      } else {
        const isCurrent = hasCurrent && quote === 0;
        const mark = node("mark", isCurrent ? "aq-current" : "aq-other");
        mark.setAttribute("aria-describedby", isCurrent ? "aq-mark-note" : "aq-other-note");
        mark.append(part);
        made.push(mark);
        last = { quote, mark };
        continue;
      }
      if (quote < 0) last = null;
    }
    return made;
  }

  // What else there is of the story and the day stands below the article, so that nothing moves when it comes.
  function showBeside(found, request) {
    if (request !== requests || !found?.groups?.length) return;
    const made = node("section", "aq-beside");
    made.ariaLabel = _("Also in this index");
    made.dir = document.dir || "ltr";
    for (const { heading, entries, more } of found.groups) {
      made.append(node("h3", "", heading));
      const list = made.appendChild(node("ul"));
      for (const entry of entries) {
        const item = list.appendChild(node("li"));
        const link = item.appendChild(node("a", "aq-near", entry.title));
        link.href = `#aq-${encodeURIComponent(entry.id)}-0-0`;
        link.dir = "auto";
        if (entry.lang) link.lang = entry.lang;
        if (entry.about.length) item.appendChild(node("span", "aq-about")).append(...apart(entry.about.map(isolated)));
      }
      if (more) made.append(node("p", "aq-about", more));
    }
    article.append(made);
  }

  previous.addEventListener("click", () => previous.ariaDisabled !== "true" && step(-1));
  next.addEventListener("click", () => next.ariaDisabled !== "true" && step(1));
  return { answerOf, linkTo, marksIn, showBeside, showView, step };
})();
