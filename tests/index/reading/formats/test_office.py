"""Word, OpenDocument and rich text: what a person reads of them, once."""

import io
import zipfile

import pytest

from index.reading.document import Document
from index.reading.registry import read
from tests.index.reading.formats import making

_MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
_WPS = 'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
_MATH = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'


def word(body: str, styles: str = "") -> str:
    """Return what is read of a Word document with this body."""
    with zipfile.ZipFile(io.BytesIO(making.docx([]))) as archive:
        parts: dict[str, bytes | str] = {name: archive.read(name) for name in archive.namelist()}
    head = f'<w:document xmlns:w="{making._W}" {_MC} {_WPS} {_MATH}>'
    parts["word/document.xml"] = f"{head}<w:body>{body}</w:body></w:document>"
    known = bytes(parts["word/styles.xml"]).decode() if isinstance(parts["word/styles.xml"], bytes) else ""
    parts["word/styles.xml"] = known.replace("</w:styles>", f"{styles}</w:styles>")
    (found,) = read("a.docx", making.zipped(parts))
    assert isinstance(found, Document)
    return found.text


def run(text: str, looks: str = "") -> str:
    return f'<w:r><w:rPr>{looks}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs: str) -> str:
    return f"<w:p>{''.join(runs)}</w:p>"


_UP, _DOWN = '<w:vertAlign w:val="superscript"/>', '<w:vertAlign w:val="subscript"/>'
_BOX = f"<w:txbxContent>{paragraph(run('In a box.'))}</w:txbxContent>"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (paragraph("<w:r><w:t>€1</w:t><w:noBreakHyphen/><w:t>2 million</w:t><w:softHyphen/></w:r>"), "€1-2 million"),
        (paragraph(run("in 1871"), run("3", _UP), run(" at 40 m"), run("2", _UP)), "in 1871 ³ at 40 m²"),
        (paragraph(run("CO"), run("2", _DOWN)), "CO2"),
        (paragraph(run("Seen"), run(" unseen", "<w:vanish/>"), run(" again", '<w:vanish w:val="0"/>')), "Seen again"),
        (paragraph(run("at "), run("8", "<w:strike/>"), run("9 o'clock")), "at 9 o'clock"),
        (paragraph(run("Hidden", '<w:rStyle w:val="Unseen"/>'), run("Shown")), "Shown"),
        (paragraph(run("7,350"), run("4", '<w:rStyle w:val="Note"/>')), "7,350 ⁴"),
        (
            paragraph(
                run("Before."),
                f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><wps:txbx>{_BOX}</wps:txbx></mc:Choice>'
                f"<mc:Fallback><w:pict>{_BOX}</w:pict></mc:Fallback></mc:AlternateContent></w:r>",
            )
            + paragraph(run("After.")),
            "Before.\n\nIn a box.\n\nAfter.",
        ),
        (paragraph(f"<w:r><w:pict>{_BOX}</w:pict></w:r>"), "In a box."),
        (paragraph("<w:ruby><w:rt>" + run("y") + "</w:rt><w:rubyBase>" + run("base") + "</w:rubyBase></w:ruby>"), "base"),
        (paragraph("<m:oMath><m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>"), "x²"),
        (
            f"<w:tbl><w:tr><w:tc>{paragraph(run('A'))}{paragraph(run('B'))}</w:tc><w:tc>{paragraph(run('1'))}</w:tc></w:tr>"
            f"<w:tr><w:trPr><w:del/></w:trPr><w:tc>{paragraph(run('gone'))}</w:tc></w:tr></w:tbl>",
            "A B | 1",
        ),
        (f"<w:customXml>{paragraph(run('Wrapped.'))}</w:customXml>", "Wrapped."),
    ],
)  # fmt: skip
def test_word(body: str, text: str) -> None:
    styles = (
        '<w:style w:type="character" w:styleId="Base"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="Unseen"><w:basedOn w:val="Base"/></w:style>'
        f'<w:style w:type="character" w:styleId="Note"><w:rPr>{_UP}</w:rPr></w:style>'
    )
    assert word(body, styles) == text


def test_a_template_states_no_date_and_no_author() -> None:
    import docx

    document = docx.Document()
    document.add_paragraph("The weavers of Aldmoor asked the county for a loan.")
    out = io.BytesIO()
    document.save(out)
    (found,) = read("a.docx", out.getvalue())
    assert isinstance(found, Document)
    assert (found.published, found.authors) == (None, ())


