"""Broken and hostile files: nothing but the project's own error, nothing read that must not be, in bounds."""

import random
import subprocess
import sys
import time
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.reading.document import Document, ReadError, Skipped
from index.reading.registry import read
from tests.conftest import ROOT
from tests.index.reading.formats.making import WHOLE, hostile

FILES = hostile()
MADE = {name: maker() for name, maker in WHOLE.items()}


def read_all(name: str, data: bytes) -> tuple[list[Document | Skipped], str]:
    found: list[Document | Skipped] = []
    try:
        found.extend(read(name, data))
    except ReadError as error:
        return found, str(error)
    return found, ""


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_hostile_file_is_read_or_refused_with_a_reason(name: str) -> None:
    begun = time.monotonic()
    found, reason = read_all(name, FILES[name])
    assert found or reason
    assert "\n" not in reason
    for item in found:
        if isinstance(item, Document):
            assert "root:" not in item.text
            assert "alert(1)" not in item.text
            assert "haha" not in item.text
        else:
            assert item.reason
    # Far beyond what any takes here; a reader that does not end would be seen.
    assert time.monotonic() - begun < 60


def test_all_of_them_stay_within_memory() -> None:
    code = (
        "import resource; from contextlib import suppress; from index.reading.document import ReadError;"
        "from index.reading.registry import read; from tests.index.reading.formats.making import hostile\n"
        "files = hostile(); before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "for name, data in files.items():\n"
        "    with suppress(ReadError):\n"
        "        for _ in read(name, data): pass\n"
        "print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert int(done.stdout.split()[-1]) < 1000


@given(
    st.sampled_from(sorted(MADE)),
    st.integers(0, 2**32),
    st.sampled_from(["flip", "cut", "insert", "repeat"]),
)
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_readers_of_damaged_files_raise_nothing_but_their_own_error(name: str, seed: int, how: str) -> None:
    dice = random.Random(seed)
    data = bytearray(MADE[name])
    for _ in range(dice.randint(1, 8)):
        at = dice.randrange(len(data))
        if how == "flip":
            data[at] = dice.randrange(256)
        elif how == "cut":
            del data[at : at + dice.randint(1, 40)]
        elif how == "insert":
            data[at:at] = dice.randbytes(dice.randint(1, 40))
        else:
            data[at:at] = data[at : at + 50]
        if not data:
            break
    with suppress(ReadError):
        for found in read(name, bytes(data)):
            assert isinstance(found, Document | Skipped)


def test_a_whole_file_of_each_kind_is_read() -> None:
    for name, data in MADE.items():
        assert any(isinstance(found, Document) for found in read(name, data)), name


def test_every_reader_has_an_ending_and_a_test_file() -> None:
    from index.reading.registry import READERS, suffix_of

    made = {READERS[suffix_of(name) or ""] for name in MADE}
    modules = {path.stem for path in (ROOT / "index" / "reading" / "formats").glob("*.py")}
    assert set(READERS.values()) == made
    assert set(READERS.values()) <= modules


# On code that takes the square of their size these take from minutes to hours.
SLOW = {
    "links.html": b"<html><body><article><p>%s</p><p>%s</p></article>" % (b"The bridge opens. " * 20, b"<a href=x>a</a> " * 60_000),
    "times.html": b"<html><body><article><p>%s</p>%s</article>" % (b"The bridge opens. " * 20, b"<time>2024 Maybe</time>" * 40_000),
    "dates.html": b"<html><head>%s</head><body><p>%s</p>" % (b'<meta name="date" content="2024 Maybe">' * 20_000, b"The bridge opens. " * 20),
    "linked.html": b'<html><script type="application/ld+json">[%s1]</script><p>%s</p>' % (b"1," * 900_000, b"The bridge opens. " * 20),
    "columns.csv": b"text" + b",a" * 200_000 + b"\n" + b"a,b\n" * 100_000,
    "words.eml": b"Subject: " + b"=?utf-8?q?a?= " * 60_000 + b"\n\nThe bridge opens.",
    "people.eml": b"From: " + b"a <a@b.c>, " * 60_000 + b"\n\nThe bridge opens.",
    "type.eml": b"Content-Type: text/plain" + b"; a*0*=b" * 60_000 + b"\n\nThe bridge opens.",
    "prolog.xml": b"\n" * 500_000 + WHOLE["a.xml"](),
    "title.rtf": b"{\\rtf1 The bridge opens.{\\title" + b" " * 2_000_000 + b"}}",
}  # fmt: skip


@pytest.mark.parametrize("name", SLOW)
def test_what_some_reader_took_the_square_of_ends(name: str) -> None:
    code = f"from tests.index.reading.formats.test_hostile import SLOW, read_all; print(len(read_all({name!r}, SLOW[{name!r}])))"
    # A limit that only such code can miss.
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, timeout=100, capture_output=True)


def test_a_crowded_page_is_read_as_running_text() -> None:
    (found,), _ = read_all("links.html", SLOW["links.html"])
    assert isinstance(found, Document)
    assert "The bridge opens. The bridge opens." in found.text
