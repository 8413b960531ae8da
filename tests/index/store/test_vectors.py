"""Our collections are plain Chroma collections: any Chroma or LlamaIndex program can open them."""

import gc
import json
import logging
import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
import pytest

from index import Settings, build, open_index
from index.errors import IndexDamagedError
from index.model.encoder import SentenceEncoder
from index.redaction import Address
from index.store.integrity import check
from index.store.vectors import (
    COLLECTION,
    DATABASE,
    ExactVectors,
    Records,
    Segment,
    ServerCollection,
    write_segment,
)
from tests.conftest import CORPUS
from tests.fakes import HashEncoder

QUESTION = "When did Austin last speak to Shoigu?"


def segment_of(index: Path) -> Path:
    (segment,) = (index / "chroma").iterdir()
    return segment


def test_plain_chromadb_opens_a_segment(corpus_index: Path, encoder: SentenceEncoder) -> None:
    client = chromadb.PersistentClient(str(segment_of(corpus_index)))
    collection = client.get_collection(COLLECTION, embedding_function=None)
    vector = encoder.encode([QUESTION], question=True)
    found = collection.query(query_embeddings=vector, n_results=1, where={"language": "de"})
    assert found["documents"] is not None
    assert found["metadatas"] is not None
    assert "Mai 2023" in found["documents"][0][0]
    metadata = found["metadatas"][0][0]
    assert metadata["path"] == "telefonat-austin-belousow.md"
    assert metadata["published"] == 20240527
    with open_index(settings=Settings(index=corpus_index)) as index:
        article = index.article(str(metadata["article_id"]))
    assert article is not None
    start, end = metadata["start"], metadata["end"]
    assert isinstance(start, int)
    assert isinstance(end, int)
    assert article.text[start:end] == found["documents"][0][0]
    client.close()  # type: ignore[attr-defined]


def test_plain_llamaindex_opens_a_segment(corpus_index: Path) -> None:
    from llama_index.core import VectorStoreIndex
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from llama_index.vector_stores.chroma import ChromaVectorStore

    client = chromadb.PersistentClient(str(segment_of(corpus_index)))
    store = ChromaVectorStore(client.get_collection(COLLECTION, embedding_function=None))
    model = HuggingFaceEmbedding(
        str(Settings().cache / "multilingual-e5-small"),
        device="cpu", query_instruction="query: ", text_instruction="passage: ",
    )  # fmt: skip
    nodes = (
        VectorStoreIndex.from_vector_store(store, embed_model=model)
        .as_retriever(similarity_top_k=1)
        .retrieve(QUESTION)
    )
    assert "Mai 2023" in nodes[0].node.get_content()
    assert nodes[0].node.metadata["path"] == "telefonat-austin-belousow.md"
    client.close()  # type: ignore[attr-defined]


