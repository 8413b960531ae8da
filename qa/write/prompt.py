"""The prompt of a language model: a question and its evidence.

A reader waits for as long as the model reads, so the prompt has few sentences. It has no example, because a
small model copies from examples. Article text goes in as data: on one line, and without anything that models
take for the marks of a chat.
"""

import functools
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

import regex
from babel import Locale

from index import Span
from index.lexicon import any_of, compiled, words
from index.text.language import detect
from qa.llm.rules import RULES
from qa.sentences import Evidence

# The right sentence is seldom further down: docs/written.md has the table of `bench.written ask --sources`.
MAX_SOURCES = 6
# Characters of a text in the prompt: as many as the longest sentence of an article has.
_LONGEST = 600

# Marks that open and close messages in the templates of chat models.
_CHAT = regex.compile(r"<[|｜/]?|[|｜]?>|\[/?(?:INST|SYS)\]|#{2,}|={3,}|-{3,}|`{2,}|\*{2,}", regex.IGNORECASE)
# In the prompt, only excerpts have numbers in brackets.
_NUMBERED = regex.compile(r"[\[【［〔{]\s*(\p{N}+)\s*[\]】］〕}]")
# Characters that nobody sees or that change how others are seen; tags from U+E0000 on spell hidden letters.
_UNSEEN = regex.compile(r"[\p{Cc}\p{Cf}\p{Co}\p{Cn}\u034f\u115f\u1160\u3164\uffa0\ufe00-\ufe0f]")
_LINK = regex.compile(r"(?:(?:https?|ftp|file)://|javascript:|data:|mailto:|www\.)\S+", regex.IGNORECASE)
_BLANKS = regex.compile(r"\s+")


def as_data(text: str) -> str:
    """Return text of an article as one line for a prompt, with nothing in it but words."""
    visible = _UNSEEN.sub("", _BLANKS.sub(" ", unicodedata.normalize("NFKC", text)))
    plain = _CHAT.sub(" ", _LINK.sub(" ", visible))
    return _BLANKS.sub(" ", _NUMBERED.sub(r"(\1)", plain)).strip()[:_LONGEST]


def sources(evidence: Sequence[Evidence], quoted: Sequence[Evidence], budget: int) -> list[Evidence]:
    """Return what a model is shown, in the order of its numbers: what is quoted, then the next best.

    Together they take about `budget` tokens, but the first is always among them. A sentence that does not
    stand alone comes with the one before it. A sentence that addresses a model instead of a reader is left
    out.
    """
    places = {_place(item) for item in quoted}
    others = [item for item in evidence if _place(item) not in places]
    chosen: list[Evidence] = []
    left = budget
    for item in [item for item in [*quoted, *others] if not addresses_a_model(item.text)][:MAX_SOURCES]:
        shown = with_sentence_before(item)
        cost = tokens(_line(0, shown))
        if chosen and cost > left:
            # Stop here instead of trying shorter ones: the numbers of quotes must not have gaps.
            break
        chosen.append(shown)
        left -= cost
    return chosen


def messages(question: str, shown: Sequence[Evidence], before: str = "") -> list[tuple[str, str]]:
    """Return the prompt as (role, text) pairs; `before` is the question that this one follows up."""
    excerpts = "\n".join(_line(number, item) for number, item in enumerate(shown, 1))
    code = detect(question, None)
    language = Locale("en").languages.get(code) if code else None
    asked = f"{as_data(before)} {as_data(question)}".strip()
    wanted = f"Answer in {language or 'the language of the question'}, in one sentence:"
    return [("system", RULES), ("user", f"{excerpts}\n\nQuestion: {asked}\n{wanted}")]


def addresses_a_model(sentence: str) -> bool:
    """Return whether a sentence addresses a language model, as only a hostile article does.

    What slips through still has to pass the check of every written sentence.
    """
    text = _UNSEEN.sub("", unicodedata.normalize("NFKC", sentence))
    return bool(_template().search(text) or _order().search(text) or _NUMBERED.match(text.strip()))


def tokens(text: str) -> int:
    """Return about how many tokens a model makes of `text`; scripts other than Latin take more."""
    return len(text.encode()) // 4 + 1


def with_sentence_before(evidence: Evidence) -> Evidence:
    """Return evidence extended by the sentence before, if it does not stand alone and its passage has one."""
    before = evidence.before
    if before is None or before.start < evidence.passage.span.start:
        return evidence
    return replace(evidence, span=Span(before.start, evidence.span.end))


def _line(number: int, shown: Evidence) -> str:
    text, title = as_data(shown.text), as_data(shown.article.title)
    about = [part for part in (shown.article.source, _day(shown)) if part]
    head = f"{title} ({as_data(', '.join(about))})" if about else title
    return f"[{number}] {text}" if title and title in text and not about else f"[{number}] {head}: {text}"


def _day(shown: Evidence) -> str | None:
    return shown.article.published.isoformat() if shown.article.published else None


def _place(evidence: Evidence) -> tuple[str, Span]:
    return evidence.article.id, evidence.span


@functools.cache
def _template() -> "regex.Pattern[str]":
    """Return a pattern of the marks of chat templates, and of a dialogue played to the model."""
    speaker = any_of(words(lambda language: language.labels.speaker))
    return compiled(
        r"<[|｜]|[|｜]>|\[/?INST\]|<</?SYS>>|\"role\"\s*:"
        rf"|^\W*{speaker}\s*(?:prompt|message)?\s*[:：]"
    )


@functools.cache
def _order() -> "regex.Pattern[str]":
    """Return a pattern of orders to a language model: what to forget, what it is, how to answer."""
    told = words(lambda language: language.orders.told)
    back = words(lambda language: language.orders.back)
    forget = any_of(words(lambda language: language.orders.forget))
    forget_last = any_of(words(lambda language: language.orders.forget_last))
    you_are = any_of(words(lambda language: language.orders.you_are))
    machine = any_of(words(lambda language: language.orders.machine))
    model = any_of(words(lambda language: language.orders.model))
    phrases = any_of(words(lambda language: language.orders.phrases))
    reply = any_of(words(lambda language: language.orders.reply))
    return compiled(
        rf"{forget}.{{0,60}}{any_of([*told, *back])}"
        rf"|{any_of(told)}.{{0,40}}{forget_last}"
        rf"|{you_are} .{{0,50}}\b{machine}\b"
        rf"|\b{model}(?!\p{{L}})"
        rf"|{phrases}"
        rf"|{reply}(?:\s|:|$)"
    )
