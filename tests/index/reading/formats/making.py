"""Makers of small files of every format, whole, broken and hostile. All texts are this project's own."""

import base64
import gzip
import io
import json
import random
import tarfile
import zipfile
from collections.abc import Callable

PARAGRAPHS = [
    "The harbour board said on Tuesday that the old bridge would open again in spring.",
    "Repairs cost eight million pounds, two million more than the town had planned for them.",
    "“We waited three years for this,” said Moira Kell, who runs the ferry kiosk on the quay.",
    "Buses will cross from the first day; lorries must keep to the ring road until June.",
]
TITLE = "Old bridge opens again"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def html(paragraphs: list[str] = PARAGRAPHS, title: str = TITLE) -> bytes:
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{title}</title></head><body>"
        f"<nav><a href=/>Home</a></nav><article><h1>{title}</h1>{body}</article></body></html>"
    ).encode()


def pdf(paragraphs: list[str] = PARAGRAPHS, pages: int = 1, head: str = "", password: str = "") -> bytes:
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen import canvas

    out = io.BytesIO()
    made = canvas.Canvas(out, pagesize=A4, encrypt=password or None)
    made.setTitle(TITLE)
    made.setAuthor("Ina Voss")
    for page in range(pages):
        if head:
            made.drawString(72, 810, head)
            made.drawString(290, 30, f"- {page + 1} -")
        y = 740
        for paragraph in paragraphs:
            for line in wrapped(paragraph, 60):
                made.drawString(72, y, line)
                y -= 14
            y -= 20
        made.showPage()
    made.save()
    return out.getvalue()


def two_columns(left: list[str], right: list[str]) -> bytes:
    from reportlab.pdfgen import canvas

    out = io.BytesIO()
    made = canvas.Canvas(out)
    # Line by line across both columns, as some programs write them.
    for number in range(max(len(left), len(right))):
        for x, lines in ((60, left), (320, right)):
            if number < len(lines):
                made.drawString(x, 740 - 14 * number, lines[number])
    made.showPage()
    made.save()
    return out.getvalue()


def wrapped(text: str, width: int) -> list[str]:
    import textwrap

    return textwrap.wrap(text, width)


def zipped(members: dict[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def docx(paragraphs: list[str] = PARAGRAPHS) -> bytes:
    import docx as library

    document = library.Document()
    document.core_properties.title = TITLE
    document.core_properties.author = "Ina Voss"
    document.add_heading(TITLE, 1)
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.add_paragraph("first item", style="List Bullet")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Year", "Pounds"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def odt(paragraphs: list[str] = PARAGRAPHS) -> bytes:
    body = "".join(f"<text:p>{text}</text:p>" for text in paragraphs)
    space = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{space}:office:1.0" xmlns:text="{space}:text:1.0"'
        f' xmlns:table="{space}:table:1.0"><office:body><office:text><text:h>{TITLE}</text:h>{body}'
        "<text:list><text:list-item><text:p>first item</text:p></text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell><text:p>Year</text:p></table:table-cell>"
        "<table:table-cell><text:p>Pounds</text:p></table:table-cell></table:table-row></table:table>"
        "<text:p>End<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>A note."
        "</text:p></text:note-body></text:note>.</text:p>"
        "</office:text></office:body></office:document-content>"
    )
    meta = (
        f'<office:document-meta xmlns:office="{space}:office:1.0" xmlns:meta="{space}:meta:1.0"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta><dc:title>Old bridge</dc:title>'
        "<meta:creation-date>2024-05-27T10:00:00</meta:creation-date></office:meta></office:document-meta>"
    )
    return zipped({"content.xml": content, "meta.xml": meta})


def rtf(paragraphs: list[str] = PARAGRAPHS) -> bytes:
    def escaped(text: str) -> str:
        return "".join(c if ord(c) < 128 else f"\\u{ord(c)}?" for c in text)

    body = "\\par ".join(escaped(text) for text in paragraphs)
    info = f"{{\\info{{\\title {TITLE}}}{{\\author Ina Voss}}{{\\creatim\\yr2024\\mo5\\dy27\\hr9\\min0}}}}"
    return f"{{\\rtf1\\ansi{{\\fonttbl{{\\f0 Arial;}}}}{info}\\f0 {body}\\par}}".encode()


def epub(paragraphs: list[str] = PARAGRAPHS) -> bytes:
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OPS/book.opf"/></rootfiles></container>'
    )
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>'
        f"<dc:title>{TITLE}</dc:title><dc:creator>Ina Voss</dc:creator><dc:date>2024-05-27</dc:date>"
        "<dc:language>en</dc:language></metadata><manifest>"
        '<item id="b" href="two%20.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="a" href="one.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="a"/><itemref idref="b"/></spine></package>'
    )
    half = len(paragraphs) // 2
    return zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": container,
            "OPS/book.opf": package,
            "OPS/one.xhtml": html(paragraphs[:half]),
            "OPS/two .xhtml": html(paragraphs[half:]),
        }
    )


