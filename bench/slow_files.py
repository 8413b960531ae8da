"""Files made to be slow to read: much of one thing, in every format. For `bench.linear`."""

import html
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator

from tests.index.reading.formats import making

_PROSE = " ".join(making.PARAGRAPHS)

UNITS = {
    "blanks": " ", "no-break blanks": "\u00a0", "wide blanks": "\u2003", "ideographic blanks": "\u3000",
    "tabs": "\t", "LF": "\n", "CR": "\r", "CR LF": "\r\n", "line separators": "\u2028",
    "paragraph separators": "\u2029", "form feeds": "\f", "next lines": "\x85", "blank, LF": " \n", "LF, tab, NBSP": "\n\t\u00a0",
    "blank, U+2029": " \u2029", "x, LF": "x\n", "x, LF, LF": "x\n\n", "x, blanks": "x" + " " * 50, "dots": ".", "a. ": "a. ", "A. ": "A. ",
    "?’ A": "?’ A", "!” said": "!” Ann said ", "ellipses": "… ", "semicolons": "; ", "digits": "7", "1. ": "1. ", "1.LF": "1.\n", "1,": "1,", "3. 10. ": "3. 10. ",
    "straight quotes": '"', "apostrophes": "'", "curly quotes": "“", "closing quotes": "”", "guillemets": "«»",
    "one letter": "a", "capitals": "A", "humps": "aB", "one word": "lighthouse", "Capitalized words": "Bridge Ferry ",
    "(": "(", ")": ")", "[": "[", "]": "]", "{": "{", "}": "}", "<": "<", ">": ">", "()": "()", "[]": "[]", "[](": "[](",
    "hashes": "#", "# LF": "# \n", "bars": "|", "rows of bars": "|a|b|\n", "rules of bars": "|-|-|\n", "hyphens": "-", "- LF": "- \n", "asterisks": "*", "*a ": "*a ", "**a ": "**a ", "underscores": "_", "_a ": "_a ",
    "quote marks LF": ">\n", "deep quotes": "> ", "deep items": "- ", "deep numbers": "1) ", "backticks": "`", "a`": "a`", "` ``": "` ``", "fences": "```\n", "tildes": "~", "~~~LF": "~~~\n", "ampersands": "&",
    "entities": "&amp;", "broken entities": "&amp", "&#": "&#", "backslashes": "\\", "combining marks": "\u0301", "marks out of order": "\u0301\u0323",
    "emoji with joiners": "👩\u200d", "flags": "🇩🇪", "Chinese": "桥", "Chinese stops": "桥。", "Thai": "สะพาน", "Thai, blank": "สะพาน ", "Arabic": "جسر ", "Hebrew": "גשר", "Hindi": "पुल ",
    "Hangul": "다리 ", "Devanagari stops": "पुल। ", "[[": "[[", "](": "](", "![": "![", "[a](": "[a](", "[a]: b LF": "[a]: b\n", "<a ": "<a ", '<a href="': '<a href="', "<!--": "<!--",
    "<![CDATA[": "<![CDATA[", "<script>": "<script>", "<p>": "<p>", "<div>": "<div>", "<b>": "<b>", "<table><tr><td>": "<table><tr><td>", "<td>": "<td>", "<li>": "<li>", "<br>": "<br>", "</p>": "</p>",
    "<h1>": "<h1>", "<time>": "<time>2024 Maybe</time>", "<p>a</p>": "<p>a</p>", "<p>prose</p>": f"<p>{_PROSE}</p>", "<a>a</a>": "<a href=x>a</a> ", "<i>a</i>": "<i>a</i>", "<meta>": '<meta name="date" content="2024 Maybe">', "<!DOCTYPE": "<!DOCTYPE ", "<?": "<?", "http://": "http://a.b ", "e-mail": "a@b.c ",
    "latin-1": "\udce9 ", "stray bytes": "\udcff", "prose": _PROSE + "\n\n", "prose in a line": _PROSE + " ", "wrapped prose": making.PARAGRAPHS[0] + "\n", "furniture": "Share on Facebook\n", "buttons": "share tweet ", "©": "© ", "soft hyphens": "\u00ad", "zero width": "\u200b", "bidi": "\u202e",
    "varied words": "", "front matter": "---\na: ", "replacement": "\ufffd",
}  # fmt: skip


def _text(text: str) -> bytes:
    return f"{_PROSE}\n\n{text}\n\n{_PROSE}".encode("utf-8", "surrogateescape")


