"""A folder of articles as an index that can be searched; offsets are exact everywhere."""

from .article import Article, Passage, Span
from .build import build
from .encoder import Encoder, PairScorer, load_cross_encoder, load_encoder
from .errors import ArticleQAError
from .filters import Filters
from .progress import Progress, Summary
from .search import Hit, Index, open_index
from .settings import Settings

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
