"""Precision and recall of the words taken from web pages, beside trafilatura alone.

    python -m bench.extraction [--json FILE]

The pages are made here, in several layouts, from the sample articles in `corpus/` and from what sites put
around their articles. So it is known which words belong to the article. Each word counts as often as it
occurs.

A second table has pages of the kinds that extraction gets wrong most often (`bench/page_kinds.py`): the share
of variants whose text has everything that it must have and nothing that it must not.
"""

import argparse
import html
import json
import statistics
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import trafilatura

from index.reading.document import Document, ReadError
from index.reading.registry import read
from index.text.clean import cleaned

from .page_kinds import KINDS, Variant

# Shorter paragraphs are headings.
_PROSE = 80
CORPUS = Path(__file__).parent.parent / "corpus"
# What surrounds an article, by language: navigation, consent, sharing, related, comments, footer.
AROUND = {
    "en": ("Home News Sport Weather", "We use cookies to improve your visit. Accept all", "Share on Facebook",
           "Read also: Ferry timetable changes in autumn", "Comments: First! I crossed it in 1990.", "© 2025 Quay Post"),
    "de": ("Start Politik Sport Wetter", "Wir verwenden Cookies, um Inhalte anzupassen. Alle akzeptieren",
           "Auf Facebook teilen", "Lesen Sie auch: Fähren fahren im Herbst anders",
           "Kommentare: Endlich! Das wurde auch Zeit.", "© 2025 Elbwarte"),
    "fr": ("Accueil Monde Sport Météo", "Nous utilisons des cookies pour améliorer votre visite. Tout accepter",
           "Partager sur Facebook", "Lire aussi : les ferrys changent d'horaires", "Commentaires : Enfin !",
           "© 2025 Le Quai"),
    "es": ("Inicio Mundo Deporte Tiempo", "Utilizamos cookies para mejorar su visita. Aceptar todo",
           "Compartir en Facebook", "Lea también: cambian los horarios", "Comentarios: ¡Por fin!", "© 2025 El Muelle"),
    "ru": ("Главная Мир Спорт Погода", "Мы используем файлы cookie для удобства. Принять все", "Поделиться",
           "Читайте также: паромы меняют расписание", "Комментарии: Наконец-то!", "© 2025 Причал"),
    "tr": ("Ana sayfa Dünya Spor Hava", "Bu web sitesi çerez kullanır. Tümünü kabul et", "Facebook'ta paylaş",
           "Ayrıca okuyun: Feribot saatleri değişiyor", "Yorumlar: Sonunda!", "© 2025 Rıhtım"),
}  # fmt: skip


def main() -> None:
    """Make the pages, read them both ways, and print the table."""
    parser = argparse.ArgumentParser(prog="bench.extraction", description="Measure extraction from pages.")
    parser.add_argument("--json", type=Path, help="also write the figures there")
    given = parser.parse_args()
    figures = measured()
    print(
        f"{'layout':12} {'ours: precision':>16} {'recall':>8}   {'trafilatura: precision':>22} {'recall':>8}"
    )
    for layout, row in figures.items():
        ours, bare = row["ours"], row["trafilatura"]
        print(f"{layout:12} {ours[0]:16.3f} {ours[1]:8.3f}   {bare[0]:22.3f} {bare[1]:8.3f}")
    kinds = right_by_kind()
    print(f"\n{'kind':22} {'variants':>8} {'ours':>6} {'trafilatura':>12}")
    for kind, (variants, right, bare_right) in kinds.items():
        print(f"{kind:22} {variants:8} {right / variants:6.2f} {bare_right / variants:12.2f}")
    if given.json:
        both = {"layouts": figures, "kinds": kinds}
        given.json.write_text(json.dumps(both, indent=1) + "\n", "utf-8")


def measured() -> dict[str, dict[str, tuple[float, float]]]:
    """Return mean precision and recall over the articles, by layout and by reader."""
    scores: dict[str, dict[str, list[tuple[float, float]]]] = {}
    for path in sorted([*CORPUS.glob("*.md"), *CORPUS.glob("*.txt")]):
        (document,) = read(path.name, path.read_bytes())
        if not isinstance(document, Document):
            continue
        title = document.title or path.stem
        paragraphs = [part for part in cleaned(document.text).text.split("\n\n") if part != title]
        for name, layout in LAYOUTS.items():
            page = layout(title, paragraphs, document.language or "en")
            truth = Counter(" ".join([title, *paragraphs]).split())
            row = scores.setdefault(name, {"ours": [], "trafilatura": []})
            row["ours"].append(_score(_ours(page), truth, title))
            row["trafilatura"].append(_score(trafilatura.extract(page) or "", truth, title))
    means = {
        name: {reader: _mean(values) for reader, values in readers.items()}
        for name, readers in scores.items()
    }
    means["all"] = {
        reader: _mean([value for readers in scores.values() for value in readers[reader]])
        for reader in ("ours", "trafilatura")
    }
    return means