def _only(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _page(text: str) -> bytes:
    return b"<html><body><article><p>%b</p><p>%b</p></article></body></html>" % (_PROSE.encode(), _only(text))


def _mail(text: str) -> bytes:
    return b"From: a <a@b.example>\nSubject: Bridge\nContent-Type: text/plain; charset=utf-8\n\n" + _text(
        text
    )


def _header(text: str) -> bytes:
    clean = " ".join(text.split("\n"))
    return f"From: {clean}\nSubject: {clean}\nContent-Type: text/plain; x={clean}\n\n{_PROSE}".encode(
        "utf-8", "surrogateescape"
    )


def _in_xml(text: str) -> str:
    return html.escape(re.sub("[\x00-\x08\x0b-\x1f\x85\ud800-\udfff\ufffe\uffff]", "", text))


def _docx(text: str) -> bytes:
    return _with_xml(making.docx([_PROSE, "HERE"]), "word/document.xml", text)


def _odt(text: str) -> bytes:
    return _with_xml(making.odt([_PROSE, "HERE"]), "content.xml", text)


def _with_xml(made: bytes, name: str, text: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        members: dict[str, bytes | str] = {member: archive.read(member) for member in archive.namelist()}
    old = members[name]
    assert isinstance(old, bytes)
    return making.zipped({**members, name: old.replace(b"HERE", _in_xml(text).encode())})


def _rtf(text: str) -> bytes:
    return b"{\\rtf1\\ansi " + _PROSE.encode("ascii", "ignore") + b"\\par " + _only(text) + b"\\par}"


def _epub(text: str) -> bytes:
    return making.epub(["Chapter one.", _PROSE, text.encode("utf-8", "replace").decode()])


def _feed(text: str) -> bytes:
    return making.feed([_PROSE, _in_xml(html.escape(text))])


def _raw_feed(text: str) -> bytes:
    return making.feed([_PROSE]).replace(
        b"</channel>", b"<item><title>T</title>" + _only(text) + b"</item></channel>"
    )


def _json(text: str) -> bytes:
    return json.dumps({"title": "Bridge", "text": f"{_PROSE} {text}"}).encode()


def _jsonl(text: str) -> bytes:
    return b"\n".join(
        json.dumps({"title": "Bridge", "text": f"{_PROSE} {text[at : at + 20_000]}"}).encode()
        for at in range(0, len(text), 20_000)
    )


def _csv(text: str) -> bytes:
    quoted = text.replace('"', '""')
    return f'title,text\nBridge,"{_PROSE} {quoted}"\n'.encode("utf-8", "surrogateescape")


WRAPPERS: dict[str, Callable[[str], bytes]] = {
    ".txt": _text,
    ".text": _only,
    ".md": _text,
    ".html": _page,
    ".htm": _only,
    ".eml": _mail,
    ".docx": _docx,
    ".odt": _odt,
    ".rtf": _rtf,
    ".epub": _epub,
    ".xml": _feed,
    ".rss": _raw_feed,
    ".json": _json,
    ".jsonl": _jsonl,
    ".csv": _csv,
}


def _repeated(before: str, unit: str, after: str = "", middle: str = "") -> Callable[[int], bytes]:
    def make(size: int) -> bytes:
        count = size // (len(unit.encode()) + len(middle.encode()))
        return (before + unit * count + (middle * count if middle else "") + after).encode()

    return make


def _pdf_page(size: int) -> bytes:
    """Return a PDF of one page with many lines, each in a box of its own."""
    from reportlab.pdfgen import canvas

    out = io.BytesIO()
    made = canvas.Canvas(out, pagesize=(600, 40 * size // 100 + 100))
    for number in range(size // 100):
        made.drawString(50 + 300 * (number % 2), 40 * number + 50, f"Line {number} of the bridge. " * 3)
    made.save()
    return out.getvalue()


def _pdf_pages(size: int) -> bytes:
    return making.pdf(making.PARAGRAPHS, max(1, size // 1500), "Quay Post")


def _md_table(size: int) -> bytes:
    columns = size // 10
    return ("|a" * columns + "|\n" + "|-" * columns + "|\n" + "|\n" * (size // 4)).encode()


def _xml_odt(size: int, opened: str, closed: str) -> bytes:
    depth = 60
    text = "word " * (size // 5)
    made = making.odt([_PROSE, "HERE"])
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        content = archive.read("content.xml").decode()
    inner = (
        f"{opened * depth}<text:p>{text}</text:p>{closed * depth}"
        if "span" not in opened
        else f"<text:p>{opened * depth}{text}{closed * depth}</text:p>"
    )
    return making.zipped({"content.xml": content.replace("<text:p>HERE</text:p>", inner)})


def _docx_paragraphs(size: int) -> bytes:
    made = making.docx([_PROSE, "HERE"])
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        members: dict[str, bytes | str] = {name: archive.read(name) for name in archive.namelist()}
    old = members["word/document.xml"]
    assert isinstance(old, bytes)
    paragraph = b"<w:p><w:r><w:t>a</w:t></w:r></w:p>"
    return making.zipped(
        {
            **members,
            "word/document.xml": old.replace(
                b"<w:sectPr", paragraph * (size // len(paragraph)) + b"<w:sectPr"
            ),
        }
    )


def _epub_pages(size: int) -> bytes:
    made = making.epub()
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        members: dict[str, bytes | str] = {name: archive.read(name) for name in archive.namelist()}
    old = members["OPS/book.opf"]
    assert isinstance(old, bytes)
    return making.zipped(
        {
            **members,
            "OPS/book.opf": old.replace(b"</spine>", b'<itemref idref="a"/>' * (size // 20) + b"</spine>"),
        }
    )


def _sheet(size: int) -> bytes:
    lines: list[list[object]] = [["title", "text"]]
    lines += [["a", f"{_PROSE} {number}"] for number in range(size // 20)]
    return making.workbook({"List": lines})


SPECIAL: dict[str, Callable[[int], bytes]] = {
    ".json deep arrays": _repeated("", "[", ""),
    ".json deep objects": _repeated("", '{"a":', ""),
    ".json numbers": _repeated("[", "1,", "1]"),
    ".json digits": _repeated("[", "1", "]"),
    ".json rows": _repeated("[", '{"title": "A", "text": "The bridge opens in spring."},', "{}]"),
    ".jsonl broken rows": _repeated("", "{\n"),
    ".csv rows": _repeated("title,text\n", "a,The bridge opens in spring.\n"),
    ".csv columns": _repeated("text", ",a", "\nThe bridge"),
    ".csv columns and rows": _repeated("text", ",a", "\n", "\na,b"),
    ".csv fields in a row": _repeated("title,text\n", "a,"),
    ".csv open quotes": _repeated("title,text\n", '"a,"\n'),
    ".csv header": lambda size: b"a" * size,
    ".tsv rows": _repeated("title\ttext\n", "a\tThe bridge opens in spring.\n"),
    ".eml parts": _repeated("Content-Type: multipart/mixed; boundary=b\n\n", "--b\n\na\n"),
    ".eml deep parts": lambda size: b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(size // 60)
    ),
    ".eml headers": _repeated("From: a\n", "a: b\n", "\nbody"),
    ".eml encoded words": _repeated("Subject: ", "=?utf-8?q?a?= ", "\n\nbody"),
    ".eml addresses": _repeated("From: ", "a <a@b.c>, ", "\n\nbody"),
    ".eml comments": _repeated("From: ", "(", "\n\nbody"),
    ".eml date": _repeated("Date: ", "1 ", "\n\nbody"),
    ".eml parameters": _repeated("Content-Type: text/plain", "; a*0*=b", "\n\nbody"),
    ".eml base64": _repeated("Content-Transfer-Encoding: base64\n\n", "YWFh\n"),
    ".eml quoted-printable": _repeated("Content-Transfer-Encoding: quoted-printable\n\n", "=3D=\n"),
    ".mhtml parts": _repeated("Content-Type: multipart/related; boundary=b\n\n", "--b\nContent-Type: text/html\n\n<p>a\n"),
    ".rtf groups": _repeated("{\\rtf1 ", "{", "x"),
    ".rtf closed groups": _repeated("{\\rtf1 ", "{a}", "}"),
    ".rtf words": _repeated("{\\rtf1 ", "\\par a", "}"),
    ".rtf hex": _repeated("{\\rtf1 ", "\\'e9", "}"),
    ".rtf unicode": _repeated("{\\rtf1 ", "\\u8364?", "}"),
    ".rtf pictures": _repeated("{\\rtf1 ", "{\\pict ", "}"),
    ".rtf fonts": _repeated("{\\rtf1 {\\fonttbl", "{\\f0 A;}", "}a}"),
    ".rtf links": _repeated("{\\rtf1 ", '{\\field{\\*\\fldinst{HYPERLINK "a"', "}"),
    ".rtf titles": _repeated("{\\rtf1 a", "{\\title ", "}"),
    ".rtf title of blanks": _repeated("{\\rtf1 a{\\title", " ", "}"),
    ".xml items": _repeated('<rss version="2.0"><channel>', "<item><title>A bridge</title></item>", "</channel></rss>"),
    ".xml cut items": _repeated('<rss version="2.0"><channel>', "<item><title>A bridge"),
    ".xml LF before": _repeated("\n", "\n", '<rss version="2.0"><channel><item><title>A</title></item></channel></rss>'),
    ".xml entities": _repeated("<!DOCTYPE a [", "<!ENTIT ", "]><rss><channel></channel></rss>"),
    ".odt nested spans": lambda size: _xml_odt(size, "<text:span>", "</text:span>"),
    ".odt nested lists": lambda size: _xml_odt(size, "<text:list><text:list-item>", "</text:list-item></text:list>"),
    ".odt nested tables": lambda size: _xml_odt(
        size, "<table:table><table:table-row><table:table-cell>", "</table:table-cell></table:table-row></table:table>"
    ),
    ".odt paragraphs": lambda size: making.odt(["a"] * (size // 20)),
    ".docx paragraphs": _docx_paragraphs,
    ".epub pages": _epub_pages,
    ".pdf lines on a page": _pdf_page,
    ".pdf pages": _pdf_pages,
    ".zip members": lambda size: making.zipped({f"{n}.txt": "The bridge opens." for n in range(size // 120)}),
    ".mbox mails": _repeated("", "From a\nSubject: b\n\nThe bridge opens.\n\n"),
    ".mbox envelopes": _repeated("From a\nSubject: b\n\n", "From a\n"),
    ".mbox quote marks": _repeated("From a\nSubject: b\n\n", ">"),
    ".mbox headers without end": _repeated("From a\nSubject: b\n\n", "From a\na"),
    ".warc records": _repeated("", "WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 0\r\n\r\n\r\n\r\n"),
    ".warc headers": _repeated("WARC/1.0\r\n", "WARC-Type: response\r\n", "\r\n"),
    ".xlsx rows": _sheet,
    ".xlsx columns": lambda size: making.workbook({"List": [["text"] * min(900, size // 20)] * (size // 20_000 + 1)}),
    ".html JSON-LD": _repeated('<html><script type="application/ld+json">[', "1,", f"1]</script><p>{_PROSE}</p>"),
    ".html nested tables": _repeated("<html><body>", "<table><tr><td>a", f"{_PROSE}"),
    ".html nested lists": _repeated("<html><body>", "<ul><li>a", f"{_PROSE}"),
    ".html attributes": _repeated("<html><body><p ", "a=b ", f">{_PROSE}</p>"),
    ".html style": _repeated("<html><body><p style='", "display ", f"'>{_PROSE}</p>"),
    ".html title": _repeated("<html><head><title>", "a - ", f"</title></head><body><p>{_PROSE}</p>"),
    ".md table": _md_table,
    ".md references": _repeated("", "[a]: <b> 'c'\n"),
    ".md nested emphasis": _repeated("", "*a _b ", "", " c_ d*"),
    ".md links in links": _repeated("", "[a", "", "](b)"),
    ".md setext": _repeated("", "a\n=\n"),
    ".txt front matter": _repeated("---\na: ", " ", "\n---\nThe bridge opens."),
}  # fmt: skip


def cases() -> Iterator[tuple[str, str, Callable[[int], bytes]]]:
    """Yield for each file its ending, its kind, and its maker, which takes a size in bytes."""
    for ending, wrapped in WRAPPERS.items():
        for kind, unit in UNITS.items():
            yield ending, kind, lambda size, u=unit, w=wrapped: w(_filled(u, size))  # type: ignore[misc]
    for name, make in SPECIAL.items():
        ending, _, kind = name.partition(" ")
        yield ending, kind, make


def _filled(unit: str, size: int) -> str:
    """Repeat `unit` up to a size in bytes; without a unit return words that are all different."""
    if not unit:
        return " ".join(f"Word{n}" for n in range(size // 10))
    return unit * max(1, size // len(unit.encode("utf-8", "surrogateescape")))
