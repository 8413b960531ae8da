"""Bytes to characters, in every format that has them."""

import base64
import email.header
import io
import json
import random
import zipfile

import pytest

from index.reading.document import Document, ReadError
from index.reading.formats.encoding import decoded, decoded_names, decoded_page
from index.reading.registry import read
from tests.index.reading.formats.making import PARAGRAPHS, zipped

# Texts of our own: short, as a note is, and with what only this encoding has.
WITHOUT_LABEL = {
    "cp1250 pl": "Most w Żarach zamknięto we wtorek. Źródło pęknięć znajdzie inżynier Ścibor, mówi burmistrz Wójcik.",
    "iso8859-2 pl": "Most w Żarach zamknięto we wtorek. Źródło pęknięć znajdzie inżynier Ścibor, mówi burmistrz Wójcik.",
    "cp1250 cs": "Lávka přes řeku je zavřená. Opraví ji prý až příští týden, řekla starostka Růžena Žáčková.",
    "cp1250 cs, rare letters": "Příliš žluťoučký kůň úpěl ďábelské ódy.",
    "cp1250 hu": "A hidat kedden lezárták. A repedéseket Győrffy Ödön mérnök vizsgálja, közölte a főjegyző.",
    "cp1250 ro": "Podul a fost închis marți, iar mașinile trec pe la vadul vechi, a spus primărița.".replace("ț", "ţ").replace("ș", "ş"),
    "cp1254 tr": "Köprü salı günü kapatıldı. Çatlakları mühendis Işıl Gündoğdu inceleyecek, dedi başkan Şener.",
    "iso8859-9 tr": "Köprü salı günü kapatıldı. Çatlakları mühendis Işıl Gündoğdu inceleyecek, dedi başkan Şener.",
    "cp1251 ru": "Мост закрыли во вторник. Трещины осмотрит инженер Щукин, сообщила мэр.",
    "koi8-r ru": "Мост закрыли во вторник. Трещины осмотрит инженер Щукин, сообщила мэр.",
    "cp866 ru": "Мост закрыли во вторник. Трещины осмотрит инженер Щукин, сообщила мэр.",
    "cp1253 el": "Η γέφυρα έκλεισε την Τρίτη. Τις ρωγμές θα δει ο μηχανικός, είπε ο δήμαρχος.",
    "cp1252 de": "Die Brücke ist seit Dienstag gesperrt. „Es kostet 300 €“, sagt Bürgermeisterin Größl – mehr nicht.",
    "mac-roman de": "Die Brücke ist seit Dienstag gesperrt. Die Risse prüft Ingenieur Jäger, sagt Bürgermeisterin Größl.",
    "cp1252 en": "Repairs to the bridge will cost £40,000, said the mayor; her deputy had hoped for £30,000.",
    "cp1252 pt": "A ponte está fechada desde terça-feira; as fissuras são do verão, diz a câmara, que não quer esperar.",
    "cp932 ja": "橋は火曜日から通行止めです。ひび割れは技師が調べると市長は話しました。",
    "euc_jp ja": "橋は火曜日から通行止めです。ひび割れは技師が調べると市長は話しました。",
    "iso2022_jp ja": "橋は火曜日から通行止めです。ひび割れは技師が調べると市長は話しました。",
    "gbk zh": "大桥从星期二起关闭。裂缝由工程师检查，市长说维修费用为三百万元。",
    "big5 zh": "大橋從星期二起關閉。裂縫由工程師檢查，市長說維修費用為三百萬元。",
    "cp949 ko": "다리는 화요일부터 통제됩니다. 균열은 기술자가 살필 것이라고 시장이 말했습니다.",
    "cp1256 ar": "أغلق الجسر منذ يوم الثلاثاء. وقال رئيس البلدية إن المهندس سيفحص الشقوق.",
    "cp1255 he": "הגשר סגור מיום שלישי. המהנדס יבדוק את הסדקים, אמר ראש העיר.",
    "utf-16-le vi": "Cây cầu đóng cửa từ thứ ba. Kỹ sư sẽ kiểm tra các vết nứt, thị trưởng nói.",
    "utf-16-be de": "Die Brücke ist seit Dienstag gesperrt.",
}  # fmt: skip