def eml(paragraphs: list[str] = PARAGRAPHS) -> bytes:
    from email.message import EmailMessage

    message = EmailMessage()
    message["From"], message["Subject"] = "Ina Voß <ina@post.example>", TITLE
    message["Date"] = "Mon, 27 May 2024 10:00:00 +0200"
    message.set_content("\n\n".join(paragraphs))
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="x.png")
    return message.as_bytes()


def mhtml(paragraphs: list[str] = PARAGRAPHS) -> bytes:
    encoded = base64.encodebytes(html(paragraphs)).decode()
    return (
        "From: <Saved by a browser>\r\nSnapshot-Content-Location: https://news.example/bridge\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html"; boundary="--b"\r\n\r\n'
        "----b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-Location: https://news.example/bridge\r\n\r\n{encoded}\r\n"
        "----b\r\nContent-Type: image/gif\r\nContent-Transfer-Encoding: base64\r\n\r\nR0lG\r\n----b--\r\n"
    ).encode()


def feed(paragraphs: list[str] = PARAGRAPHS) -> bytes:
    body = "".join(f"&lt;p&gt;{text}&lt;/p&gt;" for text in paragraphs)
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Quay Post</title>'
        f"<language>en</language><item><title>{TITLE}</title><link>https://news.example/1</link>"
        f"<guid>g1</guid><pubDate>Mon, 27 May 2024 10:00:00 GMT</pubDate><description>{body}</description>"
        "</item></channel></rss>"
    ).encode()


def rows(paragraphs: list[str] = PARAGRAPHS) -> list[dict[str, str]]:
    text = "\n\n".join(paragraphs)
    return [
        {"id": "n1", "title": TITLE, "text": text, "date": "2024-05-27", "author": "Ina Voss"},
        {"id": "n2", "title": "Another", "text": text[::-1], "date": "2024-05-28", "author": ""},
    ]


def jsonl(paragraphs: list[str] = PARAGRAPHS) -> bytes:
    return "\n".join(json.dumps(row) for row in rows(paragraphs)).encode()


def table(paragraphs: list[str] = PARAGRAPHS) -> bytes:
    import csv

    out = io.StringIO()
    writer = csv.DictWriter(out, ["id", "title", "text", "date", "author"])
    writer.writeheader()
    writer.writerows(rows(paragraphs))
    return out.getvalue().encode()


def scanned(pages: list[list[str]], *, stamp: str = "") -> bytes:
    """Make a PDF whose pages are images of these lines, with a stamp as text."""
    from PIL import Image, ImageDraw, ImageFont
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, (595, 842))
    font = ImageFont.truetype("DejaVuSans.ttf", 30)
    for lines in pages:
        image = Image.new("L", (1240, 1754), 255)
        draw = ImageDraw.Draw(image)
        for number, line in enumerate(lines):
            draw.text((120, 260 + 42 * number), line, 0, font)
        canvas.drawImage(ImageReader(image), 0, 0, 595, 842)
        canvas.drawString(20, 10, stamp)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def mailbox() -> bytes:
    """Make two mails in one file, the second with a sentence that begins like an envelope."""
    second = eml().replace(
        b"\n\n", b"\nMessage-ID: <second@example.org>\n\nFrom now on the ferry is free.\n", 1
    )
    return (
        b"From a@example.org Mon May 27 10:00:00 2024\n"
        + eml()
        + b"\n\nFrom b@example.org Tue May 28\n"
        + second
    )


def workbook(sheets: dict[str, list[list[object]]] | None = None) -> bytes:
    """Make a workbook; without `sheets`, of one that holds the rows of the lists."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    listed: list[list[object]] = [list(rows()[0])]
    listed += [[str(value) for value in row.values()] for row in rows()]
    made = sheets or {"Articles": listed}
    for name, lines in made.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def web_archive(
    captures: list[tuple[str, str, dict[str, str], bytes]] | None = None, *, packed: bool = True
) -> bytes:
    """Make a WARC file of `captures`: address, status, headers of HTTP, body."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=packed)
    page = ("https://quay.example/a", "200 OK", {"Content-Type": "text/html; charset=utf-8"}, html())
    for url, status, headers, body in captures or [page]:
        http = StatusAndHeaders(status, list(headers.items()), protocol="HTTP/1.1")
        record = writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=http)
        writer.write_record(record)
    return out.getvalue()


def listed_archive(
    captures: list[tuple[str, str, dict[str, str], bytes]] | None = None, pages: tuple[str, ...] = ()
) -> bytes:
    """Make a WACZ file of `captures`, which lists `pages` as those that were visited."""
    lines = "".join(json.dumps({"url": url}) + "\n" for url in pages)
    return zipped({"archive/data.warc.gz": web_archive(captures), "pages/pages.jsonl": lines})


