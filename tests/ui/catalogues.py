"""The catalogues of the page's languages. `python -m tests.ui.catalogues` brings them up to date with the code."""

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from tests.conftest import ROOT
from ui.translation import LANGUAGES, SCRIPTS

TRANSLATED = LANGUAGES[1:]
# All that a header needs. The rest names people and times, which version control knows.
_HEADER = re.compile(
    r'^"(?!Language:|Plural-Forms:|MIME-|Content-|\? |: )[A-Z][A-Za-z-]+: .*\n', re.MULTILINE
)


def code() -> Catalog:
    """Return every message in the code, without a translation."""
    found = Catalog()
    for file in sorted((ROOT / "ui").rglob("*")):
        messages: Iterator[str | tuple[str, ...]] = iter(())
        if file.suffix == ".py":
            messages = _python(ast.parse(file.read_text("utf-8")))
        elif file.suffix == ".js":
            messages = (
                message
                for _line, message, *_ in extract(
                    "javascript", io.BytesIO(file.read_bytes()), options=SCRIPTS
                )
            )
        for message in messages:
            found.add(message, None, [(file.relative_to(ROOT).as_posix(), 0)])
    return found


def _python(module: ast.Module) -> Iterator[str | tuple[str, ...]]:
    """Yield the messages of a module. Babel's own reader overlooks those in an f-string."""
    for node in ast.walk(module):
        match node:
            case ast.Call(ast.Name("_" | "label"), [ast.Constant(str(message)), *_]):
                yield message
            case ast.Call(ast.Name("ngettext"), [ast.Constant(str(one)), ast.Constant(str(many)), *_]):
                yield one, many


def place(language: str) -> Path:
    return ROOT / "ui" / "locale" / language / "LC_MESSAGES" / "messages.po"


def stored(language: str) -> Catalog:
    return read_po(io.BytesIO(place(language).read_bytes()), locale=language)


def write(language: str, catalogue: Catalog) -> None:
    text = io.BytesIO()
    write_po(text, catalogue, width=110, sort_output=True, ignore_obsolete=True, include_lineno=False)
    place(language).write_text(_HEADER.sub("", text.getvalue().decode()).lstrip("\n"), "utf-8")


def main() -> None:
    """Add the new messages to each catalogue, empty, and take out the old ones."""
    for language in TRANSLATED:
        catalogue = stored(language)
        catalogue.update(code(), no_fuzzy_matching=True)
        catalogue.header_comment = ""
        write(language, catalogue)


if __name__ == "__main__":
    main()
