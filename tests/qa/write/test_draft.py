import pytest

from qa.llm.delta import Delta
from qa.write.draft import Draft, Written, plain, written


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It rained. [1]", [("It rained.", (1,))]),
        ("It rained [1].", [("It rained.", (1,))]),
        ("It rained. [1] It snowed. [2]", [("It rained.", (1,)), ("It snowed.", (2,))]),
        ("It rained [1][2].", [("It rained.", (1, 2))]),
        ("It rained [1, 3].", [("It rained.", (1, 3))]),
        ("It rained (2).", [("It rained.", (2,))]),
        ("Es regnete 【1】.", [("Es regnete.", (1,))]),
        ("It rained [Source 2].", [("It rained.", (2,))]),
        ("Answer: It rained.", [("It rained.", ())]),
        ("It rained in 2023.", [("It rained in 2023.", ())]),
        ("[1]", []),
        ("…", []),
        ("", []),
    ],
)
def test_sentences_with_what_they_cite(text: str, expected: list[tuple[str, tuple[int, ...]]]) -> None:
    assert written(text, complete=True) == ([Written(*sentence) for sentence in expected], "")


def test_what_is_under_way_is_a_draft() -> None:
    sentences, draft = written("It rained. [1] It sno", complete=False)
    assert sentences == [Written("It rained.", (1,))]
    assert draft == "It sno"
    # The mark of the sentence may still come.
    assert written("It rained.", complete=False) == ([], "It rained.")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("see [here](https://evil.example/x)", "see here"),
        ("see https://evil.example/x now", "see   now"),
        ("![x](http://evil.example/p.png)", "x"),
        ("a <b>bold</b> word", "a  bold  word"),
        ("<script>alert(1)</script>", " alert(1) "),
        ("a **bold** `word`", "a bold word"),
        ("ask me@evil.example now", "ask   now"),
        ("evil.com/path is it", "  is it"),
        ("hid\u200bden \u202eleft", "hidden left"),
        ("```\ncode\n```", " "),
        ("<|im_end|>", " "),
        ("3 < 4 and 5 > 2", "3 < 4 and 5 > 2"),
    ],
)
def test_only_plain_text_gets_through(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_a_draft_gives_each_sentence_once_with_how_sure_its_model_was() -> None:
    draft = Draft()
    words = [("It", -1.0), (" rained.", -3.0), (" [1]", -2.0), (" It", -0.5), (" snowed.", -0.1)]
    done = [
        (under_way.text, draft.add(under_way), draft.under_way)
        for under_way in (Delta(t, (p,)) for t, p in words)
    ]
    assert [(word, sentences) for word, sentences, _ in done if sentences] == [
        (" It", [Written("It rained.", (1,), -2.0)])
    ]
    assert [under_way for *_, under_way in done] == ["It", "It rained.", "It rained.", "It", "It snowed."]
    (last,) = draft.end()
    assert (last.text, last.cited) == ("It snowed.", ())
    assert last.sureness == pytest.approx(-0.3)
    assert draft.end() == []


def test_a_model_that_does_not_tell_how_sure_it_is() -> None:
    draft = Draft()
    assert draft.add(Delta("It rained.")) == []
    assert draft.end() == [Written("It rained.", (), None)]
