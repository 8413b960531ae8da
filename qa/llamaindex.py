"""The engine as a LlamaIndex retriever and query engine, for any LlamaIndex program."""

from typing import TYPE_CHECKING, Protocol

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.response.schema import RESPONSE_TYPE, Response
from llama_index.core.callbacks import CallbackManager
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from .answer import Answer, Citation

if TYPE_CHECKING:
    from index import Hit


class _Retrieves(Protocol):
    def retrieve(self, question: str, *, count: int) -> "list[Hit]": ...


class _Answers(Protocol):
    def query(self, question: str) -> Answer: ...


class ArticleRetriever(BaseRetriever):
    """Retrieves passages; `start_char_idx` and `end_char_idx` of a node are offsets in the article's text."""

    def __init__(self, engine: _Retrieves, count: int = 10) -> None:
        # Without a manager of our own, LlamaIndex reaches for its global settings.
        super().__init__(callback_manager=CallbackManager([]))
        self._engine, self._count = engine, count

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [_hit_node(hit) for hit in self._engine.retrieve(query_bundle.query_str, count=self._count)]


class ArticleQueryEngine(BaseQueryEngine):
    """Answers with quotes; `source_nodes` are the citations, `metadata["answer"]` holds plain values."""

    def __init__(self, engine: _Answers) -> None:
        super().__init__(callback_manager=CallbackManager([]))
        self._engine = engine

    def _query(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        return _response(self._engine.query(query_bundle.query_str))

    async def _aquery(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        import asyncio

        return await asyncio.to_thread(self._query, query_bundle)

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}


def _hit_node(hit: "Hit") -> NodeWithScore:
    article, span = hit.article, hit.passage.span
    published = article.published.isoformat() if article.published else None
    node = TextNode(
        id_=f"{article.id}:{span.start}-{span.end}",
        text=hit.passage.text,
        start_char_idx=span.start,
        end_char_idx=span.end,
        metadata={
            "article_id": article.id,
            "path": article.path,
            "title": article.title,
            "url": article.url,
            "source": article.source,
            "published": published,
            "language": article.language,
            "recognised": article.recognised,
        },
    )
    return NodeWithScore(node=node, score=hit.score)


def _response(answer: Answer) -> Response:
    return Response(
        response=answer.text,
        source_nodes=[_citation_node(citation) for citation in answer.citations],
        metadata={"answer": answer.to_dict()},
    )


def _citation_node(citation: Citation) -> NodeWithScore:
    node = TextNode(
        id_=f"{citation.article_id}:{citation.start}-{citation.end}",
        text=citation.quote,
        start_char_idx=citation.start,
        end_char_idx=citation.end,
        metadata={
            "article_id": citation.article_id,
            "path": citation.path,
            "title": citation.title,
            "url": citation.url,
            "source": citation.source,
            "published": citation.published,
            "language": citation.language,
            "recognised": citation.recognised,
        },
    )
    return NodeWithScore(node=node, score=citation.score)