@pytest.mark.parametrize("name", WITHOUT_LABEL)
def test_what_declares_nothing_is_read_as_it_was_written(name: str) -> None:
    codec, text = name.split(maxsplit=1)[0], WITHOUT_LABEL[name]
    assert decoded(text.encode(codec)) == text
    (found,) = read("a.txt", text.encode(codec))
    assert isinstance(found, Document)
    assert found.text == text


@pytest.mark.parametrize("size", [1, 40])
def test_a_long_text_with_few_letters_beyond_ascii_loses_none(size: int) -> None:
    text = "The bridge is closed, they said. " * 400 * size + "The café “Zoë” is not."
    assert decoded(text.encode("cp1252")) == text


def test_long_texts_of_dos_are_told_from_those_of_windows() -> None:
    text = "Die Brücke über den Fluß ist gesperrt, sagt Bürgermeisterin Größl; die Fähre fährt öfter. " * 30
    for codec in ("cp850", "cp1252", "mac-roman"):
        assert decoded(text.encode(codec)) == text


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("iso-8859-1", "cp1252", "“40 €” – Zoë’s"),
        ("US-ASCII", "cp1252", "“40 €” – Zoë’s"),
        ("latin1", "cp1252", "Œuvre…"),
        ("iso-8859-9", "cp1254", "“Işık” – ğ"),
        ("gb2312", "gbk", "喆明公司的大桥"),
        ("GBK", "gb18030", "喆明公司的㐀桥"),
        ("shift_jis", "cp932", "①橋の修理"),
        ("ks_c_5601-1987", "cp949", "똠방각하"),
        ("big5", "big5hkscs", "大橋嘅維修"),
        ("tis-620", "cp874", "สะพานปิด"),
        ("x-mac-cyrillic", "mac-cyrillic", "Мост закрыт"),
        ("macintosh", "mac-roman", "Brücke Größe"),
        ("cp850", "cp850", "Brücke Größe"),
        ("iso-2022-kr", "iso2022_kr", "다리"),
        ("hz-gb-2312", "hz", "大桥"),
        ("utf-7", "utf-7", "Brücke"),
    ],
)
def test_labels_mean_what_browsers_and_mail_programs_take_them_for(label: str, codec: str, text: str) -> None:
    assert decoded(text.encode(codec), label) == text
    assert decoded(text.encode(codec), label.upper()) == text


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1251", "utf-16", "utf-16le", "gb2312", "no such thing", "x-user-defined"])  # fmt: skip
def test_a_label_that_valid_utf8_contradicts_is_wrong(label: str) -> None:
    text = "Die Brücke über den Fluß öffnet"
    assert decoded(text.encode(), label) == text


def test_a_label_that_the_bytes_contradict_is_wrong() -> None:
    polish = WITHOUT_LABEL["cp1250 pl"]
    assert decoded(polish.encode("cp1250"), "iso-8859-2") == polish
    assert decoded("Die Brücke öffnet".encode("cp1252"), "utf-8") == "Die Brücke öffnet"
    assert decoded("联通".encode("gbk"), "gb2312") == "联通"


def test_a_byte_order_mark_counts_before_a_label() -> None:
    for codec in ("utf-8-sig", "utf-16", "utf-32"):
        assert decoded("Brücke".encode(codec), "iso-8859-1") == "Brücke"


def test_utf8_with_a_stray_byte_stays_what_it_is() -> None:
    text = "Die Brücke über den Fluß öffnet größer. " * 20
    assert decoded(text.encode() + b"\xe9 end") == text + "\ufffd end"


@pytest.mark.parametrize(
    "label", ["punycode", "unicode_escape", "idna", "rot13", "hex", "zlib", "../x", "\x00"]
)
def test_what_is_no_encoding_of_text_is_no_label(label: str) -> None:
    assert decoded(b"\\u0041 xn--a-ecp 4142", label) == "\\u0041 xn--a-ecp 4142"


def test_bytes_that_are_no_text_are_refused() -> None:
    dice = random.Random(1)
    for data in (
        bytes(dice.randrange(1, 256) for _ in range(3000)),
        b"\x7fELF\0\0\0\1" * 200,
        bytes(range(256)) * 4,
    ):
        with pytest.raises(ReadError, match="not text"):
            decoded(data)