def records(count: int) -> Records:
    vectors = np.random.default_rng(1).standard_normal((count, 64)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return Records(
        range(count), vectors, [f"text {i}" for i in range(count)], [{"n": i} for i in range(count)]
    )


@pytest.mark.parametrize("count", [1, 3, 300, 6000])
def test_a_segment_of_any_size_finds_what_exact_comparison_finds(tmp_path: Path, count: int) -> None:
    written = records(count)
    digest = write_segment(tmp_path / "segment", count, [written])
    segment, exact = Segment(tmp_path / "segment", digest), ExactVectors(written.numbers, written.vectors)
    agreed = 0
    for i in range(0, count, max(1, count // 20)):
        near, true = segment.nearest(written.vectors[i], 10), exact.nearest(written.vectors[i], 10)
        assert near[0][0] == i
        assert near[0][1] == pytest.approx(1.0, abs=1e-5)
        agreed += len({n for n, _ in near} & {n for n, _ in true}) / min(10, count) > 0.8
    assert agreed >= 0.9 * len(range(0, count, max(1, count // 20)))
    segment.close()


def test_reading_leaves_a_segments_vector_files_unchanged(tmp_path: Path) -> None:
    written = records(500)
    digest = write_segment(tmp_path / "segment", 500, [written])
    for _ in range(3):
        segment = Segment(tmp_path / "segment", digest)
        segment.nearest(written.vectors[0], 5)
        segment.close()
    with pytest.raises(IndexDamagedError, match="run article-qa index again"):
        Segment(tmp_path / "segment", "another digest")


def test_other_programs_read_a_compacted_segment_as_they_would_any(tmp_path: Path) -> None:
    """Compared with a collection of the same records that Chroma alone has written."""
    written = records(40)
    texts = [
        f"The {'bridge' if i % 4 else 'Brücke'} was {'shut' if i % 3 else 'open'} {i}" for i in range(40)
    ]
    facts: list[dict[str, str | int]] = [{"n": i, "language": "de" if i % 4 else "en"} for i in range(40)]
    write_segment(tmp_path / "ours", 40, [Records(written.numbers, written.vectors, texts, facts)])
    ids = [str(number) for number in written.numbers]
    clients = [chromadb.PersistentClient(str(tmp_path / name)) for name in ("ours", "plain")]
    ours = clients[0].get_collection(COLLECTION, embedding_function=None)
    plain = clients[1].create_collection(COLLECTION, embedding_function=None)
    plain.add(ids=ids, embeddings=written.vectors, documents=texts, metadatas=facts)  # type: ignore[arg-type]
    asked: list[dict[str, Any]] = [
        {"where_document": {"$contains": "Brücke"}},
        {"where_document": {"$not_contains": "shut"}},
        {"where_document": {"$regex": "bridge was (shut|open) 1"}},
        {"where_document": {"$and": [{"$contains": "bridge"}, {"$contains": "open"}]}},
        {"where": {"language": "de"}},
        {"where": {"n": {"$gte": 30}}},
        {"where": {"$and": [{"language": "en"}, {"n": {"$lt": 9}}]}, "where_document": {"$contains": "shut"}},
        {"ids": ["3", "17"]},
        {},
    ]
    for one in asked:
        found = [collection.get(**one) for collection in (ours, plain)]
        assert found[0]["documents"]
        assert sorted(found[0]["ids"]) == sorted(found[1]["ids"])
        assert sorted(found[0]["documents"]) == sorted(found[1]["documents"] or [])
    near = [
        collection.query(
            query_embeddings=written.vectors[:1], n_results=5, where_document={"$contains": "bridge"}
        )["ids"]
        for collection in (ours, plain)
    ]
    assert near[0] == near[1]
    # Nor does a program notice that adds and deletes, although nobody should here.
    ours.add(ids=["new"], embeddings=written.vectors[:1], documents=["a bridge of boats"])
    assert ours.get(where_document={"$contains": "of boats"})["ids"] == ["new"]
    ours.delete(ids=["new"])
    assert ours.get(where_document={"$contains": "of boats"})["ids"] == []
    for client in clients:
        client.close()  # type: ignore[attr-defined]


def test_a_segment_takes_little_more_than_its_vectors_and_texts(tmp_path: Path) -> None:
    count = 3000
    rng = np.random.default_rng(2)
    words = [f"word{i}" for i in range(3000)]
    texts = [" ".join(rng.choice(words, 110)) for _ in range(count)]
    vectors = rng.standard_normal((count, 384)).astype(np.float32)
    facts: list[dict[str, str | int]] = [
        {"path": f"news/{i}.txt", "start": i, "end": i + 1} for i in range(count)
    ]
    write_segment(tmp_path / "segment", count, [Records(range(count), vectors, texts, facts)])
    size = sum(path.stat().st_size for path in (tmp_path / "segment").rglob("*") if path.is_file())
    own = vectors.nbytes + sum(map(len, texts))
    # It was 3.9 times as much before the segment was compacted.
    assert size < 1.6 * own


@dataclass(frozen=True, slots=True)
class Server:
    url: str
    process: subprocess.Popen[bytes]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    chroma = str(Path(sys.executable).parent / "chroma")
    place = ["--path", str(tmp_path / "server"), "--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen(
        [chroma, "run", *place], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        for _ in range(200):
            with socket.socket() as client:
                if client.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield Server(f"http://127.0.0.1:{port}", process)
        process.kill()


def test_a_chroma_server_holds_the_vectors_when_one_is_named(
    server: Server, tmp_path: Path, corpus_index: Path, encoder: SentenceEncoder
) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for path in [*sorted(CORPUS.iterdir())[:5], CORPUS / "telefonat-austin-belousow.md"]:
        (folder / path.name).write_bytes(path.read_bytes())
    settings = Settings(index=tmp_path / "index", chroma=server.url)
    summary = build(folder, settings, encoder=encoder)
    vector = encoder.encode([QUESTION], question=True)[0]
    assert not (settings.index / "chroma").exists()
    with open_index(settings=settings) as index:
        assert "Mai 2023" in index.search(QUESTION, vector)[0].passage.text
        (folder / "telefonat-austin-belousow.md").unlink()
        (folder / "new.txt").write_text("A new article about kites. They fly over the lake.")
        build(folder, settings, encoder=encoder)
        assert "telefonat" not in {hit.article.path for hit in index.search(QUESTION, vector)}
        kites = index.search("kites", encoder.encode(["kites"], question=True)[0])
        assert kites[0].article.path == "new.txt"
    client = chromadb.HttpClient("127.0.0.1", int(server.url.rsplit(":", 1)[1]))
    (collection,) = client.list_collections()
    assert collection.count() < summary.passages + 1
    # Without the server's name the same index answers from the catalog, and the next build makes segments.
    local = settings.replaced(index=settings.index).model_copy(update={"chroma": None})
    with open_index(settings=local) as index:
        assert index.search("kites", encoder.encode(["kites"], question=True)[0])[0].article.path == "new.txt"
    build(folder, local, encoder=encoder)
    assert (local.index / "chroma").exists()


def test_a_server_keeps_no_collection_of_a_generation_that_is_over(server: Server, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text("The bridge opens in spring.")
    client = chromadb.HttpClient("127.0.0.1", int(server.url.rsplit(":", 1)[1]))
    client.create_collection("someone-elses")
    settings = Settings(index=tmp_path / "index", chroma=server.url)
    for rebuild in (False, True, True, True):
        build(folder, settings, rebuild=rebuild, encoder=HashEncoder())
    # Readers of the generation before may still be at work.
    assert len(client.list_collections()) == 3
    build(folder, settings, encoder=HashEncoder())
    names = {collection.name for collection in client.list_collections()}
    assert len(names) == 2
    assert "someone-elses" in names
    with open_index(settings=settings) as index:
        assert index.search("bridge", HashEncoder().encode(["bridge"])[0])
    client.close()  # type: ignore[attr-defined]


def test_no_connection_to_a_server_is_left_open(server: Server, tmp_path: Path) -> None:
    address = Address(server.url)
    before = _open_sockets()
    for _ in range(3):
        ServerCollection(address, "passages", create=True).close()
        with pytest.raises(IndexDamagedError):
            ServerCollection(address, "there-is-none")
    assert _open_sockets() == before


def _open_sockets() -> int:
    # Not those that earlier tests left to be collected.
    gc.collect()
    links = [Path("/proc/self/fd", name) for name in os.listdir("/proc/self/fd")]  # noqa: PTH208
    return sum(str(link.readlink()).startswith("socket:") for link in links if link.is_symlink())


def test_a_server_that_goes_away_is_a_clear_error(
    server: Server, tmp_path: Path, encoder: SentenceEncoder
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "kites.txt").write_text("A new article about kites. They fly over the lake.")
    settings = Settings(index=tmp_path / "index", chroma=server.url)
    build(tmp_path / "a", settings, encoder=encoder)
    vector = encoder.encode(["kites"], question=True)[0]
    with open_index(settings=settings) as index:
        assert index.search("kites", vector)
        server.process.kill()
        server.process.wait()
        with pytest.raises(IndexDamagedError, match="start it"):
            index.search("kites", vector)
        assert "start it" in index.status().health


def test_a_server_that_does_not_answer_is_a_clear_error(tmp_path: Path, encoder: SentenceEncoder) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "a.txt").write_text("Some text.")
    with pytest.raises(IndexDamagedError, match=r"does not answer as it should .* start it"):
        build(
            tmp_path / "a", Settings(index=tmp_path / "index", chroma="http://127.0.0.1:9"), encoder=encoder
        )
    assert not (tmp_path / "index").exists()


def test_a_server_behind_a_password_is_asked_with_it(server: Server) -> None:
    address = Address(server.url.replace("//", "//us%40er:p-secret@"))
    collection = ServerCollection(address, "passages", create=True)
    collection.add(Records([7], np.eye(1, 4, dtype=np.float32), ["a"], [{"title": "a"}]))
    assert [number for number, _ in collection.nearest(np.eye(1, 4, dtype=np.float32)[0], 1)] == [7]
    collection.close()


def test_what_a_proxy_before_a_server_says_is_shown_without_secrets(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    asked: list[str | None] = []

    class Proxy(BaseHTTPRequestHandler):
        """Lets the client in, then refuses, and repeats what it was sent."""

        def do_GET(self) -> None:
            asked.append(self.headers["Authorization"])
            known = "/collections/" not in self.path
            who = {"user_id": "", "tenant": "default_tenant", "databases": ["default_database"]}
            place = {"id": str(uuid.uuid4()), "name": "default_database", "tenant": "default_tenant"}
            facts = who if self.path.endswith("/identity") else place
            said = json.dumps(facts) if known else f"Unauthorized: {self.headers.items()} us@er p-secret"
            self.send_response(200 if known else 401)
            self.end_headers()
            self.wfile.write(said.encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        shown = f"http://127.0.0.1:{proxy.server_port}"
        with pytest.raises(IndexDamagedError, match=f"the Chroma server {shown} does not answer") as raised:
            ServerCollection(Address(shown.replace("//", "//us%40er:p-secret@")), "passages")
        proxy.shutdown()
    assert set(asked) == {"Basic dXNAZXI6cC1zZWNyZXQ="}
    for text in (str(raised.value), caplog.text):
        assert not [
            secret for secret in ("secret", "us@er", "us%40er", "dXNAZXI6cC1zZWNyZXQ") if secret in text
        ]
    assert "Unauthorized" in str(raised.value)
    assert raised.value.__cause__ is None


def _altered(statement: str) -> Callable[[Path], None]:
    def alter(folder: Path) -> None:
        with closing(sqlite3.connect(folder / DATABASE)) as connection:
            connection.execute(statement)
            connection.commit()

    return alter


DAMAGES: dict[str, Callable[[Path], object]] = {
    "pickle": lambda folder: next(folder.glob("*/*.pickle")).write_bytes(b"garbage"),
    "no pickle": lambda folder: next(folder.glob("*/*.pickle")).unlink(),
    "name of the folder": lambda folder: next(folder.glob("*/")).rename(folder / "other"),
    "dimension": _altered("UPDATE collections SET dimension = 3"),
    "name": _altered("UPDATE collections SET name = 'other'"),
    "segments": _altered("UPDATE segments SET id = 'x' || substr(id, 2)"),
    "records": _altered("UPDATE embeddings SET embedding_id = embedding_id + 64"),
    "fewer records": _altered("DELETE FROM embeddings WHERE id > 2"),
    "tenant": _altered("DELETE FROM tenants"),
    "no table": _altered("DROP TABLE segments"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_what_chroma_would_answer_wrongly_from_is_not_opened(tmp_path: Path, name: str) -> None:
    expected = write_segment(tmp_path / "segment", 5, [records(5)])
    Segment(tmp_path / "segment", expected).close()
    DAMAGES[name](tmp_path / "segment")
    with pytest.raises(IndexDamagedError, match="run article-qa index again"):
        Segment(tmp_path / "segment", expected)


def test_a_segment_that_goes_while_it_is_open_is_compared_exactly_and_mended(tmp_path: Path) -> None:
    folder, settings = tmp_path / "articles", Settings(index=tmp_path / "index")
    folder.mkdir()
    for number in range(5):
        (folder / f"{number}.txt").write_text(f"Report {number}: the harbour bridge is open again. " * 3)
    build(folder, settings, encoder=HashEncoder())
    vector = HashEncoder().encode(["harbour bridge"])[0]
    with open_index(settings=settings) as index:
        before = [(hit.article.path, hit.cosine) for hit in index.search("harbour bridge", vector)]
        (segment,) = (settings.index / "chroma").iterdir()
        _altered("DELETE FROM collections")(segment)
        after = [(hit.article.path, hit.cosine) for hit in index.search("harbour bridge", vector)]
        assert [path for path, _ in after] == [path for path, _ in before]
        assert np.allclose([cosine for _, cosine in after], [cosine for _, cosine in before], atol=1e-3)
        assert index.damaged() == [segment.name]
        assert "compared exactly" in index.status().health
    encoder = HashEncoder()
    build(folder, settings, encoder=encoder)
    assert encoder.encoded == []
    assert check(settings).problems == ()
