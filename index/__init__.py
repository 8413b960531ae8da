"""A folder of articles as an index that can be searched; offsets are exact everywhere."""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .article import Article, Passage, Span
    from .building.build import build
    from .building.progress import Progress, Summary
    from .errors import ArticleQAError
    from .model.encoder import Encoder, PairScorer, Reader, load_cross_encoder, load_encoder
    from .search import Hit, Index, open_index
    from .settings import Settings
    from .status import Status
    from .store.filters import Filters, Limits

# Where each public name is from. It is imported when it is first used: the process that reads files, for
# one, needs few of them.
_HOMES = {
    "Article": "article",
    "ArticleQAError": "errors",
    "Encoder": "model.encoder",
    "Filters": "store.filters",
    "Hit": "search",
    "Index": "search",
    "Limits": "store.filters",
    "PairScorer": "model.encoder",
    "Passage": "article",
    "Reader": "model.encoder",
    "Progress": "building.progress",
    "Settings": "settings",
    "Span": "article",
    "Status": "status",
    "Summary": "building.progress",
    "build": "building.build",
    "load_cross_encoder": "model.encoder",
    "load_encoder": "model.encoder",
    "open_index": "search",
}

__all__ = [
    "Article",
    "ArticleQAError",
    "Encoder",
    "Filters",
    "Hit",
    "Index",
    "Limits",
    "PairScorer",
    "Passage",
    "Progress",
    "Reader",
    "Settings",
    "Span",
    "Status",
    "Summary",
    "build",
    "load_cross_encoder",
    "load_encoder",
    "open_index",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f".{_HOMES[name]}", __name__), name)
