"""Questions to answers that can be checked: verbatim quotes with exact offsets, or a refusal."""

from .answer import Answer, Beyond, Citation, Sentence
from .engine import Engine, query
from .sentences import Evidence

__all__ = ["Answer", "Beyond", "Citation", "Engine", "Evidence", "Sentence", "query"]
