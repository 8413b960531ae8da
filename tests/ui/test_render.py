import re
import unicodedata
from dataclasses import replace
from datetime import date
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from index import Filters
from index.store.catalog import Counts
from qa import Answer, Beyond, Citation, Sentence
from qa.answer import LEVELS, Timings, Writing
from ui.links import Link
from ui.render import (
    Turn,
    answer_html,
    answered,
    escaped,
    header_html,
    language_name,
    long_date,
    look_html,
    messages,
    nothing_yet_html,
    notice_html,
    question_html,
    waiting_html,
    web_address,
    welcome_html,
)
from ui.render.text import pieces


class Read(HTMLParser):
    """What a browser makes of HTML: its tags with their attributes, and its text, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.others: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag != "br":
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    def handle_decl(self, decl: str) -> None:
        self.others.append(decl)

    def handle_pi(self, data: str) -> None:
        self.others.append(data)

    def unknown_decl(self, data: str) -> None:
        self.others.append(data)

    def kinds(self) -> list[str]:
        """Return the class of every element, or its tag if it has none."""
        return [attributes.get("class") or tag for tag, attributes in self.tags]

    def links(self) -> list[str | None]:
        return [attributes["href"] for tag, attributes in self.tags if tag == "a"]


def showable(text: str) -> str:
    """Return what can be shown of a text: what HTML cannot hold is replaced, runs of white space are one blank."""
    blanks = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029 "

    def shown(c: str) -> str:
        if c in blanks:
            return " "
        noncharacter = 0xFDD0 <= ord(c) <= 0xFDEF or c in "\ufffe\uffff"
        return "\ufffd" if noncharacter or unicodedata.category(c) in ("Cc", "Cs") else c

    return re.sub(" +", " ", "".join(map(shown, text))).strip(" ")


# Characters that mean something in HTML, Markdown, LaTeX or templates, often enough to meet.
meaningful = st.text("<>&;#x3/\"'=[]()!*_`~$\\{}|-+.:1 \nab\t\r", max_size=40)
any_text = st.one_of(
    st.text(max_size=40),
    st.text(st.characters(), max_size=20),
    meaningful,
    st.sampled_from([
        "<script>alert(1)</script>", "<!--", "]]>", "<![CDATA[", "<?php", "<!doctype html>", "&lt;b&gt;",
        "&#60;", "[a](javascript:b)", "![a](http://b/c)", "<http://a.b>", "http://a.b", "1. a", "- a", "# a",
        "> a", "---", "```a", "    a", "a\n===", "|a|b|\n|-|-|\n|c|d|", "$$\\frac12$$", "\\(x\\)", "${a}",
        "{{a}}", "a  \nb", "[a]: b", "~~a~~", "\\<b>", "\ud800", "\x00", "\uffff", "\u202ea", "\xa0a",
    ]),
)  # fmt: skip


@given(any_text)
def test_html_shows_escaped_text_literally(text: str) -> None:
    read = Read(escaped(text))
    assert read.text == showable(text)
    assert (read.tags, read.others) == ([], [])
    assert Read(f'<p title="{escaped(text)}"></p>').tags == [("p", {"title": showable(text)})]


@given(any_text)
def test_markdown_shows_escaped_text_literally(text: str) -> None:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    read = Read(parser.render(escaped(text)))
    # Markdown trims paragraphs, even of no-break spaces.
    assert read.text.strip() == showable(text).strip()
    assert [tag for tag, _ in read.tags] in (["p"], [])
    assert read.others == []


@given(any_text)
def test_escaped_text_has_no_punctuation_left_to_give_a_meaning_to(text: str) -> None:
    assert not re.search(r"""[!-/:-@\[-`{-~\x00-\x1f]""", re.sub(r"&#\d+;", "", escaped(text)))


def test_what_readers_need_stays() -> None:
    assert escaped("12\xa0% می\u200cخواهم 👩\u200d🔬 é") == "12\xa0&#37; می\u200cخواهم 👩\u200d🔬 é"


CITATION = Citation(
    number=1,
    quote="A <b>bold</b> claim.",
    article_id="0123456789abcdef",
    path="a.txt",
    title="Bold & [linked](x)",
    url="https://a.example/",
    source="O'Outlet",
    published="2024-05-27",
    language="de",
    start=12,
    end=32,
    score=1.5,
)
SECOND = replace(
    CITATION, number=2, quote="Another.", article_id="a/b", start=0, end=8, title="", source=None
)
ANSWER = Answer(
    question="Why?",
    text="A <b>bold</b> claim. [1]\nAnother. [2]",
    found=True,
    confidence=LEVELS.sure,
    sentences=(Sentence(CITATION.quote, (1,), True), Sentence(SECOND.quote, (2,), True)),
    citations=(CITATION, SECOND),
    timings=Timings(total_ms=1234.5),
)


TOOLS = "Copy with sources Copy link Ask again Edit question"
COPIED = (
    "[1] “A <b>bold</b> claim.” (Bold & [linked](x), O'Outlet, 27 May 2024, https://a.example/)"
    "[2] “Another.” (a.txt, 27 May 2024, https://a.example/)"
)


def test_an_answer_of_quotes_shows_each_with_its_source() -> None:
    html = answer_html(ANSWER)
    read = Read(html)
    assert read.text == (
        "FoundA <b>bold</b> claim. [1]Another. [2]Sources"
        "[1] Bold & [linked](x) O'Outlet · 27 May 2024 · German"
        "[2] a.txt 27 May 2024 · German"
        f"1.2 s{TOOLS}{COPIED}"
    )
    assert read.kinds().count("aq-quote") == 2
    # One line: an empty line would begin a Markdown paragraph.
    assert "\n" not in html


def test_other_peoples_text_says_what_language_it_is_in() -> None:
    cited = replace(CITATION, language="ar")
    for named, spoken in (("ar", "ar"), ("pt-BR", "pt-BR"), (None, None), ('de" onclick="x', None)):
        answer = replace(ANSWER, citations=(replace(cited, language=named),), further=())
        tags = Read(answer_html(answer)).tags
        said = [
            attributes.get("lang")
            for _, attributes in tags
            if attributes.get("class") in ("aq-quote", "aq-title")
        ]
        assert said == [spoken] * 2


def test_links_name_the_article_and_the_exact_characters() -> None:
    first, second = "#aq-0123456789abcdef-12-32", "#aq-a%2Fb-0-8"
    read = Read(answer_html(ANSWER))
    assert read.links() == [first, second, first, second]
    assert read.kinds().count("aq-source aq-mark") == read.kinds().count("aq-source aq-entry") == 2


def test_how_sure_an_answer_is_shows_in_its_words_and_its_form() -> None:
    unsure = replace(ANSWER, confidence=LEVELS.sure - 0.01)
    refusal = Answer("Why?", "Not <here>.", found=False, confidence=0.1, citations=(CITATION,))
    badges = [Read(answer_html(answer)).kinds()[1] for answer in (ANSWER, unsure, refusal)]
    assert badges == ["aq-badge aq-sure", "aq-badge aq-unsure", "aq-badge aq-absent aq-refusal"]
    assert Read(answer_html(unsure)).text.startswith("Unsure: check the sourcesA <b>")


def test_an_unsure_answer_shows_further_passages() -> None:
    further = replace(ANSWER, confidence=LEVELS.sure - 0.01, further=(replace(SECOND, number=3),))
    read = Read(answer_html(further))
    assert "Further passagesa.txt 27 May 2024 · GermanAnother.1.2 s" in read.text
    assert read.links()[-1] == "#aq-a%2Fb-0-8"


def test_the_words_that_answer_are_marked_inside_their_quote() -> None:
    marked = replace(CITATION, words_start=14, words_end=25, before="It <began>.", before_start=0)
    read = Read(answer_html(replace(ANSWER, citations=(marked, SECOND))))
    assert read.text.startswith("FoundIt <began>. A <b>bold</b> claim. [1]")
    assert read.kinds()[3:7] == ["aq-quote", "aq-before", "aq-said", "aq-words"]
    assert '<mark class="aq-words">&#60;b&#62;bold&#60;&#47;b&#62;</mark>' in answer_html(
        replace(ANSWER, citations=(marked,))
    )
    for start, end in ((0, 5), (14, 40), (20, 20), (None, 20)):
        outside = replace(CITATION, words_start=start, words_end=end)
        assert "<mark" not in answer_html(replace(ANSWER, citations=(outside,)))


@given(any_text.filter(len), st.data())
def test_a_quote_reads_the_same_with_its_words_marked(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    said = re.sub(" +", " ", "".join(Read(piece).text for piece in pieces(text, start, end)))
    assert said.strip(" ") == showable(text)


def test_what_was_searched_in_a_conversation_is_shown_as_text() -> None:
    read = Read(answer_html(replace(ANSWER, searched="Who <b>sold</b> it? And *why*?", timings=Timings())))
    assert "Searched for: Who <b>sold</b> it? And *why*? Search for something else" in read.text
    assert "Searched" not in Read(answer_html(ANSWER)).text


def test_a_complete_answer_says_which_articles_it_is_from() -> None:
    other = replace(CITATION, article_id="fedcba9876543210")
    _, (tag, said), *_ = [("", {}), *Read(answer_html(replace(ANSWER, citations=(CITATION, other)))).tags]
    assert (tag, said["data-articles"]) == ("div", f"{CITATION.article_id} {other.article_id}")
    assert said["data-level"] == ANSWER.level
    growing = Read(answer_html(replace(ANSWER, writing=Writing())))
    assert "data-articles" not in growing.tags[0][1]


def test_a_link_asks_what_an_answer_was_asked_with_its_filters() -> None:
    html = answer_html(replace(ANSWER, question="Who & <why>?"), Filters.of(source="A&B", tag="7"))
    (link,) = re.findall('data-link="([^"]*)"', html)
    read = Link.read(unescape(link))
    assert (read.question, read.filters) == ("Who & <why>?", (("source", "A&B"), ("tag", "7")))
    (link,) = re.findall('data-link="([^"]*)"', answer_html(replace(ANSWER, searched="Who sold it? Why?")))
    assert unescape(link) == "?q=Who+sold+it%3F+Why%3F"
    assert "data-link" not in answer_html(replace(ANSWER, writing=Writing()))
    assert "data-link" not in notice_html("Gone.")


def test_a_heading_stands_above_its_quote_and_is_not_joined_to_it() -> None:
    for gap, kind in ((1, "aq-before"), (2, "aq-before aq-apart")):
        cited = replace(CITATION, before="Prices", before_start=CITATION.start - len("Prices") - gap)
        assert kind in Read(answer_html(replace(ANSWER, citations=(cited, SECOND)))).kinds()


def test_a_refusal_shows_the_nearest_and_no_quote() -> None:
    refusal = Answer("Why?", "Not <here>.", found=False, confidence=0.1, citations=(CITATION,))
    read = Read(answer_html(refusal))
    nearest = "Closest passages[1] Bold & [linked](x) O'Outlet · 27 May 2024 · German"
    assert read.text.startswith(f"That is not in these articles.{nearest}Copy")
    assert not {"aq-quote", "aq-note", "aq-mark"} & set(read.kinds())
    assert read.links() == ["#aq-0123456789abcdef-12-32"]
    bare = Read(answer_html(replace(refusal, citations=())))
    assert bare.text == "That is not in these articles.Copy link Ask again Edit question"


def test_who_asks_for_what_no_quote_can_give_is_told_what_can_be_asked() -> None:
    refusal = Answer("Why?", "Not <here>.", found=False, confidence=0.1, citations=(CITATION,))
    count = Read(answer_html(replace(refusal, beyond=Beyond("count", 1200, 900))))
    assert count.text.startswith(
        "No quote answers this.There are 1,200 articles. They tell 900 stories.Copy link Ask again"
    )
    assert count.links() == []
    about = Read(answer_html(replace(refusal, beyond=Beyond("count", 1200, 900, '"<Hamburg>"'))))
    assert "There are 1,200 articles." in about.text
    assert "The filters show counts" in about.text
    (door,) = [attributes for _, attributes in about.tags if attributes.get("class") == "aq-door"]
    assert door["data-sought"] == '"<Hamburg>"'
    for kind in ("summary", "catalogue", "task"):
        told = Read(answer_html(replace(ANSWER, beyond=Beyond(kind, 1, 1))))
        assert "Ask for one thing that an article says" in told.text


WRITTEN = replace(
    ANSWER,
    text="It is <so>. [1][2]",
    mode="written",
    sentences=(Sentence("It is <so>.", (1, 2), True),),
    timings=Timings(),
)
QUOTES = "A <b>bold</b> claim. [1]Another. [2]Sources"
SOURCES = "[1] Bold & [linked](x) O'Outlet · 27 May 2024 · German[2] a.txt 27 May 2024 · German"


def test_a_written_answer_stands_above_its_quotes() -> None:
    read = Read(answer_html(WRITTEN))
    note = "Written by a language model; every sentence was checked against its sources"
    assert read.text == f"FoundIt is <so>. [1][2]{QUOTES}{SOURCES}{note}{TOOLS}{WRITTEN.text}{COPIED}"
    kinds = read.kinds()
    assert kinds[2:4] == ["aq-writing", "aq-written"]
    assert (kinds.count("aq-written"), kinds.count("aq-quote")) == (1, 2)
    first, second = "#aq-0123456789abcdef-12-32", "#aq-a%2Fb-0-8"
    assert read.links() == [first, second] * 3


def test_what_nothing_confirms_is_said_to_be() -> None:
    doubtful = (Sentence("Or not.", (), False), Sentence("Who knows.", (7,), True))
    read = Read(answer_html(replace(WRITTEN, sentences=doubtful)))
    assert read.text.startswith("FoundOr not.  not confirmed by its sources Who knows. A <b>")
    assert read.kinds().count("aq-doubt") == 1
    # A number without a citation gets no link.
    assert len(read.links()) == 4


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        (
            replace(ANSWER, writing=Writing(ahead=1)),
            "Waiting for the language model: 1 question ahead of yours",
        ),
        (
            replace(ANSWER, writing=Writing(ahead=2)),
            "Waiting for the language model: 2 questions ahead of yours",
        ),
        (replace(ANSWER, writing=Writing()), "Reading the sources…"),
        (
            replace(WRITTEN, sentences=(), writing=Writing(draft="It <i>is")),
            "It <i>is being checkedWriting…",
        ),
        (
            replace(WRITTEN, writing=Writing(draft="And *so")),
            "It is <so>. [1][2] And *so being checkedWriting…",
        ),
        (replace(WRITTEN, writing=Writing()), "It is <so>. [1][2]Writing…"),
    ],
)
def test_an_answer_that_grows_says_what_it_waits_for_above_its_quotes(answer: Answer, shown: str) -> None:
    read = Read(answer_html(answer))
    # It is not known yet how long it took, nor whether all of it was checked.
    assert read.text == f"Found{shown}{QUOTES}{SOURCES}"
    assert read.kinds()[0] == "aq-answer aq-growing"
    assert read.kinds().count("aq-status") == 1
    draft = bool(answer.writing and answer.writing.draft)
    assert (read.kinds().count("aq-draft"), read.kinds().count("aq-doing")) == (draft, draft)
    assert "\n" not in answer_html(answer)


def test_why_a_model_wrote_less_is_said_in_the_note() -> None:
    failed = replace(ANSWER, notice="the model <b>failed</b>", timings=Timings())
    read = Read(answer_html(failed))
    assert read.text == f"Found{QUOTES}{SOURCES}The model <b>failed</b>{TOOLS}{COPIED}"
    assert "aq-notice" in read.kinds()


def test_a_turn_that_is_stopped_keeps_what_is_certain() -> None:
    growing = answered("q", replace(WRITTEN, writing=Writing(draft="And *so")))
    stopped = growing.stopped()
    assert Read(stopped.reply).text.startswith(f"FoundIt is <so>. [1][2]{QUOTES}")
    assert f"checked against its sources · Stopped.{TOOLS}" in Read(stopped.reply).text
    assert "aq-growing" not in stopped.reply
    assert (stopped.question, stopped.pair) == ("q", ("Why?", "It is <so>. [1][2]"))
    # Nothing in the first was certain yet, everything in the others was.
    only_draft = answered("q", replace(WRITTEN, sentences=(), writing=Writing(draft="And"))).stopped()
    assert Read(only_draft.reply).text == f"Found{QUOTES}{SOURCES}Stopped.{TOOLS}{COPIED}"
    assert Read(Turn("q").stopped().reply).text == "Stopped.Ask again Edit question"
    for whole in (answered("q", ANSWER), Turn("q", notice_html("broken")), stopped):
        assert whole.stopped() == whole


@given(any_text)
def test_no_text_of_others_makes_a_tag(text: str) -> None:
    citation = replace(CITATION, quote=text, title=text, path=text, source=text, language=text, before=text)
    found = replace(ANSWER, sentences=(Sentence(text, (1,), True),), citations=(citation,), notice=text)
    written = replace(found, mode="written")
    growing = replace(written, writing=Writing(draft=text))
    for answer in (found, written, growing, replace(found, found=False, text=text)):
        read = Read(answer_html(answer))
        assert set(read.kinds()) <= {
            "aq-answer", "aq-answer aq-growing", "aq-quotes", "aq-quote", "aq-said", "aq-written", "aq-draft",
            "aq-doing", "aq-status", "aq-refusal", "aq-source aq-mark", "aq-source aq-entry", "aq-number",
            "aq-label", "aq-sources", "li", "aq-title", "aq-about", "span", "aq-note", "aq-notice", "aq-badge aq-sure",
            "aq-badge aq-absent aq-refusal", "aq-writing", "aq-tools", "aq-copy", "aq-again", "aq-edit", "aq-copied",
            "aq-before", "aq-link",
        }  # fmt: skip
        assert {name for _, attributes in read.tags for name in attributes} <= {
            "class",
            "data-articles",
            "data-level",
            "dir",
            "href",
            "lang",
            "type",
            "aria-label",
            "data-link",
        }
        assert set(read.links()) == {"#aq-0123456789abcdef-12-32"}
        assert read.others == []
        assert showable(text) in read.text


@given(any_text)
def test_a_question_keeps_its_lines(text: str) -> None:
    read = Read(question_html(text))
    lines = text.strip().splitlines()
    assert read.text == "".join(map(showable, lines))
    assert [tag for tag, _ in read.tags] == (["div"] + ["br"] * (len(lines) - 1) if lines else [])


def test_an_endless_question_is_cut_short() -> None:
    assert Read(question_html("why " * 25_000)).text == "why " * 500 + "…"
    assert question_html(" \n ") == ""


def test_a_notice_is_a_sentence() -> None:
    assert Read(notice_html("the <disk> is full")).text == "The <disk> is fullAsk again Edit question"
    assert Read(notice_html("", returned=True)).text == ""


def test_a_turn_is_read_on_with_its_answer() -> None:
    assert answered("q", ANSWER).pair == ("Why?", ANSWER.text)
    assert (Turn("q").pair, Turn("q", notice_html("broken")).pair) == (None, None)


def test_a_conversation_sends_only_the_turns_that_may_have_changed() -> None:
    turns = [Turn("q1", "a1"), Turn("", "a2"), Turn("q3")]
    assert messages(turns) == {"since": 0, "turns": ["q1a1", "a2", f"q3{waiting_html()}"]}
    assert messages(turns, 2) == {"since": 2, "turns": [f"q3{waiting_html()}"]}
    assert messages([]) == {"since": 0, "turns": []}
    assert Read(waiting_html()).kinds() == ["aq-answer aq-growing", "aq-status"]


@given(any_text)
def test_what_is_offered_before_the_first_question_is_text(text: str) -> None:
    read = Read(welcome_html("<Ask>", [text, "When?"]))
    assert read.text == f"<Ask>{showable(text)}When?"
    assert read.kinds() == ["aq-welcome", "p", "examples", *["example", "example-text"] * 2]


def test_what_stands_beside_the_first_question_says_what_there_is() -> None:
    counts = Counts(1234, 1200, 5000, {"en": 1000, "x<y": 234}, date(2024, 5, 27), date(2024, 5, 27))
    read = Read(look_html(counts))
    shown = " ".join(read.text.split())
    assert "1,234 articles · 1,200 stories" in shown
    assert "Published27 May 2024LanguagesEnglish 1,000x<y 234" in shown
    assert "aq-door" in read.kinds()
    empty = Read(look_html(Counts(0, 0, 0, {}, None, None)))
    assert "There are no articles yet." in empty.text
    assert "aq-door" not in empty.kinds()
    assert "How to ask" in Read(look_html(None)).text
    assert Read(nothing_yet_html()).text == "There are no articles yet.Add articles"


def test_the_header_says_what_the_index_holds() -> None:
    status = {
        "articles": 12_000,
        "passages": 130_000,
        "languages": {"de": 3, "unknown": 2, "xq": 1, "<i>": 1},
    }
    read = Read(header_html(status))
    assert read.text == "Ask the articles12,000 articles · 130,000 passages · German, xq, <i>"
    # Twenty languages would be four lines on a phone.
    many = dict(zip(["cs", "ar", "de", "en", "el", "es", "fr", "ru", "uk", "tr"], range(1, 11), strict=True))
    read = Read(header_html({**status, "languages": many}))
    assert read.text.endswith("· Turkish, Ukrainian, Russian, French, Spanish, Greek and 4 more")
    one = {"articles": 1, "passages": 1, "languages": {"unknown": 1}}
    assert Read(header_html(one)).text == "Ask the articles1 article · 1 passage"


def test_the_header_says_what_writes_or_why_nothing_does() -> None:
    one = {"articles": 1, "passages": 1, "languages": {}}
    assert Read(header_html(one, "a <model>")).text.endswith("1 passageAnswers written by a <model>")
    missing = Read(header_html(one, None, "there is no <model>"))
    assert missing.text.endswith("1 passageThere is no <model>")
    assert missing.kinds()[-1] == "aq-notice"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://a.example/",
        "//a.example/",
        "/a",
        "a.example",
        "http:",
        "https://",
        "http:///a",
        "https:a.example",
        "http://[::1",
        "http://[a]/",
        "",
        None,
    ],
)
def test_what_leads_to_no_web_page_is_no_web_address(url: str | None) -> None:
    assert web_address(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/b?c=d#e",
        "http://a.example",
        "HTTPS://A.example/",
        "http://[::1]:80/",
        "https://ä.example/ü",
    ],
)
def test_a_web_address_stays_as_it_is(url: str) -> None:
    assert web_address(url) == url


@pytest.mark.parametrize(
    ("code", "name"),
    [("de", "German"), ("zh", "Chinese"), ("no", "Norwegian"), ("xq", "xq"), ("", None), (None, None)],
)
def test_a_language_has_its_english_name_or_its_code(code: str | None, name: str | None) -> None:
    assert language_name(code) == name


@pytest.mark.parametrize(
    ("day", "shown"),
    [("2024-05-27", "27 May 2024"), ("0476-12-01", "1 December 476"), ("", None), (None, None)],
)
def test_a_date_is_written_out(day: str | None, shown: str | None) -> None:
    assert long_date(day) == shown


def test_a_source_says_that_its_text_was_recognised() -> None:
    from ui.terminal import answer_lines
    from ui.wording import RECOGNISED

    marked = replace(ANSWER, citations=(replace(CITATION, recognised=True), SECOND))
    assert Read(answer_html(marked)).text.count(RECOGNISED) == 1
    assert [RECOGNISED in line for line in answer_lines(marked) if line.startswith("[")] == [True, False]
    assert [cited.get("recognised") for cited in marked.to_dict()["citations"]] == [True, None]
    assert RECOGNISED not in answer_html(ANSWER)
