"""The catalogues of the page's languages. `python -m tests.ui.catalogues` brings them up to date with the code."""

import io
import re
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from tests.conftest import ROOT
from ui.translation import LANGUAGES

TRANSLATED = LANGUAGES[1:]
# All that a header needs. The rest names people and times, which version control knows.
_HEADER = re.compile(
    r'^"(?!Language:|Plural-Forms:|MIME-|Content-|\? |: )[A-Z][A-Za-z-]+: .*\n', re.MULTILINE
)


def code() -> Catalog:
    """Return every message in the code, without a translation."""
    found = Catalog()
    keywords = {**DEFAULT_KEYWORDS, "label": None}
    methods = [("**.py", "python"), ("**.js", "javascript")]
    for name, _line, message, comments, context in extract_from_dir(ROOT / "ui", methods, keywords=keywords):
        found.add(message, None, [(f"ui/{name}", 0)], auto_comments=comments, context=context)
    return found


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