WHOLE: dict[str, Callable[[], bytes]] = {
    "a.txt": lambda: "\n\n".join(PARAGRAPHS).encode(),
    "a.md": f"# {TITLE}\n\n{PARAGRAPHS[0]}".encode,
    "a.html": html,
    "a.mhtml": mhtml,
    "a.eml": eml,
    "a.pdf": pdf,
    "a.docx": docx,
    "a.odt": odt,
    "a.rtf": rtf,
    "a.epub": epub,
    "a.json": lambda: json.dumps(rows()).encode(),
    "a.jsonl": jsonl,
    "a.csv": table,
    "a.xml": feed,
    "a.mbox": mailbox,
    "a.xlsx": workbook,
    "a.warc": lambda: web_archive(packed=False),
    "a.warc.gz": web_archive,
    "a.wacz": listed_archive,
    "a.zip": lambda: zipped({"in/b.html": html(), "c.jsonl": jsonl()}),
    "a.tar.gz": lambda: tarred({"in/b.txt": b"A text of its own in here.", "c.html": html()}),
}

_BOMB = (
    '<?xml version="1.0"?><!DOCTYPE z [<!ENTITY a "'
    + "ha" * 100
    + '">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 30}">' for a, b in zip("abcdefg", "bcdefgh", strict=True))
    + "]><z>&h;</z>"
)
_OUTSIDE = '<?xml version="1.0"?><!DOCTYPE z [<!ENTITY x SYSTEM "file:///etc/passwd">]><z>&x;</z>'


def hostile() -> dict[str, bytes]:
    """Files that are broken or meant to harm, by a name with the ending they claim."""
    random.seed(7)
    noise = random.randbytes(5000)
    made: dict[str, bytes] = {}
    for name, maker in WHOLE.items():
        stem, _, ending = name.partition(".")
        whole = maker()
        made[f"{stem}-cut.{ending}"] = whole[: len(whole) // 2]
        made[f"{stem}-noise.{ending}"] = noise
        made[f"{stem}-html.{ending}"] = b"<html><body><p>not what it says it is</p></body></html>"
        made[f"{stem}-nulls.{ending}"] = b"\0" * 3000
    with zipfile.ZipFile(io.BytesIO(docx())) as archive:
        docx_files: dict[str, bytes | str] = {name: archive.read(name) for name in archive.namelist()}
    made |= {
        "deep.html": b"<html><body>" + b"<div>" * 100_000 + b"text " * 100 + b"</div>" * 100_000,
        "tags.html": b"<b>" * 400_000,
        "script.html": html(
            [f"<script>alert(1)</script>{text}" for text in PARAGRAPHS], "<script>x</script>T"
        ),
        "no-article.html": b"<html><body><nav><a href=x>y</a></nav></body></html>",
        "deep.json": b"[" * 100_000,
        "digits.json": b"[" + b"9" * 6000 + b"]",
        "no-fields.csv": b"just words without any columns\nand a second line",
        "wide.csv": b"text," + b"a," * 100_000 + b"\n" + b"x," * 100_000,
        "bomb.xml": _BOMB.encode(),
        "outside.xml": _OUTSIDE.encode(),
        "bomb.docx": zipped({**docx_files, "word/document.xml": _BOMB}),
        "outside.docx": zipped({**docx_files, "word/document.xml": _OUTSIDE}),
        "bomb.odt": zipped({"content.xml": _BOMB}),
        "outside.odt": zipped({"content.xml": _OUTSIDE}),
        "bomb.epub": zipped({"META-INF/container.xml": _BOMB}),
        "zeros.docx": zipped({**docx_files, "word/media/x.bin": b"\0" * 150_000_000}),
        "zeros.zip": zipped({"big.txt": b" " * 150_000_000, "b.html": html()}),
        "traversal.zip": zipped({"../../evil.txt": "out of the archive", "/abs.txt": "absolute"}),
        "nested.zip": zipped({"inner.zip": zipped({"a.txt": "text"})}),
        "many.zip": zipped({f"{n}.bin": b"" for n in range(21_000)}),
        "link.tar.gz": _link(),
        "bomb.tar.gz": gzip.compress(b"\0" * 50_000_000),
        "deep.rtf": b"{\\rtf1 " + b"{" * 50_000 + b"x" + b"}" * 50_000,
        "parts.eml": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n" * 20_000,
        "header.eml": b"Subject: =?utf-8?b?////?=\nDate: x\nFrom: <<<>>>\n\nThe body of it is here.",
        "loop.pdf": b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj\ntrailer<</Root 1 0 R>>",
    }
    return made


def _link() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        entry = tarfile.TarInfo("passwd.txt")
        entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(entry)
    return out.getvalue()
