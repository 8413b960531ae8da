"""Which kind of answer an Accept header wants."""

import pytest

from ui.api.accept import best

JSON, EVENTS, LINES = "application/json", "text/event-stream", "application/x-ndjson"


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("text/*", EVENTS),
        (EVENTS, EVENTS),
        ("Text/Event-Stream", EVENTS),
        (f"{JSON};q=0.5, {EVENTS}", EVENTS),
        (f"{EVENTS};q=0.5, {JSON}", JSON),
        (f"{EVENTS} ; Q=0.5 ,{LINES};q=0.501", LINES),
        # Equals: what is named most exactly, then first.
        (f"{EVENTS}, */*", EVENTS),
        (f"*/*, {LINES}", LINES),
        (f"{JSON}, {EVENTS}", JSON),
        (f"{EVENTS}, {JSON}", EVENTS),
        ("text/html, application/xhtml+xml, */*;q=0.8", JSON),
        # What is said of one kind counts more than what is said of many.
        (f"*/*, {JSON};q=0", EVENTS),
        (f"application/*;q=0.9, {JSON};q=0.1, {EVENTS};q=0.5", LINES),
        # Parameters, with commas and semicolons in quotes.
        (f"{JSON};charset=utf-8", JSON),
        (f'{JSON};a="b,c;q=0", {EVENTS};q=0.9', JSON),
        (rf'{JSON};a="\";q=0";q=0.1, {EVENTS};q=0.2', EVENTS),
        # What is not valid says nothing.
        (f"{JSON};q=2, {LINES};q=0.1", LINES),
        (f"{JSON};q=a, {LINES};q=0.1", LINES),
        (f"{JSON};q=0.1234, {LINES};q=0.1", LINES),
        (f"*/json, , ;, {LINES}", LINES),
        (",;/", JSON),
        (";", JSON),
        (f";,{LINES}", LINES),
        # Nothing fits.
        ("text/html", None),
        (f"{JSON};q=0", None),
        (f"{JSON};q=0.000, image/*", None),
        ("*/*;q=0", None),
    ],
)
def test_what_a_header_wants_most_is_taken(header: str, kind: str | None) -> None:
    assert best(header, (JSON, EVENTS, LINES)) == kind