PAGE = "<html><head>{}<title>Brücke</title></head><body><article>{}</article></body></html>"
BODY = "".join(f"<p>{text} Für 40 € – „so“.</p>" for text in PARAGRAPHS)


@pytest.mark.parametrize(
    ("head", "codec"),
    [
        ('<meta charset="iso-8859-1">', "cp1252"),
        ("<META HTTP-EQUIV=Content-Type CONTENT='text/html; charset=windows-1252'>", "cp1252"),
        ('<!-- <meta charset="koi8-r"> --><meta charset="latin1">', "cp1252"),
        ('<meta charset="utf-16">', "utf-8"),
        ('<meta charset="iso-8859-15">', "utf-8"),
        ("", "utf-8"),
        ("", "utf-16"),
        ("", "utf-16-le"),
        ('<meta charset="utf-8">', "cp1252"),
    ],
)
def test_pages_are_read_in_what_they_are_in(head: str, codec: str) -> None:
    (found,) = read("a.html", PAGE.format(head, BODY).encode(codec))
    assert isinstance(found, Document)
    assert "Für 40 € – „so“." in found.text
    assert found.title == "Brücke"


def test_controls_of_latin1_are_what_windows_has_there() -> None:
    from index.text.clean import canonical

    references = "&#147;Zo&#235;&#148; &#x96; &#128;40, she&#146;d say&#133; “&#1499;”"
    page = PAGE.format("", BODY.replace("Für", references)).encode()
    (found,) = read("a.html", page)
    assert isinstance(found, Document)
    assert "“Zoë” – €40, she’d say… “כ”" in found.text
    assert canonical("\x93Zoë\x94 \x96 \x8040\x85 \x81") == "“Zoë” – €40… \ufffd"
    assert canonical("one\x85two") == "one\ntwo"


def mail(head: bytes, body: bytes = b"The bridge opens.\n", charset: str = "utf-8") -> Document:
    data = (
        head
        + f"\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n".encode()
        + body
    )
    (found,) = read("a.eml", data)
    assert isinstance(found, Document)
    return found


def word(text: str, codec: str, label: str) -> bytes:
    return f"=?{label}?B?{base64.b64encode(text.encode(codec)).decode()}?=".encode()


@pytest.mark.parametrize(
    ("subject", "charset", "title"),
    [
        ("Brücke öffnet".encode("cp1252"), "iso-8859-1", "Brücke öffnet"),
        ("Brücke öffnet".encode(), "iso-8859-1", "Brücke öffnet"),
        ("Мост открыт снова".encode("koi8-r"), "koi8-r", "Мост открыт снова"),
        (word("喆明桥", "gbk", "gb2312"), "utf-8", "喆明桥"),
        (word("Brücke", "utf-8", "iso-8859-1"), "utf-8", "Brücke"),
        (word("Brücke öffnet heute", "cp1252", "utf-8"), "utf-8", "Brücke öffnet heute"),
        (word("Die Brücke öffnet", "utf-8", "unknown-8bit"), "utf-8", "Die Brücke öffnet"),
        (b"=?utf-8?Q?Br=C3?= =?utf-8?Q?=BCcke?= am =?utf-8*de?Q?Mai?=", "utf-8", "Brücke am Mai"),
        ("Brücke ".encode("cp1252") + word("öffnet", "utf-8", "utf-8"), "iso-8859-1", "Brücke öffnet"),
        (b"plain =?utf-8?B?A?= text", "utf-8", "plain =?utf-8?B?A?= text"),
        (email.header.Header("橋の修理", "iso-2022-jp").encode().encode(), "utf-8", "橋の修理"),
    ],
)  # fmt: skip
def test_headers_of_mail_are_read_whether_encoded_or_not(subject: bytes, charset: str, title: str) -> None:
    assert mail(b"From: a@b.example\nSubject: " + subject, charset=charset).title == title


def test_names_of_senders_are_decoded_after_they_are_told_apart() -> None:
    found = mail(
        b"From: =?utf-8?Q?M=C3=BCller=2C_Anna?= <a@b.example>, " + "Jörg <j@b.example>".encode("cp1252"),
        charset="latin1",
    )
    assert found.authors == ("Müller, Anna", "Jörg")


