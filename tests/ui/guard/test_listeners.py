"""The queue has a fair length and holds no question whose answer nobody awaits."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from index.model.encoder import SentenceEncoder
from tests.fakes import EchoLLM
from tests.ui.conftest import EXAMPLES, SLOW, Site, Visits, serving
from tests.ui.seeing import AUSTIN, answered, question_box
from tests.ui.wire import JOIN, LISTEN, Reply, listening, opened, post, question, request, told
from ui.guard.listeners import Bounds

pytestmark = pytest.mark.filterwarnings("ignore::Warning:gradio.queueing")

WAITING = f"Tell me {SLOW}: was kostet der Versuch?"
# Longer than a busy machine takes to listen for the answer after asking.
SOON = 2.0


Served = Callable[..., Any]


@pytest.fixture
def served(corpus_index: Path, encoder: SentenceEncoder) -> Served:
    @contextmanager
    def serve(llm: EchoLLM | None = None, **bounds: float) -> Iterator[Site]:
        limits = Bounds(**bounds)  # type: ignore[arg-type]
        with serving(corpus_index, encoder, EXAMPLES, llm, bounds=limits, llm_seconds=900) as site:
            try:
                yield site
            finally:
                site.encoder.released.set()

    return serve


def send_by_wire(site: Site, session: str, text: str = WAITING, client: str = "192.0.2.1") -> Reply:
    return post(site.address, JOIN, question(text, session), **{"X-Forwarded-For": client})


def eventually(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_sessions_clients_and_the_whole_are_limited(served: Served) -> None:
    with served(questions=7, questions_of_client=5, questions_of_session=3) as site:
        statuses = [send_by_wire(site, "one").status for _ in range(4)]
        assert statuses == [200] * 3 + [429]
        assert [send_by_wire(site, f"more{n}").status for n in range(3)] == [200, 200, 429]
        others = [send_by_wire(site, f"other{n}", client=f"192.0.2.{n + 2}") for n in range(3)]
        assert [other.status for other in others] == [200, 200, 429]
        assert others[-1].line == "Too many questions are waiting right now: ask again in a minute."
        assert int(others[-1].headers["retry-after"]) > 0
        # There is room again once one is answered.
        with listening(site.address, "other0") as stream:
            site.encoder.released.set()
            assert any(message["msg"] == "process_completed" for message in told(stream))
        assert send_by_wire(site, "other9", AUSTIN, "192.0.2.9").status == 200


def test_many_at_the_same_moment_get_no_more_than_one_after_another(served: Served) -> None:
    with served(questions=6, questions_of_client=6) as site:
        statuses: list[int] = []

        def send_one(number: int) -> None:
            statuses.append(send_by_wire(site, f"s{number}").status)

        threads = [threading.Thread(target=send_one, args=(number,)) for number in range(30)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(statuses) == [200] * 6 + [429] * 24


def test_a_question_that_nobody_listens_for_is_dropped_before_it_begins(served: Served) -> None:
    with served(answers=1, questions=3, unheard=SOON) as site, ExitStack() as streams:
        assert send_by_wire(site, "first").status == 200
        streams.enter_context(listening(site.address, "first"))
        eventually(lambda: WAITING in site.encoder.asked)
        # One session never listens, one leaves.
        assert send_by_wire(site, "deaf", "Deaf question?").status == 200
        assert send_by_wire(site, "gone", "Gone question?").status == 200
        with listening(site.address, "gone"):
            assert send_by_wire(site, "third", AUSTIN).status == 429
        eventually(lambda: send_by_wire(site, "third", AUSTIN).status == 200)
        with listening(site.address, "third") as stream:
            # Both places are free.
            eventually(lambda: send_by_wire(site, "third", AUSTIN).status == 200)
            site.encoder.released.set()
            assert any(
                message["msg"] == "process_completed" and message["success"] for message in told(stream)
            )
        assert AUSTIN in site.encoder.asked
        assert not {"Deaf question?", "Gone question?"} & set(site.encoder.asked)
        for session in ("deaf", "gone"):
            assert request(site.address, "GET", f"{LISTEN}{session}").status == 404


@pytest.mark.parametrize("heard", [False, True])
def test_an_answer_in_progress_ends_when_nobody_listens(served: Served, heard: bool) -> None:
    llm = EchoLLM(
        lambda _: "Austin sprach im Mai 2023 mit Schoigu. [1] " + "Und noch ein Wort " * 2000, pause=0.05
    )
    with served(llm, unheard=SOON, questions=1) as site:
        site.engine.warm()
        assert send_by_wire(site, "s1", AUSTIN).status == 200
        if heard:
            with listening(site.address, "s1"):
                assert llm.started.wait(120)
        # The whole answer would take longer than a minute.
        eventually(lambda: send_by_wire(site, "s2", AUSTIN).status == 200)
        eventually(lambda: llm.stopped.is_set() or not llm.started.is_set())


def test_a_second_stream_of_a_session_takes_nothing_from_the_first(
    served: Served, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with served() as site:
        assert send_by_wire(site, "s1").status == 200
        with listening(site.address, "s1") as stream:
            assert request(site.address, "GET", f"{LISTEN}s1").status == 409
            site.encoder.released.set()
            assert any(message["msg"] == "process_completed" for message in told(stream))
    assert capfd.readouterr().err == ""
    assert caplog.text == ""


def test_open_connections_are_limited(served: Served) -> None:
    with served(streams=3, streams_of_client=2) as site, ExitStack() as held:

        def stay(client: str) -> int:
            return held.enter_context(opened(site.address, "/gradio_api/heartbeat/abc", client)).status

        assert [stay("192.0.2.1") for _ in range(3)] == [200, 200, 429]
        assert [stay("192.0.2.2"), stay("192.0.2.3")] == [200, 429]
        held.close()
        eventually(lambda: stay("192.0.2.3") == 200)


def test_the_page_says_that_the_queue_is_full_and_the_question_stays(served: Served, visit: Visits) -> None:
    with served(questions=1) as site:
        page = visit.fresh(site.address)
        assert send_by_wire(site, "another").status == 200
        with listening(site.address, "another") as stream:
            question_box(page).fill(AUSTIN)
            question_box(page).press("Enter")
            said = page.get_by_text("Too many questions are waiting right now: ask again in a minute.")
            expect(said).to_be_visible()
            expect(page.locator(".aq-growing")).to_have_count(0)
            expect(question_box(page)).to_have_value(AUSTIN)
            site.encoder.released.set()
            assert any(message["msg"] == "process_completed" for message in told(stream))
        # The place is free a moment later.
        answers = page.locator(".aq-answer")

        def asked() -> bool:
            question_box(page).press("Enter")
            page.wait_for_timeout(500)
            return bool(answers.count() == 1)

        eventually(asked)
        expect(answered(answers).locator(".aq-quote").first).to_contain_text("Mai 2023")
        # The browser complains about the refusal and nothing else.
        assert all("429" in complaint for complaint in visit.complaints)
        visit.complaints.clear()
