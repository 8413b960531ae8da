"""A folder of articles as an index that can be searched; offsets are exact everywhere."""

from .article import Article, Passage, Span
from .building.build import build
from .building.progress import Progress, Summary
from .errors import ArticleQAError
from .model.encoder import Encoder, PairScorer, load_cross_encoder, load_encoder
from .search import Hit, Index, open_index
from .settings import Settings
from .store.filters import Filters

__all__ = [
    "Article",
    "ArticleQAError",
    "Encoder",
    "Filters",
    "Hit",
    "Index",
    "PairScorer",
    "Passage",
    "Progress",
    "Settings",
    "Span",
    "Summary",
    "build",
    "load_cross_encoder",
    "load_encoder",
    "open_index",
]
