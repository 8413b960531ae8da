import re
import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.clean import Cleaned, canonical, cleaned, normalized
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("one \n \t \n\n  two ", "one\n\ntwo"),
        ("a \u00a0\u2009 b\tc", "a b c"),
        ("soft\u00adhyphen zero\u200bwidth \ufeffmark", "softhyphen zerowidth mark"),
        ("left\u202eright\u2066x", "leftrightx"),
        ("bell\x07 null\x00 escape\x1b[31m", "bell null escape[31m"),
        ("e\u0301", "é"),
        ("نمی\u200cخواهم", "نمی\u200cخواهم"),
        ("", ""),
        (" \n\t ", ""),
    ],
)
def test_canonical(raw: str, expected: str) -> None:
    assert canonical(raw) == expected


def test_lists_and_verse_keep_their_lines() -> None:
    assert canonical("- bread\n- butter\n- jam") == "- bread\n- butter\n- jam"
    full = "A line that is a whole sentence of some sixty characters, yes."
    assert canonical(f"{full}\n{full}\nend") == f"{full}\n{full}\nend"


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("\n\r\t \u2028\u2029\u202e\u200b\x00"))))
def test_canonical_text_is_clean_and_stays_as_it_is(raw: str) -> None:
    text = canonical(raw)
    assert canonical(text) == text
    assert unicodedata.is_normalized("NFC", text)
    assert text == text.strip()
    assert "\n\n\n" not in text
    assert not any(unicodedata.category(c) in ("Cc", "Cs") and c != "\n" for c in text)


FURNITURE = [
    "Advertisement", "Share on Facebook", "READ MORE", "Sign up for our newsletter", "Accept all cookies",
    "Anzeige", "Teilen", "Auf Facebook teilen", "Lesen Sie auch", "Alle akzeptieren", "Facebook Twitter E-Mail",
    "Teilen | Drucken", "Publicité", "Partager sur Facebook", "À lire aussi", "Publicidad", "Compartir",
    "Lea también", "Pubblicità", "Condividi", "Leggi anche", "Leia mais", "Lees ook", "Udostępnij", "Czytaj też",
    "Реклама", "Поделиться", "Читайте также", "Reklam", "Paylaş", "广告",
    "Read more: Harbour board meets again", "Lesen Sie auch: Was die Brücke kostet", "→ Mehr zum Thema",
    "© 2024 Quay Post", "Copyright 2024 Elbwarte GmbH",
    "BridgeHarbourWhitehavenSteelCouncil", "Ukraine-KriegBrückeHafenRatElbeStahl", "МостГаваньСтальГородСовет",
]  # fmt: skip
OWN = [
    "She told him to share on Facebook what she had seen.", "Teilen ist das neue Haben, sagt die Forscherin.",
    "Cookies are baked at 180 degrees.", "“We use cookies to track you,” the firm admitted.",
    "Copyright law is to change next year.", "The McDonalds at MacArthur and O'Neill Streets closed.",
    "Question:", "Frage", "Is the eBay and PayPal deal off?", "iPhone, iPad, MacBook and AirPods sold well.",
    "Print", "A", ".", "* * *", "1986.", "Comments by the minister were broadcast.",
    "Subscribe to nothing, trust no one.", "We use cookies from the day before as the base of the cake.",
    "Wir verwenden Cookies vom Vortag, sagt die Bäckerin, und Butter.", "Comments", "Datenschutz", "Twitter",
    "(c) The tenant keeps three hens.", "(c) 2019 kam die Mühle dazu", "(c) 2000 € im Jahr",
    "Copyright 2024 was the year in which the law was changed.", "Read more: that is the advice of the old teacher.",
]  # fmt: skip


@pytest.mark.parametrize("line", FURNITURE)
def test_a_line_of_a_page_goes_and_is_named(line: str) -> None:
    made = cleaned(f"The bridge opens in spring.\n\n{line}\n\nBuses will cross first.")
    assert made.text == "The bridge opens in spring.\n\nBuses will cross first."
    assert made.dropped == (line,)


@pytest.mark.parametrize("line", [line for line in OWN if line != "Print"])
def test_a_line_of_the_article_stays(line: str) -> None:
    raw = f"The bridge opens in spring.\n\n{line}\n\nBuses will cross first."
    assert cleaned(raw) == Cleaned(raw, ())