def test_bodies_of_mail_are_read_by_their_label_as_browsers_take_it() -> None:
    assert "40 € – “so”" in mail(b"From: a@b.example", "40 € – “so”\n".encode("cp1252"), "iso-8859-1").text
    assert "喆明公司" in mail(b"From: a@b.example", "喆明公司的大桥\n".encode("gbk"), "gb2312").text


@pytest.mark.parametrize(("declared", "codec"), [("iso-8859-1", "cp1252"), ("gb2312", "gbk"), ("utf-16", "utf-16"), ("windows-1251", "cp1251")])  # fmt: skip
def test_feeds_are_read_in_their_encoding(declared: str, codec: str) -> None:
    words = {"cp1252": "Für 40 €", "gbk": "喆明公司", "utf-16": "Für 40 €", "cp1251": "Мост"}[codec]
    item = f"<item><title>{words}</title><description>{words} and more of it.</description></item>"
    xml = f'<?xml version="1.0" encoding="{declared}"?><rss version="2.0"><channel><title>Q</title>{item}</channel></rss>'
    (found,) = read("a.xml", xml.encode(codec))
    assert isinstance(found, Document)
    assert (found.title, found.text) == (words, f"{words} and more of it.")


def test_an_entity_bomb_is_refused_in_any_encoding() -> None:
    xml = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE r [<!ENTITY a "haha">]><rss version="2.0"><channel></channel></rss>'
    with pytest.raises(ReadError, match="entities"):
        list(read("a.xml", xml.encode("utf-16")))


@pytest.mark.parametrize("codec", ["utf-16", "cp1250", "utf-8-sig", "utf-16-le"])
def test_lists_are_read_in_their_encoding(codec: str) -> None:
    row = {"title": "Most w Żarach", "text": WITHOUT_LABEL["cp1250 pl"]}
    for name, raw in (
        ("a.json", json.dumps([row], ensure_ascii=False)),
        ("a.csv", f'title;text\n{row["title"]};"{row["text"]}"\n'),
    ):
        (found,) = read(name, raw.encode(codec))
        assert isinstance(found, Document)
        assert (found.title, found.text) == (row["title"], row["text"])


def archive_of(names: list[str], codec: str) -> bytes:
    """Make a zip archive as programs did that did not know UTF-8: the library always marks it."""
    marked = io.BytesIO(
        zipped(
            {
                f"{number}".ljust(len(name.encode(codec)), "_"): "The bridge opens."
                for number, name in enumerate(names)
            }
        )
    )
    data = marked.getvalue()
    for number, name in enumerate(names):
        raw = name.encode(codec)
        data = data.replace(f"{number}".ljust(len(raw), "_").encode(), raw)
    assert all(not member.flag_bits & 0x800 for member in zipfile.ZipFile(io.BytesIO(data)).infolist())
    return data


@pytest.mark.parametrize(
    ("codec", "names"),
    [
        ("utf-8", ["Brücke.txt", "橋の修理について.txt"]),
        ("cp437", ["Brücke öffnet.txt", "Fähre fährt.txt"]),
        ("cp866", ["Мост открыт.txt"]),
        ("gbk", ["大桥维修通知.txt", "市长讲话.txt"]),
        ("cp932", ["橋の修理について.txt"]),
        ("cp949", ["다리 수리.txt"]),
    ],
)
def test_names_in_old_archives_are_read(codec: str, names: list[str]) -> None:
    assert [found.name for found in read("a.zip", archive_of(names, codec))] == names


def test_names_of_files_may_be_anything() -> None:
    assert decoded_names(b"") == ""
    assert decoded_names(bytes(range(1, 256)))


@pytest.mark.parametrize(
    ("declared", "codec"), [("iso-8859-1", "cp1252"), ("utf-16", "utf-16"), ("windows-1250", "cp1250")]
)
def test_chapters_are_read_in_their_encoding(declared: str, codec: str) -> None:
    page = f'<?xml version="1.0" encoding="{declared}"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p>Die Mühle öffnet.</p></body></html>'
    assert "<p>Die Mühle öffnet.</p>" in decoded_page(page.encode(codec))
