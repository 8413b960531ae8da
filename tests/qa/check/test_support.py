"""The check on the real encoder: what follows stays, what does not goes, whatever the languages."""

import json
from dataclasses import replace

import pytest

from index.model.encoder import SentenceEncoder
from qa.check.support import objection, read_all, read_claim, signs_of, support, together
from qa.check.weights import SUPPORT
from tests.conftest import ROOT

AUSTIN = (
    "Austin telefoniert mit Beloussow",
    "Es war das erste Gespräch seit Mai 2023, damals sprach Austin noch mit Sergej Schoigu.",
)
BRIDGE = (
    "New bridge opens",
    "The council of Whitehaven paid 35m euros for the bridge, which opened on 12 May 2021.",
)
VERDICT = ("Gericht", "Das Gericht in Köln hat die Klage von Anna Weber gegen die Stadt nicht angenommen.")

FOLLOWS = [
    ("Austin last spoke to Shoigu in May 2023.", AUSTIN),
    ("Zuletzt sprach Austin im Mai 2023 mit Schoigu.", AUSTIN),
    ("Остин последний раз говорил с Шойгу в мае 2023 года.", AUSTIN),
    ("Austin, Şoygu ile en son Mayıs 2023'te konuştu.", AUSTIN),
    ("Die Brücke in Whitehaven hat 35 Millionen Euro gekostet.", BRIDGE),
    ("Le pont a coûté 35 millions d'euros.", BRIDGE),
    ("The bridge opened on May 12, 2021.", BRIDGE),
    ("Das Gericht in Köln hat die Klage von Anna Weber nicht angenommen.", VERDICT),
]
DOES_NOT_FOLLOW = [
    ("Austin last spoke to Shoigu in May 2022.", AUSTIN),
    ("Austin last spoke to Shoigu in June 2023.", AUSTIN),
    ("Austin last spoke to Sergei Lavrov in May 2023.", AUSTIN),
    ("Die Brücke in Whitehaven hat 35 Millionen Dollar gekostet.", BRIDGE),
    ("The bridge opened on 13 May 2021.", BRIDGE),
    ("The bridge cost 3.5m euros.", BRIDGE),
    ("The bridge opened on 12 May 2021 after a fire in the town hall.", BRIDGE),
    ("Das Gericht in Köln hat die Klage von Anna Weber angenommen.", VERDICT),
]


def objected(encoder: SentenceEncoder, sentence: str, evidence: tuple[str, str]) -> str | None:
    texts = read_all(encoder, [evidence])
    return objection(read_claim(encoder, sentence, texts), texts[0])


@pytest.mark.parametrize(("sentence", "evidence"), FOLLOWS)
def test_what_follows_stays(encoder: SentenceEncoder, sentence: str, evidence: tuple[str, str]) -> None:
    assert objected(encoder, sentence, evidence) is None


@pytest.mark.parametrize(("sentence", "evidence"), DOES_NOT_FOLLOW)
def test_what_does_not_follow_goes(
    encoder: SentenceEncoder, sentence: str, evidence: tuple[str, str]
) -> None:
    assert objected(encoder, sentence, evidence) is not None


def test_weights_can_be_changed_for_a_measurement(encoder: SentenceEncoder) -> None:
    texts = read_all(encoder, [BRIDGE])
    claim = read_claim(encoder, "The bridge opened on May 12, 2021.", texts)
    signs = signs_of(claim, texts[0])
    assert support(signs) >= SUPPORT.supported > support(signs, replace(SUPPORT, bias=-99.0))
    assert objection(claim, texts[0], replace(SUPPORT, supported=1.1)) is not None
    # A number that is not there is never let through, whatever the weights.
    wrong = read_claim(encoder, "The bridge opened on May 13, 2021.", texts)
    assert objection(wrong, texts[0], replace(SUPPORT, supported=0.0, stranger=0.0)) is not None


def test_who_did_it_to_whom_is_not_exchanged(encoder: SentenceEncoder) -> None:
    evidence = ("Cup", "In the final Hannah Berg beat Ruth Amsel in three sets.")
    assert objected(encoder, "Hannah Berg beat Ruth Amsel.", evidence) is None
    assert objected(encoder, "Ruth Amsel beat Hannah Berg.", evidence) is not None


def test_the_title_says_what_evidence_is_about(encoder: SentenceEncoder) -> None:
    alone = ("", "It cost 48 million crowns.")
    assert objected(encoder, "The Brockhaven bridge cost 48 million crowns.", alone) is not None
    titled = ("The bridge of Brockhaven", "It cost 48 million crowns.")
    assert objected(encoder, "The Brockhaven bridge cost 48 million crowns.", titled) is None


def test_a_sentence_may_take_its_parts_from_several(encoder: SentenceEncoder) -> None:
    texts = read_all(
        encoder, [BRIDGE, ("New bridge opens", "Ruth Amsel led the works of the bridge for three years.")]
    )
    read = read_claim(encoder, "Ruth Amsel led the works of the bridge, which opened on 12 May 2021.", texts)
    assert all(objection(read, text) for text in texts)
    assert objection(read, together(texts)) is None


def test_a_sentence_without_words_follows_from_nothing(encoder: SentenceEncoder) -> None:
    assert objected(encoder, "…", BRIDGE) is not None


def test_most_labelled_pairs_are_told_apart(encoder: SentenceEncoder) -> None:
    """A guard for bench.support, on the half of its pairs that nothing was fitted on.

    Its bounds are loose, since a few pairs come out otherwise from one CPU to another.
    """
    lines = (ROOT / "bench/data/support_pairs.jsonl").read_text("utf-8").splitlines()
    pairs = [pair for pair in map(json.loads, lines) if pair["group"] % 2]
    stayed = {True: 0, False: 0}
    for pair in pairs:
        stayed[pair["supported"]] += not objected(
            encoder, pair["sentence"], (pair["title"], pair["evidence"])
        )
    assert stayed[True] >= 0.8 * len(pairs) / 2
    assert stayed[False] <= 0.4 * len(pairs) / 2