def opened(body: str) -> str:
    """Return what is read of an OpenDocument text with this body."""
    space = "urn:oasis:names:tc:opendocument:xmlns"
    names = " ".join(
        f'xmlns:{short}="{space}:{name}:1.0"'
        for short, name in (("office", "office"), ("text", "text"), ("table", "table"), ("style", "style"), ("draw", "drawing"))
    )  # fmt: skip
    looks = {
        "up": 'style:text-position="super 58%"', "up2": 'style:text-position="33% 58%"', "down": 'style:text-position="-25% 58%"',
        "hid": 'text:display="none"', "old": 'style:text-line-through-style="solid"', "new": 'style:text-line-through-style="none"',
    }  # fmt: skip
    styles = "".join(
        f'<style:style style:name="{name}"><style:text-properties {look}/></style:style>' for name, look in looks.items()
    )  # fmt: skip
    content = (
        f"<office:document-content {names}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    (found,) = read("a.odt", making.zipped({"content.xml": content}))
    assert isinstance(found, Document)
    return found.text


def span(style: str, text: str) -> str:
    return f'<text:span text:style-name="{style}">{text}</text:span>'


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (f"<text:p>in 1871{span('up', '3')} at 40 m{span('up2', '2')}, CO{span('down', '2')}</text:p>", "in 1871 ³ at 40 m², CO2"),
        (f"<text:p>Seen{span('hid', ' not')} at {span('old', '8')}{span('new', '9')}</text:p>", "Seen at 9"),
        ("<text:p><text:ruby><text:ruby-base>base</text:ruby-base><text:ruby-text>y</text:ruby-text></text:ruby></text:p>", "base"),
        (
            "<text:p>Before.<draw:frame><draw:text-box><text:p>In a box.</text:p></draw:text-box></draw:frame></text:p>",
            "Before.\n\nIn a box.",
        ),
        (
            "<text:list><text:list-item><text:p>A</text:p><text:list><text:list-item><text:p>B</text:p></text:list-item>"
            "</text:list></text:list-item></text:list>",
            "A\nB",
        ),
        ('<text:section text:display="none"><text:p>Hidden</text:p></text:section><text:p>Shown</text:p>', "Shown"),
    ],
)  # fmt: skip
def test_opendocument(body: str, text: str) -> None:
    assert opened(body) == text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            r"in 1871{\super 3} at 40 m\super 2\nosupersub , CO{\sub 2}, 10\up6 9\up0  looms",
            "in 1871 ³ at 40 m², CO2, 10⁹ looms",
        ),
        (r"Seen{\v  not} at {\strike 8}9 and F\_16, {\deleted gone}kept", "Seen at 9 and F‑16, kept"),
        (r"One.\par Two.\line three", "One.\n\nTwo.\nthree"),
        (
            r"Before.\par\trowd\cellx9\cellx18\intbl Mill\cell Looms\cell\row\trowd\cellx9\cellx18\intbl Aldmoor\par east"
            r"\cell 12\cell\trowd\row\pard After.",
            "Before.\n\nMill | Looms\nAldmoor east | 12\n\nAfter.",
        ),
    ],
)
def test_rich_text(body: str, text: str) -> None:
    (found,) = read("a.rtf", f"{{\\rtf1\\ansi {body}\\par}}".encode())
    assert isinstance(found, Document)
    assert found.text.strip() == text


def test_an_encrypted_book_is_refused_and_one_with_disguised_fonts_is_read() -> None:
    with zipfile.ZipFile(io.BytesIO(making.epub())) as archive:
        parts: dict[str, bytes | str] = {name: archive.read(name) for name in archive.namelist()}

    def protected(what: str, how: str) -> list[object]:
        data = (
            '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:e="http://www.w3.org/2001/04/xmlenc#">'
            f'<e:EncryptedData><e:EncryptionMethod Algorithm="{how}"/><e:CipherData><e:CipherReference URI="{what}"/>'
            "</e:CipherData></e:EncryptedData></encryption>"
        )
        return list(read("a.epub", making.zipped({**parts, "META-INF/encryption.xml": data})))

    from index.reading.document import ReadError

    with pytest.raises(ReadError, match="encrypted"):
        protected("OPS/two%20.xhtml", "http://www.w3.org/2001/04/xmlenc#aes256-cbc")
    assert protected("OPS/font.otf", "http://www.w3.org/2001/04/xmlenc#aes256-cbc")
    assert protected("OPS/one.xhtml", "http://www.idpf.org/2008/embedding")
