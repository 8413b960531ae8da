"""Reasons for which files are skipped or refused and builds fail, in the reader's language."""

import ast
from collections.abc import Iterator
from contextvars import copy_context

import pytest

from tests.conftest import ROOT
from tests.ui.catalogues import TRANSLATED
from ui.articles.reasons import reason, reasons
from ui.translation import speak

# What makes a reason, and at which place it takes it.
MAKERS = {
    "ReadError": 0,
    "PassingError": 0,
    "UnreadableError": 0,
    "Skipped": 1,
    "SourceError": 0,
    "StorageError": 0,
    "IndexBusyError": 0,
}
# What the page never meets: `article-qa show` prints it.
NOT_SHOWN = ("index/reading/preview.py",)


# Values that are words; others stand as 7.
WORDS = {
    "_holder(holder)": "another process",
    "kind": "a web archive",
    "limit": "7 GB of memory",
    "most": "7 records or 7 GB",
    "seen": ", and 7 files there are of other kinds",
}


def sample(node: ast.expr) -> str | None:
    """Return a text as the code makes it; None if it comes from elsewhere."""
    match node:
        case ast.Constant(str(text)):
            return text
        case ast.JoinedStr(parts):
            return "".join(map(value, parts))
        case ast.BinOp(left, ast.Add(), right):
            return f"{sample(left) or '7'}{sample(right) or '7'}"
    return None


def value(part: ast.expr) -> str:
    if isinstance(part, ast.FormattedValue):
        return WORDS.get(ast.unparse(part.value), "7")
    return str(part.value) if isinstance(part, ast.Constant) else ""


def made() -> Iterator[str]:
    files = [*(ROOT / "index" / "reading").rglob("*.py"), *(ROOT / "index" / "building").rglob("*.py")]
    for file in sorted(files):
        if file.relative_to(ROOT).as_posix() in NOT_SHOWN:
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            match node:
                case ast.Call(ast.Name(name), arguments) if MAKERS.get(name, 9) < len(arguments):
                    said = sample(arguments[MAKERS[name]])
                    if said is not None:
                        yield said


OTHERS = (
    "a symbolic link",
    "no ending: not a kind of file that is read",
    ".exe: not a kind of file that is read",
    "its name is not valid UTF-8",
    "what belongs to the saved page Story.html",
    "cannot be read now (Permission denied); what the index holds of it stays",
    "not an article: attachment",
    "not an e-book, or damaged: File is not a zip file",
    "no articles in /a: article-qa reads .txt .md files, and 3 files there are of other kinds",
    "process 12, since 2026-11-27T18:00:00, is writing to /a: try again when it is done",
    "the build ended unexpectedly: the terminal that runs article-qa may say why; start it again",
    "a.txt, b.txt and 4 more are damaged and not quoted: run article-qa index FOLDER",
    "made by another version or encoder: the next article-qa index rebuilds it",
)


def said_in(language: str, text: str) -> str:
    context = copy_context()
    context.run(speak, language)
    return context.run(reason, text)


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_reason_in_the_code_is_said_in_every_language(language: str) -> None:
    found = list(dict.fromkeys([*made(), *OTHERS]))
    assert len(found) > 90
    left = {text for text in found if said_in(language, text) == text}
    assert left == set()


def test_a_reason_keeps_what_it_names_and_writes_numbers_as_the_reader_does() -> None:
    assert said_in("de", "larger than 100 MB: 1,234 MB") == "größer als 100 MB: 1.234 MB"
    assert said_in("tr", "not JSON: Expecting value: line 1") == "JSON değil: Expecting value: line 1"
    assert said_in("en", "larger than 100 MB: 1,234 MB") == "larger than 100 MB: 1,234 MB"
    assert said_in("fr", "damaged: it is cut short") == "endommagé : il est tronqué"
    # What is not known stays.
    assert said_in("ru", "Something <b>else</b>: 1,234") == "Something <b>else</b>: 1,234"
    context = copy_context()
    context.run(speak, "de")
    both = "made by another version or encoder: the next article-qa index rebuilds it; empty"
    assert context.run(reasons, both).endswith("erstellt ihn neu; leer")
