"""Pages of the kinds that extraction gets wrong most often, with what must be in their text and what must not.

Each kind has several variants, put around sentences of the sample articles. For `bench.extraction`.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class Variant:
    """A page's bytes, and what its text must and must not have. A line end stands for any gap between lines."""

    page: bytes
    has: tuple[str, ...]
    hasnt: tuple[str, ...] = ()


Maker = Callable[[str, Sequence[str]], Iterator[Variant]]


def _page(title: str, body: str, head: str = "", charset: str = "utf-8") -> str:
    meta = f"<meta charset={charset}>" if charset else ""
    return f"<!doctype html><html><head>{meta}<title>{escape(title)}</title>{head}</head><body>{body}</body></html>"


def _article(title: str, prose: Sequence[str], *middle: str) -> bytes:
    first, *rest = (f"<p>{escape(text)}</p>" for text in prose)
    inside = "".join([f"<h1>{escape(title)}</h1>", first, *middle, *rest])
    return _page(title, f"<nav><a href=/>Home</a></nav><main><article>{inside}</article></main>").encode()


def _raised(title: str, prose: Sequence[str]) -> Iterator[Variant]:
    for mark in (
        "<sup>2</sup>", '<sup><a href="#n2">2</a></sup>', '<a href="#fn2" class="footnote-ref"><sup>2</sup></a>',
        '<sup id="cite_ref-2" class="reference"><a href="#cite_note-2">[2]</a></sup>',
    ):  # fmt: skip
        body = f"<p>The works cost 5,400{mark} euros a day, said the harbour board in its report.</p>"
        yield Variant(_article(title, prose, body), ("cost 5,400",), ("5,4002", "5,400[2]"))


def _lists(title: str, prose: Sequence[str]) -> Iterator[Variant]:
    items = ["Ferries sail at seven", "Trains wait for them", "Buses go at eight"]
    for tag, inner in (("ul", "{}"), ("ol", "<p>{}</p>"), ("ul", "<div>{}</div>"), ("ul", "<b>{}</b><br>")):
        made = "".join(f"<li>{inner.format(item)}</li>" for item in items)
        yield Variant(_article(title, prose, f"<{tag}>{made}</{tag}>"), ("\n".join(items),))
    nested = "<ul><li>Ferries<ul><li>at seven</li><li>at nine</li></ul></li><li>Buses</li></ul>"
    yield Variant(_article(title, prose, nested), ("at seven\nat nine\nBuses",))
    terms = "<dl><dt>Ferries</dt><dd>sail at seven</dd><dt>Buses</dt><dd>go at eight</dd></dl>"
    yield Variant(_article(title, prose, terms), ("Ferries\nsail at seven\nBuses",))


def _lines(title: str, prose: Sequence[str]) -> Iterator[Variant]:
    for body in (
        "<p>Quay Street 5<br>20457 Harbour Town<br>Open on Mondays</p>",
        "<p>Quay Street 5<br/><br/>20457 Harbour Town<br/><br/>Open on Mondays</p>",
        "<address>Quay Street 5<br>20457 Harbour Town<br>Open on Mondays</address>",
        "<blockquote>Quay Street 5<br>20457 Harbour Town<br>Open on Mondays</blockquote>",
    ):
        yield Variant(_article(title, prose, body), ("Quay Street 5\n20457 Harbour Town\nOpen on Mondays",))


def _tables(title: str, prose: Sequence[str]) -> Iterator[Variant]:
    for cell in ("{}", "<p>{}</p>", "<b>{}</b>"):
        rows = "".join(
            "<tr>" + "".join(f"<td>{cell.format(text)}</td>" for text in row) + "</tr>"
            for row in (("Year", "Passengers"), ("2022", "18,000"), ("2023", "21,500"))
        )
        yield Variant(
            _article(title, prose, f"<table>{rows}</table>"), ("2023", "21,500"), ("202221", "18,0002023")
        )