def right_by_kind() -> dict[str, tuple[int, int, int]]:
    """Return how many variants each kind has, and how many of them either reader gets right."""
    figures: dict[str, list[int]] = {}
    for path in sorted([*CORPUS.glob("*.md"), *CORPUS.glob("*.txt")]):
        (document,) = read(path.name, path.read_bytes())
        if not isinstance(document, Document):
            continue
        title = document.title or path.stem
        parts = cleaned(document.text).text.split("\n\n")
        prose = [part for part in parts if part != title and len(part) >= _PROSE and "\n" not in part][:6]
        for kind, maker in KINDS.items() if len(prose) > 1 else ():
            for variant in maker(title, prose):
                row = figures.setdefault(kind, [0, 0, 0])
                row[0] += 1
                row[1] += _is_right(_ours(variant.page), variant)
                row[2] += _is_right(trafilatura.extract(variant.page) or "", variant)
    found = {kind: (row[0], row[1], row[2]) for kind, row in figures.items()}
    total = [sum(column) for column in zip(*found.values(), strict=True)]
    return {**found, "all": (total[0], total[1], total[2])}


def _is_right(text: str, variant: Variant) -> bool:
    # Markers of list items are a matter of taste.
    lines = [" ".join(line.split()).removeprefix("- ") for line in text.split("\n") if line.strip()]
    shown = "\n".join(lines)
    return all(words in shown for words in variant.has) and not any(words in shown for words in variant.hasnt)


def _ours(page: str | bytes) -> str:
    try:
        (found,) = read("page.html", page.encode() if isinstance(page, str) else page)
    except ReadError:
        return ""
    return cleaned(found.text).text if isinstance(found, Document) else ""


def _score(text: str, truth: Counter[str], title: str) -> tuple[float, float]:
    # Whether the heading is repeated in the text is a matter of taste: it counts for neither reader.
    heading = Counter(title.split())
    found = Counter(text.split())
    wanted = truth - heading
    extra = (found - truth).total()
    right = (found & wanted).total()
    return right / max(1, right + extra), right / max(1, wanted.total())


def _mean(values: list[tuple[float, float]]) -> tuple[float, float]:
    return statistics.mean(v[0] for v in values), statistics.mean(v[1] for v in values)


def _p(paragraphs: list[str], tag: str = "p") -> str:
    return "".join(f"<{tag}>{html.escape(text)}</{tag}>" for text in paragraphs)


def _page(title: str, language: str, body: str) -> str:
    return f"<!doctype html><html lang={language}><head><meta charset=utf-8><title>{html.escape(title)}</title></head><body>{body}</body></html>"


def _around(language: str) -> tuple[str, str]:
    menu, consent, share, related, comments, foot = map(html.escape, AROUND.get(language, AROUND["en"]))
    links = "".join(f"<li><a href='/{word}'>{word}</a></li>" for word in menu.split())
    before = f"<div id=consent class='cookie-banner'><p>{consent}</p></div><nav><ul>{links}</ul></nav>"
    after = (
        f"<div class=share><a href=#>{share}</a></div><aside class=related><h3>{related}</h3></aside>"
        f"<section id=comments class=comments><p>{comments}</p></section><footer><p>{foot}</p></footer>"
    )
    return before, after


def _semantic(title: str, paragraphs: list[str], language: str) -> str:
    before, after = _around(language)
    return _page(
        title,
        language,
        f"{before}<main><article><h1>{html.escape(title)}</h1>{_p(paragraphs)}</article></main>{after}",
    )


def _soup(title: str, paragraphs: list[str], language: str) -> str:
    before, after = _around(language)
    body = f"<div class=c1><div class=x><h1>{html.escape(title)}</h1></div><div class=y>{_p(paragraphs, 'div')}</div></div>"
    return _page(title, language, f"{before}{body}{after}")


def _tables(title: str, paragraphs: list[str], language: str) -> str:
    before, after = _around(language)
    body = f"<table><tr><td>{before}</td><td><h1>{html.escape(title)}</h1>{_p(paragraphs)}</td></tr></table>"
    return _page(title, language, f"{body}{after}")


def _breaks(title: str, paragraphs: list[str], language: str) -> str:
    before, after = _around(language)
    text = "<br><br>".join(map(html.escape, paragraphs))
    return _page(
        title, language, f"{before}<div class=content><h2>{html.escape(title)}</h2>{text}</div>{after}"
    )


def _inline(title: str, paragraphs: list[str], language: str) -> str:
    """Put other things between the paragraphs, as many sites do."""
    before, after = _around(language)
    _, _, share, related, _, _ = map(html.escape, AROUND.get(language, AROUND["en"]))
    half = len(paragraphs) // 2
    middle = f"<p>{share}</p><p>{related}</p>"
    body = f"<article><h1>{html.escape(title)}</h1>{_p(paragraphs[:half])}{middle}{_p(paragraphs[half:])}{_p(paragraphs[:1])}</article>"
    return _page(title, language, f"{before}{body}{after}")


LAYOUTS: dict[str, Callable[[str, list[str], str], str]] = {
    "semantic": _semantic,
    "div soup": _soup,
    "tables": _tables,
    "breaks": _breaks,
    "interrupted": _inline,
}

if __name__ == "__main__":
    main()
