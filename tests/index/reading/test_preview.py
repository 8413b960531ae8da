from pathlib import Path

import pytest

from index.errors import SourceError
from index.reading.preview import shown
from tests.index.reading.formats import making
from tests.index.reading.formats.making import PARAGRAPHS


def test_what_is_dropped_of_a_page_is_shown_and_no_word_of_the_article(tmp_path: Path) -> None:
    body = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    (tmp_path / "a.html").write_text(
        f"<nav><a href=/>Home</a></nav><p>We use cookies here.</p><article><h1>T</h1><p>Share on Facebook</p>{body}"
        "<ul><li>one</li><li>two</li></ul></article><footer>© 2024 Quay Post</footer>"
    )
    (found,) = shown(tmp_path / "a.html")
    assert found.article
    assert {"Home", "Share on Facebook", "© 2024 Quay Post"} <= set(found.difference.dropped)
    assert not any(text in line for text in [*PARAGRAPHS, "one"] for line in found.difference.dropped)


def test_repeats_are_shown_as_dropped(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("\n\n".join([*PARAGRAPHS, PARAGRAPHS[0], "BridgeSteelHarbourTownQuay"]))
    (found,) = shown(tmp_path / "a.txt")
    assert found.difference.dropped == (PARAGRAPHS[0], "BridgeSteelHarbourTownQuay")


def test_files_that_are_many_articles_or_none(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(making.jsonl() + b"\n{broken")
    found = list(shown(tmp_path / "a.jsonl"))
    assert [item.path for item in found] == ["a.jsonl#n1", "a.jsonl#n2", "a.jsonl#line 3"]
    assert found[2].article is None
    (tmp_path / "b.pdf").write_bytes(b"no")
    assert [item.reason for item in shown(tmp_path / "b.pdf")] == ["not a PDF"]
    with pytest.raises(SourceError, match="there is no file"):
        list(shown(tmp_path / "gone.txt"))
