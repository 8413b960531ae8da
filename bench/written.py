"""Written answers end to end: right, wrong or none, with the support check and without it; and how long they take.

    python -m bench.written prepare en=FILE.json de=FILE.json FOLDER [--questions 25]
    python -m bench.written ask --index DIR QUESTIONS.jsonl OUT.jsonl [--llm local] [--sources N] [--every N]
    python -m bench.written judge OUT.jsonl [...] [--show]
    python -m bench.written scan OUT.jsonl [...]
    python -m bench.written stop --index DIR QUESTIONS.jsonl [--llm local]

`prepare` takes the same questions in several languages in SQuAD's format, as XQuAD has them, and makes of them
FOLDER/index-TEXTS and FOLDER/QUESTIONS-TEXTS.jsonl for each pair of languages.
`ask` puts each question of a file as for `article-qa eval` to an index, and stores what the model wrote with
what it was shown. `judge` reads that and gives the figures, so that the check can be measured again without
the model. `scan` judges with a smaller and a greater value of each number in qa/write/thresholds.py. `stop` stops the model at twenty moments, and waits until it is idle.

An answer is right if it has the numbers of a known answer, or, where that has none, most of its words in any
spelling: what is judged wrong is worth a look (`--show`), since words are not translated for this. Questions that
`prepare` makes have their answers in the language of the texts and in their own.
"""

import argparse
import json
import statistics
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from index import Encoder, Settings, build, load_encoder
from qa import Engine
from qa.check.coverage import Located
from qa.check.numerals import numbers
from qa.check.support import objection, read_all, read_claim
from qa.evaluation import Known, auroc, load_questions
from qa.llm.delta import Delta
from qa.llm.stream import WORKER
from qa.names import is_among, words
from qa.write.checker import Checker
from qa.write.draft import Draft, Written
from qa.write.thresholds import WRITING, WritingThresholds
from qa.write.writer import located_in

from .quality import chosen, known_of, write_texts

_MOST_WORDS = 0.6
# Moments at which the model is stopped, over so many seconds: it reads, then it writes.
_MOMENTS, _STOPS = 20, 5.0
# Which JSON can hold.
_NO_LIMIT = -1000.0
# What `scan` tries, beside the number itself.
SCANNED = {
    "speaks_to": (0.5, 0.55, 0.65, 0.7),
    "held": (0.0, 0.2, 0.3, 0.6),
    "held_usual": (0.1, 0.2, 0.4, 0.5),
    "common": (9.5, 10.0, 11.0, 11.5),
}


def main() -> None:
    """Ask or judge."""
    parser = argparse.ArgumentParser(prog="bench.written", description="Measure written answers.")
    kinds = parser.add_subparsers(required=True)
    prepare = kinds.add_parser("prepare")
    prepare.add_argument("files", nargs="+", metavar="LANG=FILE")
    prepare.add_argument("folder", type=Path)
    prepare.add_argument("--questions", type=int, default=25, help="per pair of languages")
    prepare.set_defaults(run=_prepare)
    ask = kinds.add_parser("ask")
    ask.add_argument("questions", type=Path)
    ask.add_argument("out", type=Path)
    ask.add_argument("--index", type=Path, required=True)
    ask.add_argument("--llm", default="local")
    ask.add_argument("--sources", type=int, help="show the model this many sentences, whatever they take")
    ask.add_argument("--every", type=int, default=1, help="ask each so many-th question only")
    ask.set_defaults(run=_ask)
    stop = kinds.add_parser("stop")
    stop.add_argument("questions", type=Path)
    stop.add_argument("--index", type=Path, required=True)
    stop.add_argument("--llm", default="local")
    stop.set_defaults(run=_stop)
    scan = kinds.add_parser("scan")
    scan.add_argument("files", type=Path, nargs="+")
    scan.set_defaults(run=_scan)
    judge = kinds.add_parser("judge")
    judge.add_argument("files", type=Path, nargs="+")
    judge.add_argument(
        "--show", action="store_true", help="print what is shown and wrong, or right and dropped"
    )
    judge.set_defaults(run=_judge)
    given = parser.parse_args()
    given.run(given)


def _prepare(given: argparse.Namespace) -> None:
    files = {name: Path(path) for name, path in (item.split("=", 1) for item in given.files)}
    for texts, texts_path in files.items():
        write_texts(texts_path, texts, given.folder / f"texts-{texts}", 1)
        build(given.folder / f"texts-{texts}", Settings(index=given.folder / f"index-{texts}"))
        for language, path in files.items():
            known = _known_in_both(path, texts_path, language, given.questions)
            lines = (json.dumps(asdict(item), ensure_ascii=False) for item in known)
            (given.folder / f"{language}-{texts}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")


