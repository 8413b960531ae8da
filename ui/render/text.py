"""Other people's text in HTML: escaped, it never becomes markup."""

import re
from datetime import date
from urllib.parse import urlsplit

from babel.dates import format_date

from ui.translation import locale

# What HTML cannot hold, even as a character reference.
_UNSHOWABLE = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# No-break spaces are not among them: "12 %" should stay on one line.
_BLANKS = re.compile(r"[\t-\r\x1c-\x1f\x85\u2028\u2029 ]+")
# A language as BCP 47 names it.
_CODE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
# All ASCII punctuation, which includes whatever has a meaning in HTML, Markdown or LaTeX.
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")


def escaped(text: str) -> str:
    """Return `text` so that both HTML and Markdown show it literally, on one line."""
    return _escaped(_line(text).strip(" "))


def pieces(text: str, start: int, end: int) -> tuple[str, str, str]:
    """Return a text, escaped, in three: up to `start`, from there up to `end`, and the rest."""
    ahead, inside, rest = (_line(part) for part in (text[:start], text[start:end], text[end:]))
    return _escaped(ahead.lstrip(" ")), _escaped(inside), _escaped(rest.rstrip(" "))


def _line(text: str) -> str:
    return _BLANKS.sub(" ", _UNSHOWABLE.sub("\ufffd", text))


def _escaped(text: str) -> str:
    return _PUNCTUATION.sub(lambda match: f"&#{ord(match[0])};", text)


def long_date(day: str | None) -> str | None:
    """Return 2024-05-27 as the reader writes it: 27 May 2024."""
    return str(format_date(date.fromisoformat(day), "long", locale=locale())) if day else None


def spoken(language: str | None) -> str:
    """Return an attribute that says in what language other people's text is read aloud, or nothing."""
    return f' lang="{language}"' if language and _CODE.fullmatch(language) else ""


def language_name(code: str | None) -> str | None:
    """Return the name of a language as the reader calls it, or its code if the name is not known."""
    return locale().languages.get(code, code) if code else None


def web_address(url: str | None) -> str | None:
    """Return `url` if it leads to a web page, or None: an article may give any scheme."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.hostname else None
