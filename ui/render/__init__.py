"""Answers and articles as HTML. Other people's text is escaped; it never becomes markup."""

from .answers import answer_html
from .header import TITLE, first_header, header_html
from .text import escaped, language_name, long_date, web_address
from .turns import Turn, answered, messages, notice_html, question_html, waiting_html, welcome_html

__all__ = [
    "TITLE",
    "Turn",
    "answer_html",
    "answered",
    "escaped",
    "first_header",
    "header_html",
    "language_name",
    "long_date",
    "messages",
    "notice_html",
    "question_html",
    "waiting_html",
    "web_address",
    "welcome_html",
]