def _known_in_both(questions: Path, texts: Path, language: str, count: int) -> list[Known]:
    """Return a sample of questions with their answers in the texts' language and in their own."""
    theirs, ours = (known_of(questions, path, language) for path in (texts, questions))
    both = [
        (n, replace(one, answers=tuple(dict.fromkeys((*one.answers, *other.answers)))))
        for (n, one), (_, other) in zip(theirs, ours, strict=True)
    ]
    return [item for _, item in chosen(both, count)]


def _ask(given: argparse.Namespace) -> None:
    known = load_questions(given.questions)[:: given.every]
    with (
        Engine(settings=Settings(index=given.index, llm=given.llm)) as engine,
        given.out.open("w", encoding="utf-8") as out,
    ):
        engine.warm()
        for item in known:
            plain = _asked(engine, item.question, [(asked, "") for asked in item.history], given.sources)
            plain |= {"answers": list(item.answers), "language": item.language}
            out.write(json.dumps(plain, ensure_ascii=False) + "\n")
            out.flush()


def _asked(
    engine: Engine, question: str, history: Sequence[tuple[str, str]], count: int | None
) -> dict[str, Any]:
    """Put a question to the engine as a reader would, and return what the model wrote, unchecked."""
    begun = time.perf_counter()
    findings = engine.read(question, history)
    quotes = engine.answer(findings)
    plain: dict[str, Any] = {
        "question": question,
        "found": quotes.found,
        "level": quotes.level,
        "quotes_s": time.perf_counter() - begun,
    }
    writer = engine.writer
    if not quotes.found or writer is None:
        return plain
    shown = writer.shown(quotes, findings.evidence, count)
    said, first = [], None
    for word in writer.words(quotes.question, shown, history[-1][0] if quotes.searched else ""):
        if word.text:
            said.append([word.text, *word.logprobs])
        if first is None and word.text.strip():
            first = time.perf_counter() - begun
    plain |= {"words": said, "first_s": first, "all_s": time.perf_counter() - begun}
    plain |= {"sureness": max(writer.model.limits.sureness, _NO_LIMIT)}
    plain |= {"located": [[one.text, one.likelihood] for one in located_in(shown)]}
    return plain | {"shown": [[item.article.title, item.text] for item in shown]}


def _stop(given: argparse.Namespace) -> None:
    known = load_questions(given.questions)
    took: list[float] = []
    with Engine(settings=Settings(index=given.index, llm=given.llm)) as engine:
        engine.warm()
        for number, item in enumerate(known):
            stream = engine.stream(item.question)
            answer = next(stream)
            wanted = time.perf_counter() + _STOPS * (number % _MOMENTS) / _MOMENTS
            for answer in stream:
                if answer.writing is None or time.perf_counter() >= wanted:
                    break
            if answer.writing is None:
                # It was not found, or done before.
                continue
            stream.close()
            while any(thread.name == WORKER for thread in threading.enumerate()):
                time.sleep(0.001)
            took.append(1000 * (time.perf_counter() - wanted))
            if len(took) == _MOMENTS:
                break
    shown = " ".join(f"{value:.0f}" for value in took)
    print(f"{shown} ms")
    print(f"idle after p50 {statistics.median(took):.0f} ms, at most {max(took):.0f} ms; {len(took)} stops")


def _judge(given: argparse.Namespace) -> None:
    encoder = load_encoder(Settings())
    for path in given.files:
        items = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]
        print(path.stem)
        _report(items, encoder, given.show)


def _scan(given: argparse.Namespace) -> None:
    encoder = load_encoder(Settings())
    for path in given.files:
        items = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]
        print(path.stem)
        print(f"    as it is          {_outcomes(items, encoder, WRITING)}")
        for name, values in SCANNED.items():
            for value in values:
                outcomes = _outcomes(items, encoder, replace(WRITING, **{name: value}))
                print(f"    {name:10} = {value:<5g}{outcomes}")


def _outcomes(items: Sequence[dict[str, Any]], encoder: Encoder, limits: WritingThresholds) -> str:
    """Return how many answers are right, wrong, and none, with these thresholds."""
    counts = Counter[str]()
    for item in items:
        sentences = _sentences(item)
        kept = list(filter(_checker(item, encoder, limits), sentences)) if sentences else []
        counts[_outcome(item, kept)] += 1
    return ", ".join(f"{counts[outcome]} {outcome}" for outcome in ("right", "wrong", "none"))


