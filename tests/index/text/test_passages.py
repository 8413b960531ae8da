import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Article, Passage
from index.model.encoder import SentenceEncoder
from index.reading.prepare import Prepared, prepare
from index.reading.registry import read
from index.text.clean import normalized as canonical
from index.text.passages import SIZES
from index.text.passages import split as split_at
from index.text.sentences import MAX_SENTENCE, sentence_spans
from tests.conftest import CORPUS


def article(text: str, title: str = "Title") -> Article:
    return Article("id", "a.txt", text, title)


def split(made: Article) -> list[Passage]:
    return split_at(made, sentence_spans(made.text, made.language))


def check(made: Article) -> None:
    passages = split(made)
    end = 0
    for passage in passages:
        assert made.text[passage.span.start : passage.span.end] == passage.text
        assert passage.span.start >= end
        end = passage.span.end
        for sentence in passage.sentences:
            assert passage.span.start <= sentence.start < sentence.end <= passage.span.end
        assert len(passage.text) <= SIZES.most + MAX_SENTENCE
    covered = {i for p in passages for s in p.sentences for i in range(s.start, s.end)}
    title = len(made.title) if made.text.startswith(made.title + "\n") else 0
    assert all(i in covered or made.text[i].isspace() for i in range(title, len(made.text)))


@given(st.text(alphabet="ab .!?\n\u4e2d\u3002", max_size=4000))
def test_passages_are_slices_that_cover_every_sentence(raw: str) -> None:
    text = canonical(raw)
    if text:
        check(article(text))


def test_an_article_that_repeats_itself_has_exact_offsets() -> None:
    block = "The minister spoke. Nothing else was said. " * 12
    made = article(canonical(f"{block}\n\nSomething new happened.\n\n{block}"))
    check(made)
    assert len({passage.span for passage in split(made)}) == len(split(made)) > 1


def test_a_leading_line_that_is_the_title_is_not_a_passage() -> None:
    made = article("Title\n\nFirst sentence. Second one.")
    assert [passage.text for passage in split(made)] == ["First sentence. Second one."]


def test_a_title_alone_is_still_found() -> None:
    assert [passage.text for passage in split(article("Title"))] == ["Title"]


def test_passages_end_at_a_paragraph_where_one_is_near() -> None:
    paragraph = "Words follow words in this sentence of the paragraph here. " * 13
    made = article(canonical(f"{paragraph}\n\n{paragraph}"))
    assert [p.text for p in split(made)] == [paragraph.strip(), paragraph.strip()]


@pytest.mark.parametrize(
    "text", ["这是一个关于港口大桥重新开放的句子。" * 80, "これは港の橋についての文です。" * 90]
)
def test_wide_scripts_make_passages_that_the_encoder_reads_to_the_end(
    text: str, encoder: SentenceEncoder
) -> None:
    for passage in split(article(text)):
        assert encoder.token_count([passage.embedded_text]) < 512


def test_the_encoder_reads_every_passage_of_the_corpus_to_the_end(encoder: SentenceEncoder) -> None:
    for path in sorted(CORPUS.iterdir()):
        made = prepared(path.name, path.read_bytes())
        check(made)
        assert all(encoder.token_count([p.embedded_text]) < 512 for p in split(made))


def test_an_article_keeps_its_identity_when_its_content_changes() -> None:
    one, two = prepared("a/b.txt", b"One text."), prepared("a/b.txt", b"Another text.")
    assert one.id == two.id
    assert prepared("a/c.txt", b"One text.").id != one.id


def prepared(path: str, data: bytes) -> Article:
    (made,) = prepare(path, read(path, data))
    assert isinstance(made, Prepared)
    assert made.sentences == tuple(sentence_spans(made.article.text, made.article.language))
    return made.article


@pytest.mark.parametrize(
    "first",
    [
        "The weavers of Aldmoor buy a wheel for 4,200 pounds.",
        "奥德穆尔的织工买了一个水车。",
        "The weavers buy a wheel, as " + "long " * 24,
    ],
)
def test_a_first_line_that_is_a_sentence_can_be_quoted(first: str) -> None:
    first = first.strip()
    found = article(f"{first}\nIt comes in May, with forty people to carry it.", first)
    assert split(found)[0].text.startswith(first)
