"""Mails: all of their text in order, the best of alternatives, and each mail within under its own name."""

from datetime import date

import pytest

from index.reading.document import Document
from index.reading.registry import read

_HEAD = "From: Ina Voss <ina@post.example>\nDate: Mon, 27 May 2024 10:00:00 +0200\nSubject: The loom\nMIME-Version: 1.0\n"
_OLD = "From: Old Tom <tom@post.example>\nDate: Tue, 2 Mar 1999 10:00:00 +0100\nSubject: Minutes\n\nThe weavers chose Tom with 34 votes."


def part(content_type: str, text: str, head: str = "") -> str:
    return f"Content-Type: {content_type}\n{head}\n{text}\n"


def multipart(kind: str, *parts: str, boundary: str = "b1") -> str:
    inner = "".join(f"--{boundary}\n{of}\n" for of in parts)
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"\n\n{inner}--{boundary}--\n'


def mails(body: str) -> list[Document]:
    return [found for found in read("a.eml", (_HEAD + body).encode()) if isinstance(found, Document)]


HTML = part(
    "text/html; charset=utf-8", "<h1>The loom</h1><ul><li>Sold for 90 pounds<li>to a museum in Aldmoor</ul>"
)
STUB = part("text/plain", "See https://post.example/a/very/long/address/of/this/letter in your browser.")
FULL = part("text/plain", "The loom\n\n- Sold for 90 pounds\n- to a museum in Aldmoor, says Ida")
PICTURE = part("image/png; name=a.png", "iVBO", "Content-Disposition: inline; filename=a.png\n")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (multipart("alternative", STUB, HTML), "The loom\n\nSold for 90 pounds\nto a museum in Aldmoor"),
        (multipart("alternative", FULL, HTML), "The loom\n\n- Sold for 90 pounds\n- to a museum in Aldmoor, says Ida"),
        (multipart("alternative", part("text/plain", " "), HTML), "The loom\n\nSold for 90 pounds\nto a museum in Aldmoor"),
        (multipart("mixed", part("text/plain", "One."), PICTURE, part("text/plain", "Two.")), "One.\n\nTwo."),
        (multipart("mixed", part("text/plain", "One."), part("text/html", "<p>Two.</p>")), "One.\n\nTwo."),
        (
            multipart("mixed", multipart("alternative", STUB, multipart("related", HTML, PICTURE, boundary="b3"), boundary="b2"), part("text/plain", "Bye.")),
            "The loom\n\nSold for 90 pounds\nto a museum in Aldmoor\n\nBye.",
        ),
        (multipart("mixed", part("text/plain", "One."), part("text/plain", "no", "Content-Disposition: attachment\n")), "One."),
        (part("text/plain; format=flowed", "The loom was \nsold for 90 \npounds.\nBye.\n-- \nIna"), "The loom was sold for 90 pounds.\nBye.\n-- \nIna"),
        (part("text/plain; format=flowed; delsp=yes", "織機は \n売れた。"), "織機は売れた。"),
    ],
)  # fmt: skip
def test_the_text_of_a_mail(body: str, text: str) -> None:
    (found,) = mails(body)
    assert found.text.strip() == text


def test_an_attached_mail_is_an_article_of_its_own() -> None:
    attached = part("message/rfc822", _OLD, "Content-Disposition: attachment; filename=old.eml\n")
    new, old = mails(multipart("mixed", part("text/html", "<p>Ida is chosen with 51 votes.</p>"), attached))
    assert (new.text, new.title, new.published, new.name) == (
        "Ida is chosen with 51 votes.", "The loom", date(2024, 5, 27), "",
    )  # fmt: skip
    assert (old.text.strip(), old.title, old.published, old.authors, old.name) == (
        "The weavers chose Tom with 34 votes.", "Minutes", date(1999, 3, 2), ("Old Tom",), "Minutes",
    )  # fmt: skip
    first, second, third = mails(multipart("mixed", part("text/plain", "Two."), attached, attached))
    assert [found.name for found in (first, second, third)] == ["", "Minutes", "Minutes-2"]


def test_a_mail_passed_on_within_is_marked_as_such() -> None:
    (found,) = mails(multipart("mixed", part("text/plain", "See below."), part("message/rfc822", _OLD)))
    lines = found.text.strip().split("\n\n")
    assert lines[0].strip() == "See below."
    assert lines[1].startswith("Forwarded message\nFrom: Old Tom")
    assert "Subject: Minutes" in lines[1]
    assert lines[2] == "The weavers chose Tom with 34 votes."


def test_of_a_digest_each_mail_is_one() -> None:
    digest = multipart(
        "digest", part("message/rfc822", _OLD), part("message/rfc822", _OLD.replace("Minutes", "More"))
    )
    assert [found.title for found in mails(digest)] == ["Minutes", "More"]


def test_mails_within_mails_end() -> None:
    body = part("text/plain", "The core.")
    for _ in range(60):
        body = "Content-Type: message/rfc822\n\nSubject: x\n" + body
    assert all(
        isinstance(found, Document) for found in mails(multipart("mixed", part("text/plain", "Outer."), body))
    )