def _checker(item: dict[str, Any], encoder: Encoder, limits: WritingThresholds = WRITING) -> Checker:
    shown = [(title, text) for title, text in item.get("shown", [])]
    located = [Located(*one) for one in item.get("located", [])]
    return Checker(encoder, item["question"], shown, located, item.get("sureness", _NO_LIMIT), limits)


def _report(items: Sequence[dict[str, Any]], encoder: Encoder, show: bool) -> None:
    before, after = (dict.fromkeys(("right", "wrong", "none"), 0) for _ in range(2))
    spent: list[tuple[float, float]] = []
    signs: list[tuple[bool, float | None, float | None]] = []
    for item in items:
        sentences = _sentences(item)
        begun = time.perf_counter()
        check = _checker(item, encoder)
        read = time.perf_counter()
        kept = [sentence for sentence in sentences if check(sentence)]
        if sentences:
            spent.append((1000 * (time.perf_counter() - read), 1000 * (read - begun)))
        was, now = (_outcome(item, chosen) for chosen in (sentences, kept))
        before[was] += 1
        after[now] += 1
        if sentences:
            signs.append((was == "right", sentences[0].sureness, check.held(sentences[0])))
        if show and (now == "wrong" or (was == "right" and now != "right")):
            reasons = [_reasons(encoder, item, sentence) for sentence in sentences]
            print(
                f"    {was} -> {now}: {item['question']} | {' '.join(f'{s.text} ({s.sureness:.2f})' for s in sentences)!r} | {item['answers']} | {reasons if now != 'wrong' else ''}"
            )
    shown = after["right"] + after["wrong"]
    print(f"    without the check: {before}; with it: {after}")
    print(
        f"    shown ones right {after['right'] / max(1, shown):.3f}; wrong ones left {after['wrong'] / max(1, before['wrong']):.3f}; right ones lost {1 - after['right'] / max(1, before['right']):.3f}"
    )
    _report_signs(signs)
    timed = [item for item in items if item.get("first_s")]
    for name in ("quotes_s", "first_s", "all_s"):
        values = sorted(item[name] for item in timed)
        print(f"    {name:9} p50 {statistics.median(values):.2f} p95 {values[int(0.95 * len(values))]:.2f}")
    print(
        f"    check p50 {statistics.median(s for s, _ in spent):.0f} ms, and {statistics.median(r for _, r in spent):.0f} ms to read the evidence"
    )


def _report_signs(signs: Sequence[tuple[bool, float | None, float | None]]) -> None:
    """Print how well a model's sureness, and what a sentence holds of the answer, tell right from wrong."""
    told = [
        (right, (sure, held, sure + WRITING.held * held))
        for right, sure, held in signs
        if sure is not None and held is not None
    ]
    for number, name in enumerate(("sureness", "answer held", "both")):
        right, wrong = (
            [values[number] for is_right, values in told if is_right == side] for side in (True, False)
        )
        if right and wrong:
            print(f"    AUROC of {name:11} {auroc(right, wrong):.3f}")


def _sentences(item: dict[str, Any]) -> list[Written]:
    draft = Draft()
    found: list[Written] = []
    for text, *logprobs in item.get("words", []):
        found += draft.add(Delta(text, tuple(logprobs)))
    return [*found, *draft.end()]


def _reasons(encoder: Encoder, item: dict[str, Any], sentence: Written) -> list[str | None]:
    texts = read_all(encoder, [(title, text) for title, text in item["shown"]])
    read = read_claim(encoder, sentence.text, texts)
    return [objection(read, text) for text in texts]


def _outcome(item: dict[str, Any], sentences: Sequence[Written]) -> str:
    if not sentences:
        return "none"
    text = " ".join(sentence.text for sentence in sentences)
    return "right" if any(_has(text, answer) for answer in item["answers"]) else "wrong"


def _has(text: str, answer: str) -> bool:
    if asked := [number for number in numbers(answer) if number.values != {1.0}]:
        held = [number.values for number in numbers(text)]
        return all(any(number.values & values for values in held) for number in asked)
    keys = words(text)
    parts = [part for part in answer.replace("-", " ").split() if len(part) > 2 or part[0].isupper()]
    return sum(is_among(part.strip(".,'\"’“”"), keys) for part in parts) >= _MOST_WORDS * len(parts)


if __name__ == "__main__":
    main()