def _struck(title: str, prose: Sequence[str]) -> Iterator[Variant]:
    for tag in ("del", "s", "strike"):
        body = f"<p>The fare is <{tag}>quattuor</{tag}> five euros for all who cross the river with a bicycle.</p>"
        yield Variant(_article(title, prose, body), ("is five euros",), ("quattuor",))
    body = "<p>She said <q>the bridge is safe</q> to all who had come to the pier on that day in May.</p>"
    yield Variant(_article(title, prose, body), ("“the bridge is safe”",))
    body = "<p>Die <ruby>橋<rt>はし</rt></ruby>が開く。 The bridge opens for all who have waited on the pier.</p>"
    yield Variant(_article(title, prose, body), ("橋が開く",))


def _consent(title: str, prose: Sequence[str]) -> Iterator[Variant]:
    consent = (
        "We and our partners store and access information on a device, such as cookies, and process personal data, "
        "such as unique identifiers, for personalised advertising, measurement and the development of services. "
    )
    shown = "".join(f"<p>{escape(text)}</p>" for text in prose)
    for box in (
        f"<div class=cmp><p>{consent * 3}</p></div>", f"<section><h2>Your privacy</h2><p>{consent * 6}</p></section>",
    ):  # fmt: skip
        for order in (f"{box}<div>{shown}</div>", f"<div>{shown}</div>{box}"):
            yield Variant(_page(title, order).encode(), tuple(prose[:2]), ("store and access information",))
    kept = "<p>We use cookies from the day before, said the baker, and nobody on the pier has ever complained.</p>"
    yield Variant(_article(title, prose, kept), ("We use cookies from the day before",))


def _machine(title: str, prose: Sequence[str]) -> Iterator[Variant]:
    body = "\n\n".join(prose)
    for wrapped in ("{}", "\n//<![CDATA[\n{}\n//]]>\n"):
        linked = json.dumps({"@type": "NewsArticle", "headline": title, "articleBody": body})
        head = f'<script type="application/ld+json">{wrapped.format(linked)}</script>'
        teaser = f"<article><h1>{escape(title)}</h1><p>{escape(prose[0])}</p><p>Subscribe to read on.</p></article>"
        yield Variant(_page(title, teaser, head).encode(), tuple(prose), ("Subscribe to read on",))


def _encodings(title: str, prose: Sequence[str]) -> Iterator[Variant]:
    words = "The café’s “naïve” owner paid 30 € for the crêpes — and the pier was full of people on that day."
    page = _article(title, prose, f"<p>{words}</p>").decode()
    yield Variant(page.replace("charset=utf-8", "charset=iso-8859-1").encode("cp1252", "replace"), (words,))
    yield Variant(page.replace("charset=utf-8", "charset=utf-16").encode(), (words,))
    yield Variant(page.replace("charset=utf-8", "charset=iso-8859-1").encode(), (words,))
    yield Variant(page.replace("<meta charset=utf-8>", "").encode(), (words,))
    czech = (
        "Příliš žluťoučký kůň úpěl ďábelské ódy, řekl starosta na mostě přes řeku.",
        "Loď na ostrov vypluje v pondělí ráno a lístek bude stát třicet korun, dodal kapitán přístavu.",
        "Nikdo na nábřeží mu neodporoval, protože všichni čekali už od středy.",
    )
    for label in ("<meta charset=windows-1250>", ""):
        bare = _article("Loď vypluje v pondělí", czech).decode().replace("<meta charset=utf-8>", label)
        yield Variant(bare.encode("cp1250"), czech)


def _live(title: str, prose: Sequence[str]) -> Iterator[Variant]:
    for tag in ("article", "div", "section"):
        posts = "".join(
            f"<{tag} class=post><time>{hour}:30</time><h3>Post number {hour}</h3><p>{escape(text)}</p></{tag}>"
            for hour, text in enumerate(prose, 10)
        )
        page = _page(title, f"<main><h1>{escape(title)}</h1><div class=live>{posts}</div></main>").encode()
        yield Variant(page, (*prose, "10:30", "Post number 10", "Post number 11"))


KINDS: dict[str, Maker] = {
    "raised marks": _raised,
    "lists": _lists,
    "lines": _lines,
    "tables": _tables,
    "struck, quoted, ruby": _struck,
    "consent": _consent,
    "text for machines": _machine,
    "encodings": _encodings,
    "live blogs": _live,
}
