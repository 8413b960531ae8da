"""What a likeness is compared with, by the real encoder."""

import numpy as np
import pytest

from index.encoder import SentenceEncoder
from qa.background import Background, sentences

# The same question and answer; only their languages differ.
QUESTION = "How many bicycles were stolen in Aldermoor last year?"
ANSWERS = {
    "en": "Last year 312 bicycles were stolen in Aldermoor, the police said.",
    "de": "Im vergangenen Jahr wurden in Aldermoor 312 Fahrräder gestohlen, teilte die Polizei mit.",
    "ru": "В прошлом году в Олдермуре украли 312 велосипедов, сообщила полиция.",
    "tr": "Polise göre geçen yıl Aldermoor'da 312 bisiklet çalındı.",
    "zh": "警方称，去年奥尔德穆尔有312辆自行车被盗。",
}


def test_every_language_says_the_same_once() -> None:
    count = len(sentences()["en"])
    for language, said in sentences().items():
        assert len(said) == len(set(said)) == count, language


def test_less_the_background_answers_in_all_languages_stand_closer_together(encoder: SentenceEncoder) -> None:
    background = Background(encoder)
    question = encoder.encode([QUESTION], question=True)[0]
    cosines = encoder.encode(list(ANSWERS.values())) @ question
    less = cosines - [background.likeness(question, language) for language in ANSWERS]
    assert np.ptp(less) < np.ptp(cosines)
    assert less.min() > 0


def test_a_language_is_told_by_its_code_and_unknown_ones_are_the_mean_of_all(
    encoder: SentenceEncoder,
) -> None:
    background = Background(encoder)
    question = encoder.encode([QUESTION], question=True)[0]
    assert background.likeness(question, "pt-BR") == background.likeness(question, "pt")
    mean = np.mean([background.likeness(question, language) for language in sentences()])
    for unknown in (None, "", "tlh"):
        assert background.likeness(question, unknown) == pytest.approx(mean, abs=1e-6)