def test_items_stay_that_would_be_furniture_elsewhere() -> None:
    raw = "She uses these:\n\nFacebook\nTwitter\n\n(a) 2017 Kunz\n\n(b) 2018 Meyer\n\n(c) 2019 Brandt\n\nThe end of it."
    assert cleaned(raw) == Cleaned(raw, ())
    mixed = "What they like:\n- Twitter\n- Print\n- bread"
    assert cleaned(mixed) == Cleaned(mixed, ())


def test_single_words_go_in_company_and_at_the_end() -> None:
    made = cleaned("The bridge opens.\n\nMerken\n\nE-Mail\n\nBuses first.\n\nKommentare")
    assert (made.text, made.dropped) == (
        "The bridge opens.\n\nBuses first.",
        ("Merken", "E-Mail", "Kommentare"),
    )


def test_letters_that_fonts_join_are_letters() -> None:
    assert canonical("o\ufb03ce \ufb01\u0301 F\u201116") == "office fí F-16"


def test_a_repeated_block_is_kept_once() -> None:
    block = "The harbour board said on Tuesday that the old bridge would open again in spring, after all."
    made = cleaned(f"Title\n\n{block}\n\nBuses first.\n\n{block}\n\nBuses first.")
    assert made.text == f"Title\n\n{block}\n\nBuses first.\n\nBuses first."
    assert made.dropped == (block,)


def test_a_refrain_and_an_interviewers_name_stay() -> None:
    refrain = (
        "O bridge of steel, O bridge of stone,\nwho crosses you will not be alone,\nnor he who waits at home."
    )
    raw = f"Kell:\n\nYes.\n\nKell:\n\nNo.\n\n{refrain}\n\nVerse.\n\n{refrain}"
    assert cleaned(raw) == Cleaned(raw, ())


@given(
    st.lists(st.sampled_from([*FURNITURE, *OWN, "x" * 90, "y " * 50 + "end.", "", "a\nb", "Anzeige\nWort"]))
)
def test_cleaning_is_done_once_and_keeps_the_order(parts: list[str]) -> None:
    made = cleaned("\n\n".join(parts))
    assert cleaned(made.text) == Cleaned(made.text, ())
    kept = iter([line for part in parts for line in part.split("\n")])
    assert all(line in kept for line in made.text.replace("\n\n", "\n").split("\n") if line)


def defined(raw: str) -> str:
    """Return what `normalized` means, written down so that it takes quadratic time."""
    text = re.sub(r"\r\n?|[\x0b\x0c\x85\u2028]", "\n", raw)
    paragraphs = re.split(r"[ \t]*(?:\n[^\S\n]*){2,}|[^\S\n]*\u2029\s*", unicodedata.normalize("NFC", text))
    lines = [[re.sub(r"[^\S\n]+", " ", line).strip() for line in part.split("\n")] for part in paragraphs]
    return "\n\n".join("\n".join(filter(None, part)) for part in lines if any(part))


@given(st.text(alphabet="ab\u0301\u0323 \t\n\r\x0b\x0c\x85\u00a0\u2003\u2028\u2029\u3000", max_size=60))
def test_white_space_becomes_what_it_is_defined_to_be(raw: str) -> None:
    assert normalized(raw) == defined(raw)


@given(
    st.text(
        alphabet="ae\u0301\u0308\u0316\u0323\u0344\u0f71\u0f73\u0f74\u093c\u1100\u1161",
        min_size=30,
        max_size=200,
    )
)
def test_a_long_run_of_marks_is_composed_as_unicode_says(raw: str) -> None:
    assert normalized(raw) == unicodedata.normalize("NFC", raw)


@pytest.mark.parametrize(
    "unit",
    [" ", "\t", "\n", "\r\n", " \n", "\u00a0", "\u2028", "\u2029 ", "\u2003\t", "\u0301\u0323"],
    ids=ascii,
)
def test_long_runs_take_seconds_at_most(unit: str) -> None:
    # On quadratic code each takes minutes to hours; a limit that only such code can miss.
    code = f"from index.text.clean import cleaned; print(cleaned('a' + {unit!a} * 300_000 + 'b').text[:1])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT, timeout=60
    )
    assert done.stdout.strip() in ("a", "\u1ea1")
