import numpy as np

from index.model.token_vectors import Tokens
from qa.check.alignment import matches, weighed
from tests.fakes import HashEncoder


def tokens(rows: list[list[float]], weights: list[float]) -> Tokens:
    vectors = np.array(rows, np.float32).reshape(len(rows), 2)
    spans = np.array([(place, place + 1) for place in range(len(rows))], np.int64).reshape(-1, 2)
    return Tokens(vectors, np.array(weights, np.float32), spans)


QUESTION = tokens([[1, 0], [0, 1]], [3, 1])


def test_each_token_of_the_question_finds_its_best_match() -> None:
    texts = [tokens([[1, 0]], [1]), tokens([[0.6, 0.8], [0, 1]], [1, 1]), tokens([], [])]
    best = matches(QUESTION, texts)
    np.testing.assert_allclose(best, [[1.0, 0.0], [0.6, 1.0], [0.0, 0.0]])
    np.testing.assert_allclose(weighed(QUESTION, best), [0.75, 0.7, 0.0])


def test_a_text_without_tokens_between_others_takes_nothing_of_theirs() -> None:
    one = tokens([[1, 0]], [1])
    np.testing.assert_allclose(
        matches(QUESTION, [tokens([], []), one, tokens([], []), one])[:, 0], [0, 1, 0, 1]
    )


def test_nothing_is_matched_by_nothing() -> None:
    assert matches(QUESTION, []).shape == (0, 2)
    silent = tokens([], [])
    assert weighed(silent, matches(silent, [QUESTION])).tolist() == [0.0]


def test_a_sentence_of_the_questions_words_matches_best() -> None:
    encoder = HashEncoder()
    (question,) = encoder.read(["When did the bridge reopen"])
    best = weighed(question, matches(question, encoder.read(["The bridge did reopen when", "Buses go"])))
    assert best[0] > 0.99 > best[1]
