// Continues reader.js: finding in the article. Matches are ranges of the text as it stands, and the browser
// highlights ranges, so the article's text and markup are never touched.

const { findAgain, findBox } = (() => {
  const findBox = panel.querySelector(".aq-find-box");
  const findCount = panel.querySelector(".aq-find-count");
  const [findPrevious, findNext] = [panel.querySelector(".aq-find-previous"), panel.querySelector(".aq-find-next")];
  findBox.placeholder = _("Find in this article");
  findBox.ariaLabel = _("Find in this article (F)");
  panel.querySelector(".aq-find").ariaLabel = _("Find in this article");
  named(findPrevious, _("Previous match"), "↑");
  named(findNext, _("Next match"), "↓");
  // More matches than this are not counted: nobody goes through them.
  const MOST = 1000;
  const BREAK = "\u0000";
  let folded = null;
  let matches = [];
  let current = -1;

  // Letters are the same without case, accents and points; blanks, dashes and apostrophes whatever their kind.
  // Marks that no reader sees are nothing.
  const foldings = new Map();
  function fold(character) {
    let found = foldings.get(character);
    if (found === undefined) {
      const plain = character.toUpperCase().toLowerCase().normalize("NFKD");
      found = plain
        .replace(/[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0640\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g, "")
        .replace(/\s/g, " ")
        .replace(/[‐-―−]/g, "-")
        .replace(/[‘’‚‛ʼ]/g, "'")
        .replace(/[“”„‟«»]/g, '"');
      foldings.set(character, found);
    }
    return found;
  }

  function foldedQuery(text) {
    return [...text].map(fold).join("").replace(/ +/g, " ").trim();
  }

  // The text of the article folded, and for each of its characters where it is from.
  function foldedArticle() {
    const [parts, nodes, starts, ends] = [[], [], [], []];
    for (const block of article.querySelectorAll(".aq-text > :not([hidden])")) {
      const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const { data, parentElement } = walker.currentNode;
        // A stroke between cells is not seen.
        const isStroke = parentElement.closest(".aq-table .aq-sign") !== null;
        for (let at = 0; at < data.length; ) {
          const character = isStroke ? data : String.fromCodePoint(data.codePointAt(at));
          for (const sign of isStroke ? " " : fold(character)) {
            if (sign === " " && parts.at(-1) === " ") continue;
            parts.push(sign);
            for (let unit = 0; unit < sign.length; unit += 1) {
              nodes.push(walker.currentNode);
              starts.push(at);
              ends.push(at + character.length);
            }
          }
          at += character.length;
        }
      }
      parts.push(BREAK);
      nodes.push(null);
      starts.push(0);
      ends.push(0);
    }
    return { text: parts.join(""), nodes, starts, ends };
  }

  function found(query) {
    folded ??= foldedArticle();
    const ranges = [];
    for (let at = folded.text.indexOf(query); at >= 0 && ranges.length <= MOST; at = folded.text.indexOf(query, at)) {
      const last = at + query.length - 1;
      const range = document.createRange();
      range.setStart(folded.nodes[at], folded.starts[at]);
      range.setEnd(folded.nodes[last], folded.ends[last]);
      ranges.push(range);
      at = last + 1;
    }
    return ranges;
  }

  function paint(name, ranges) {
    if (!CSS.highlights) return;
    if (ranges.length) CSS.highlights.set(name, new Highlight(...ranges));
    else CSS.highlights.delete(name);
  }

  function tellMatch() {
    const count = Math.min(matches.length, MOST);
    const values = { number: current + 1, count };
    findCount.textContent = !foldedQuery(findBox.value)
      ? ""
      : !count
        ? _("No match")
        : matches.length > MOST
          ? _("{number} of more than {count}", values)
          : _("{number} of {count}", values);
    for (const button of [findPrevious, findNext]) button.ariaDisabled = String(!count);
    paint("aq-find", matches);
    paint("aq-find-current", matches.slice(current, current + 1));
  }

  // Searches from where the reader is, and begins again at the top after the last match.
  function find() {
    const query = foldedQuery(findBox.value);
    matches = query && !article.hidden ? found(query) : [];
    const top = article.getBoundingClientRect().top;
    const seen = Math.max(panel.getBoundingClientRect().top, top);
    current = matches.findIndex((range) => range.getBoundingClientRect().top >= seen);
    if (current < 0 && matches.length) current = 0;
    showMatch();
  }

  function showMatch() {
    tellMatch();
    if (current < 0) return;
    const [match, frame] = [matches[current].getBoundingClientRect(), panel.getBoundingClientRect()];
    const bar = panel.querySelector(".aq-bar").offsetHeight;
    if (match.top > frame.top + bar + 8 && match.bottom < frame.bottom - 24) return;
    panel.scrollTop += match.top - frame.top - bar - (frame.height - bar) / 3;
  }

  function findStep(by) {
    const count = Math.min(matches.length, MOST);
    if (!count) return;
    current = (current + by + count) % count;
    showMatch();
  }

  // Another article was opened: the same words are looked for in it, and nothing scrolls.
  function findAgain() {
    folded = null;
    const query = foldedQuery(findBox.value);
    matches = query ? found(query) : [];
    current = matches.length ? 0 : -1;
    tellMatch();
  }

  function leaveFind() {
    findBox.value = "";
    findAgain();
    const quote = article.querySelector("mark.aq-current") ?? article.querySelector("h2") ?? panel;
    quote.focus({ preventScroll: true });
  }

  findBox.addEventListener("input", find);
  findBox.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter") findStep(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape" && findBox.value) leaveFind();
    else return;
    event.preventDefault();
  });
  findPrevious.addEventListener("click", () => findStep(-1));
  findNext.addEventListener("click", () => findStep(1));
  return { findAgain, findBox };
})();

welcome();
// For a link to a source that was copied or opened in a new tab.
if (PLACE.test(location.hash)) show(location.hash, null, !address.field("tab"));
