"""Bytes to characters, for every format: as declared if the bytes bear it out, else by what they suggest."""

import codecs
import re
from encodings.aliases import aliases

from index.reading.document import ReadError

_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
# Supersets that browsers read, and Python's names of what mails have and pages must not.
_SUPERSETS = {"gbk": "gb18030", "iso2022_jp": "iso2022_jp_ext", "x-user-defined": "cp1252"}
_NO_TEXT = {
    "base64_codec",
    "bz2_codec",
    "hex_codec",
    "mbcs",
    "quopri_codec",
    "rot_13",
    "uu_codec",
    "zlib_codec",
}
_OTHERS = set(aliases.values()) - _NO_TEXT
_STATEFUL = {"hz", "iso2022_jp_ext", "iso2022_kr", "utf_7"}
_TWO_BYTES = {"big5hkscs", "cp932", "cp949", "euc_jp", "gb18030", "johab"}
_ESCAPED = re.compile(rb"\x1b(?:\$[@B(]|\([IJ])")
_HIGH = re.compile(rb"[\x80-\xff]+")
# What no text has: bytes that were not decoded, and controls where other encodings have letters.
_DAMAGE = re.compile("[\ufffd\x80-\x84\x86-\x9f]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# Of what is not ASCII so much may be damaged. What looks like UTF-8 seldom is anything else.
_MOST_DAMAGED, _MOST_DAMAGED_UTF8 = 0.05, 0.3
# In an encoding of two bytes a character fewer bytes than these may be valid UTF-8 by chance.
_NO_CHANCE = 8
_SAMPLE = 100_000
# What people's files are in; a few letters are easily taken for those of DOS, which count in longer texts.
_COMMON = [
    "utf-8", "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258",
    "cp874", "iso8859-2", "iso8859-5", "iso8859-7", "iso8859-9", "koi8-r", "koi8-u", "cp866", "mac-roman",
    "cp932", "euc_jis_2004", "iso2022_jp_ext", "iso2022_jp_2", "iso2022_kr", "gb18030", "big5hkscs", "cp949",
]  # fmt: skip
_DOS = ["cp437", "cp737", "cp850", "cp852", "cp857"]
_NAMES = [*_DOS, "cp855", "cp862", "cp866", "cp932", "gb18030", "cp949"]
_LONG = 150
# Of one byte a character, with letters that no word has beside Latin ones.
_OTHER_SCRIPTS = {
    "cp1251", "cp1253", "cp1255", "cp1256", "cp874", "iso8859-5", "iso8859-7", "koi8-r", "koi8-u", "cp866",
    "cp737", "cp855", "cp862",
}  # fmt: skip
_OTHER = r"[^\W\d_A-Za-z]"
_BESIDE_ASCII = re.compile(rf"(?=[A-Za-z]{_OTHER}|{_OTHER}[A-Za-z])")
_BESIDE_OTHERS = re.compile(rf"(?={_OTHER}{_OTHER})")
# A page says its encoding near its top.
_PROLOG = 8192
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_META = re.compile(
    rb"""<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}["']?\s{0,9}([\w:.()+-]{2,40})""", re.IGNORECASE
)
_XML = re.compile(rb"""\s{0,99}<\?xml[^>]{1,99}?encoding\s{0,9}=\s{0,9}["']([\w:.()+-]{2,40})""")


def decoded(data: bytes, label: str | None = None) -> str:
    """Return the characters of a text, for which the encoding `label` may be declared.

    A byte order mark counts first, then being valid UTF-8, then the label as browsers take it, and last
    what the bytes suggest. Raises ReadError if they are no text.
    """
    for mark, codec in _MARKS.items():
        if data.startswith(mark):
            return data[len(mark) :].decode(codec, "replace")
    if wide := _wide(data):
        return data.decode(wide, "replace")
    if b"\0" in data[:8192]:
        raise ReadError("not text: it holds zero bytes")
    declared = _codec(label)
    if declared in _STATEFUL:
        return data.decode(declared, "replace")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _not_utf8(data, declared)
    if declared in _TWO_BYTES and 0 < sum(map(len, _HIGH.findall(data))) < _NO_CHANCE:
        return _not_utf8(data, declared)
    return data.decode(_suggested(data), "replace") if _ESCAPED.search(data) else text


def decoded_page(data: bytes, label: str | None = None) -> str:
    """Return the characters of a page or of XML, whose own declaration counts where `label` states none."""
    if not data.startswith(tuple(_MARKS)) and not _wide(data):
        data = data.replace(b"\0", b"")
    return decoded(data, label or _declared_in(data))


def decoded_names(data: bytes) -> str:
    """Return the names of files in an archive that does not say their encoding: some DOS's, or UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode(_suggested(data, _NAMES), "replace")
    except ReadError:
        # What the standard says they are, which takes all bytes.
        return data.decode("cp437")


def _declared_in(data: bytes) -> str | None:
    prolog = _COMMENT.sub(b"", data[:_PROLOG])
    found = _META.search(prolog) or _XML.match(prolog)
    return found[1].decode("ascii") if found else None


def _codec(label: str | None) -> str | None:
    """Return Python's name of the encoding that a label means, or None if it means none."""
    from webencodings import lookup

    if not label:
        return None
    known = lookup(label)
    if known and known.name != "replacement":
        return _SUPERSETS.get(known.codec_info.name, str(known.codec_info.name))
    name = re.sub(r"[^a-z0-9]+", "_", label.strip().lower())
    name = aliases.get(name, name)
    return name if name in _OTHERS else None


def _wide(data: bytes) -> str | None:
    """Return which UTF-16 or UTF-32 without a byte order mark the bytes are, by where their zeros are."""
    head = data[: min(len(data) // 4 * 4, 4096)]
    zeros = [head[place::4].count(0) for place in range(4)]
    if sum(zeros) * 10 < len(head) or not head:
        return None
    whole = 0.9 * len(head) / 4
    if min(zeros[2:]) > whole or min(zeros[:2]) > whole:
        name = "utf-32-le" if zeros[3] > zeros[0] else "utf-32-be"
    else:
        name = "utf-16-le" if zeros[1] + zeros[3] > zeros[0] + zeros[2] else "utf-16-be"
    text = "".join(head.decode(name, "ignore").split())
    is_text = not _CONTROL.search(text) and sum(map(str.isprintable, text)) >= 0.95 * len(text) > 0
    return name if is_text else None


def _not_utf8(data: bytes, declared: str | None) -> str:
    """Decode by the first encoding that leaves little damage: the declared one, UTF-8, the likeliest."""
    found = []
    for codec in (declared, "utf-8", ""):
        if codec is not None and not codec.startswith(("utf-16", "utf-32")):
            text = data.decode(codec or _suggested(data), "replace")
            damage = len(_DAMAGE.findall(text)) / max(1, sum(not character.isascii() for character in text))
            if damage <= (_MOST_DAMAGED_UTF8 if codec == "utf-8" else _MOST_DAMAGED):
                return text
            found.append((damage, text))
    return min(found)[1]


def _suggested(data: bytes, among: list[str] | None = None) -> str:
    import chardet

    first = _HIGH.search(data)
    start = max(0, first.start() - 1000) if first and not _ESCAPED.search(data) else 0
    sample = data[start : start + _SAMPLE]
    # Without Latin-1, which is none of them, it takes English for DOS.
    among = among or ([*_COMMON, *_DOS, "iso8859-1"] if len(sample) >= _LONG else _COMMON)
    found = chardet.detect(sample, include_encodings=among, no_match_encoding=among[0], compat_names=False)[
        "encoding"
    ]
    if not found:
        raise ReadError("not text: no encoding fits its bytes")
    if found in _OTHER_SCRIPTS and _is_mixed(sample.decode(found, "replace")):
        return _suggested(data, [name for name in among if name not in _OTHER_SCRIPTS])
    return "cp1252" if found == "iso8859-1" else found


def _is_mixed(text: str) -> bool:
    """Return whether other letters stand beside those of ASCII rather than beside each other."""
    return len(_BESIDE_ASCII.findall(text)) > len(_BESIDE_OTHERS.findall(text))
