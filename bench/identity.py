"""How many questions of who somebody is are answered, of those that the articles name and of others.

    python -m bench.identity

Asks those of `bench/data/identity.jsonl`, of the sample articles and of the held-out clusters of the reading set.
"""

import json
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from index import Settings, build, load_encoder
from qa import Engine

from .folders import write_clusters
from .reading import load, split

QUESTIONS = Path(__file__).parent / "data" / "identity.jsonl"
CORPUS = Path(__file__).parents[1] / "corpus"


def main() -> None:
    """Ask all and count."""
    with tempfile.TemporaryDirectory() as work:
        clusters = Path(work, "clusters")
        write_clusters(split(load())[1], clusters)
        told = [*_levels("corpus", CORPUS, Path(work, "1")), *_levels("clusters", clusters, Path(work, "2"))]
    for is_named in (True, False):
        levels = [level for named, level in told if named is is_named]
        answered = sum(level != "not found" for level in levels)
        about = "named" if is_named else "not named"
        print(f"{about}: {answered} of {len(levels)} answered, {levels.count('found')} of them as found")


def _levels(name: str, folder: Path, index: Path) -> Iterator[tuple[bool, str]]:
    """Yield for each question on a folder whether its articles name who is meant, and the answer's level."""
    encoder, settings = load_encoder(Settings()), Settings(index=index)
    build(folder, settings, encoder=encoder)
    with closing(Engine(settings=settings, encoder=encoder)) as engine:
        for line in map(json.loads, QUESTIONS.read_text("utf-8").splitlines()):
            if line["folder"] == name:
                answer = engine.query(line["question"])
                shown = " ".join(f"{cited.before or ''} {cited.quote}" for cited in answer.citations[:1])
                if (answer.level != "not found") is not line["named"]:
                    print(f"{answer.level}: {line['question']} {shown[:100]}")
                yield line["named"], answer.level


if __name__ == "__main__":
    main()
