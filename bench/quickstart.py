"""LlamaIndex as its quickstart shows it, on Chroma, with the bundled encoder: the baseline."""

import os
from pathlib import Path
from typing import Any

from index import Settings
from index.model.bundled import model_folder


class Quickstart:
    """A folder's files in a plain vector index."""

    def __init__(self, folder: Path, work: Path) -> None:
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding

        self._folder, self._work = folder, work
        os.environ["HF_HUB_OFFLINE"] = "1"
        model = model_folder(Settings().cache)
        self._model = HuggingFaceEmbedding(
            str(model), device="cpu", query_instruction="query: ", text_instruction="passage: "
        )
        self._index: Any = None

    def texts(self) -> list[str]:
        """Return the texts that the model is given."""
        from llama_index.core.node_parser import SentenceSplitter
        from llama_index.core.schema import MetadataMode

        nodes = SentenceSplitter().get_nodes_from_documents(self._documents())
        return [node.get_content(MetadataMode.EMBED) for node in nodes]

    def build(self, name: str = "") -> None:
        """Make the index, in a store of its own for each `name`."""
        import chromadb
        from llama_index.core import StorageContext, VectorStoreIndex
        from llama_index.core.node_parser import SentenceSplitter
        from llama_index.vector_stores.chroma import ChromaVectorStore

        client = chromadb.PersistentClient(str(self._work / f"quickstart-{name}"))
        collection = client.create_collection("quickstart", embedding_function=None)
        self._index = VectorStoreIndex.from_documents(
            self._documents(),
            storage_context=StorageContext.from_defaults(vector_store=ChromaVectorStore(collection)),
            embed_model=self._model,
            transformations=[SentenceSplitter()],
        )

    def retrieve(self, question: str, count: int) -> list[tuple[str, str]]:
        """Return the path (relative to the folder) and the text of the best chunks."""
        nodes = self._index.as_retriever(similarity_top_k=count).retrieve(question)
        root = self._folder.resolve()
        return [
            (Path(node.metadata["file_path"]).resolve().relative_to(root).as_posix(), node.get_content())
            for node in nodes
        ]

    def _documents(self) -> Any:
        from llama_index.core import SimpleDirectoryReader

        return SimpleDirectoryReader(str(self._folder), recursive=True).load_data()
