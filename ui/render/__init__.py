"""Answers and articles as HTML. Other people's text is escaped; it never becomes markup."""

from .answers import answer_html
from .header import TITLE, first_header, header_html
from .limits import DAYS, kind_name, limits_html, pairs, phrases, value_name
from .look import articles_button, look_html
from .text import escaped, language_name, long_date, spoken, web_address
from .turns import (
    Turn,
    answered,
    messages,
    nothing_yet_html,
    notice_html,
    question_html,
    waiting_html,
    welcome_html,
)

__all__ = [
    "DAYS",
    "TITLE",
    "Turn",
    "answer_html",
    "answered",
    "articles_button",
    "escaped",
    "first_header",
    "header_html",
    "kind_name",
    "language_name",
    "limits_html",
    "long_date",
    "look_html",
    "messages",
    "nothing_yet_html",
    "notice_html",
    "pairs",
    "phrases",
    "question_html",
    "spoken",
    "value_name",
    "waiting_html",
    "web_address",
    "welcome_html",
]
