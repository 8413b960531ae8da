"""Lines that pages put around their articles: consent, sharing, advertising, keywords.

Only a whole line counts, never part of a sentence. When in doubt the line stays: an article that lacks a
sentence is worse than one with a line too many.
"""

import re
from importlib import resources

_MAX_LINE = 400
_EDGES = " \t:.!…›»>→|·•*-–—+[]()"

# Whole lines in ten languages, case-folded and stripped of _EDGES.
_LINES = frozenset(resources.files(__package__).joinpath("furniture.txt").read_text("utf-8").splitlines())
# Several buttons of a page in one line.
_BUTTONS = re.compile(
    r"(?:(?:facebook|twitter|whatsapp|linkedin|telegram|pinterest|xing|reddit|e-?mail|x|share|tweet|print|teilen"
    r"|twittern|drucken|merken|partager|imprimer|compartir|imprimir|condividi|stampa|delen|поделиться|paylaş"
    r"|yazdır)\b[\s|/·,]*){2,}",
    re.IGNORECASE,
)
_BEGINNINGS = re.compile(
    r"(?:read (?:more|also|next)|see also|also read|more on this|lesen sie (?:auch|mehr|hier)|lies auch"
    r"|mehr zum thema|lire aussi|à lire aussi|lea también|leer más|leggi anche|leia (?:mais|também)"
    r"|lees (?:ook|meer)|czytaj (?:też|także|więcej)|zobacz też|читайте также|читать также"
    r"|ayrıca okuyun)\s*[:>»|]\s*\S",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(r"(?:©|\(c\))\s*\W{0,3}\w|copyright:?\s+(?:©|\(c\)|\d{4}|by\b)", re.IGNORECASE)
_CONSENT = re.compile(
    r"(?:(?:we|our partners and we|this (?:web)?site|our (?:web)?site)(?: and our partners)? uses? cookies\b"
    r"|(?:wir|(?:diese|unsere) (?:web)?seite)(?: und unsere partner)?"
    r" (?:verwende[nt]|nutz(?:en|t)|setz(?:en|t)) cookies\b"
    r"|(?:nous utilisons|ce site utilise|notre site utilise) des cookies\b"
    r"|(?:utilizamos|este sitio(?: web)? utiliza|esta (?:web|página) utiliza|usamos) cookies\b"
    r"|(?:utilizziamo|questo sito (?:utilizza|usa)) (?:i )?cookie\b"
    r"|(?:este site (?:utiliza|usa)) cookies\b|(?:deze (?:web)?site gebruikt|wij gebruiken) cookies\b"
    r"|(?:ta strona (?:używa|korzysta z)|używamy) (?:plików )?cookie"
    r"|(?:этот |наш )?сайт использует (?:файлы )?cookie"
    r"|мы используем (?:файлы )?cookie|(?:bu (?:web )?site(?:si)?|sitemiz)\w* çerez)",
    re.IGNORECASE,
)
_QUOTED = re.compile('["“”„«»]')
_HUMP = re.compile(r"[^\W\d_](?<=[a-zß-öø-ÿа-яёіїєґşğıçöü])(?=[A-ZÀ-ÖØ-ÞА-ЯЁІЇЄҐŞĞİÇ])")
_LEAST_HUMPS = 4


def is_furniture(line: str) -> bool:
    """Return whether a line with single blanks belongs to the page rather than the article."""
    if not line or len(line) > _MAX_LINE:
        return False
    if line.strip(_EDGES).casefold() in _LINES or _BUTTONS.fullmatch(line.strip(_EDGES)):
        return True
    if _QUOTED.search(line):
        return False
    begins = any(pattern.match(line) for pattern in (_BEGINNINGS, _CONSENT))
    return begins or (len(line) <= 160 and bool(_COPYRIGHT.match(line))) or _is_keywords(line)


def _is_keywords(line: str) -> bool:
    """Return whether a line is keywords run together, such as `BridgeHarbourWhitehavenSteel`."""
    humps = len(_HUMP.findall(line))
    return humps >= _LEAST_HUMPS and humps > line.count(" ") and not re.search(r"[.!?,;:](?:\s|$)", line)
