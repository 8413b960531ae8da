"""The reader: the real encoder with what it was taught."""

from datetime import date

import numpy as np
import pytest

from index.model.encoder import SentenceEncoder
from index.model.reader.judge import Judged
from index.model.reader.network import batches
from index.model.reader.rows import Row, RowTokenizer, joined

DAY = date(2021, 5, 13)
TITLE = "Berg wins the Lindau Open"
ROWS = [
    Row(TITLE, DAY, "", "Hannah Berg beat Ruth Amsel in three sets after the break on 12 May 2021."),
    Row(TITLE, DAY, "", "The stadium was built of brick and has room for four thousand."),
    Row("Old kiosk", DAY, "The old kiosk at the harbour was sold on Friday.", "It cost 9,000 euros."),
    Row("Old kiosk", DAY, "", "The old kiosk at the harbour was sold on Friday."),
]
ALIKE = [(0.4, 0.0, 0.5)] * len(ROWS)


def judged(encoder: SentenceEncoder, question: str, rows: list[Row] = ROWS) -> list[Judged]:
    found = encoder.judge(question, rows, ALIKE[: len(rows)])
    assert len(found) == len(rows)
    return found


def best(found: list[Judged]) -> int:
    return max(range(len(found)), key=lambda number: found[number].rank)


@pytest.mark.parametrize(
    ("question", "row", "answer"),
    [
        ("Who beat Ruth Amsel?", 0, "Hannah Berg"),
        ("Whom did Hannah Berg beat?", 0, "Ruth Amsel"),
        ("Wen hat Hannah Berg geschlagen?", 0, "Ruth Amsel"),
        ("How many people fit into the stadium?", 1, "four thousand"),
        ("How much was paid for the old kiosk?", 2, "9,000 euros"),
    ],
)
def test_it_ranks_the_sentence_that_answers_first_and_marks_its_words(
    encoder: SentenceEncoder, question: str, row: int, answer: str
) -> None:
    found = judged(encoder, question)
    assert best(found) == row
    said = ROWS[row].text[found[row].start : found[row].end]
    assert answer in said
    assert said == said.strip()
    assert 0 < found[row].share <= 1.01


def test_what_answers_is_told_from_what_does_not(encoder: SentenceEncoder) -> None:
    answered = max(one.answer for one in judged(encoder, "How much was paid for the old kiosk?"))
    refused = max(one.answer for one in judged(encoder, "Who directed the film about the bees?"))
    assert refused < answered


def test_what_search_says_counts(encoder: SentenceEncoder) -> None:
    likelier = [(0.4, 0.0, 0.5)] * 3 + [(0.6, 0.0, 0.5)]
    question = "Who beat Ruth Amsel?"
    found = encoder.judge(question, ROWS, likelier)
    assert found[3].rank > judged(encoder, question)[3].rank


def test_rows_read_together_are_read_as_alone(encoder: SentenceEncoder) -> None:
    question = "Who beat Ruth Amsel?"
    together = judged(encoder, question)
    for row, one in zip(ROWS, together, strict=True):
        (alone,) = judged(encoder, question, [row])
        # bfloat16 has three digits.
        assert one.rank == pytest.approx(alone.rank, abs=0.5)
        assert (one.start, one.end) == (alone.start, alone.end)


def test_texts_of_any_length_are_read(encoder: SentenceEncoder) -> None:
    rows = [
        Row("T" * 3000, None, "x " * 800, "He was there. " * 300),
        Row("", None, "", "."),
        Row("", None, "", " "),
        Row("", DAY, "", ""),
    ]
    for one, row in zip(judged(encoder, "Who was there? " * 130, rows), rows, strict=True):
        assert np.isfinite([one.rank, one.answer]).all()
        assert 0 <= one.start <= one.end <= len(row.text)
    assert encoder.judge("Who?", [], []) == []


def test_reading_leaves_the_encoder_as_it_is(encoder: SentenceEncoder) -> None:
    before = encoder.encode([TITLE]), encoder.read([TITLE])[0].vectors
    judged(encoder, "Who?")
    np.testing.assert_array_equal(encoder.encode([TITLE]), before[0])
    np.testing.assert_array_equal(encoder.read([TITLE])[0].vectors, before[1])


def test_a_row_is_its_parts_and_knows_where_its_sentence_begins(encoder: SentenceEncoder) -> None:
    tokenizer = RowTokenizer(encoder.model.tokenizer)
    (question,) = tokenizer.questions(["Who won?"])
    (head,) = tokenizer.heads([(TITLE, DAY)])
    before, own = tokenizer.sentences([ROWS[3].text, ROWS[2].text])
    ids, start = joined(question, head, before.ids, own.ids)
    tokens = encoder.model.tokenizer.convert_ids_to_tokens
    said = "".join(tokens(ids[start:-1].tolist())).replace("\u2581", " ")
    assert said.strip() == ROWS[2].text
    whole = f"query: Who won?</s></s> passage: {TITLE} (2021-05-13) · {ROWS[3].text} {ROWS[2].text}"
    assert "".join(tokens(ids.tolist())).replace("\u2581", " ") == f"<s> {whole}</s>"
    assert ROWS[2].text[own.spans[0][0] : own.spans[0][1]].strip() == "It"


def test_batches_hold_every_row_once_and_little_padding() -> None:
    lengths = [300, 20, 25, 90, 80, 85, 22] * 20
    found = batches(lengths)
    assert sorted(number for batch in found for number in batch) == list(range(len(lengths)))
    read = sum(len(batch) * max(lengths[n] for n in batch) for batch in found)
    assert read < 1.2 * sum(lengths)
    assert batches([]) == []
