"""What the engine remarks to a reader, in the reader's language.

The engine speaks English, in one line that is made where the trouble is. The remarks that readers of the
page meet are known here; a rarer one, which is for whoever runs article-qa, stays as it is.
"""

import re
from functools import cache

from .translation import _, decimal, label, plain
from .wording import capitalized

_KNOWN = (
    label("That is not in these articles."),
    label("the question is empty: say in a few words what you want to know"),
    label("the question has {count} characters: shorten it to {most} or fewer"),
    label("{name} = {value} is not a date: write it as 2024-05-31"),
    label("the index {index} is gone: rebuild it with article-qa index FOLDER"),
    label("{path} is damaged in the index and not quoted: run article-qa index FOLDER to read it again"),
    label(
        "{count} articles are damaged in the index and not quoted: "
        "run article-qa index FOLDER to read them again"
    ),
    label("The language model wrote nothing."),
    label("The language model's answer was removed: its sources don't support it."),
    label("1 sentence was removed: its sources don't support it."),
    label("{count} sentences were removed: their sources don't support them."),
    label("there is no index in {folder}: make one with article-qa index FOLDER"),
    label("{file} is locked by another program: try again when it is done"),
    label("cannot write to {folder} ({detail}): free some space there or choose another --index"),
    label("SQLite reports an error in {file} ({detail}): run article-qa check"),
    label("{file} is damaged ({detail}): rebuild the index with article-qa index FOLDER --rebuild"),
    label("{file} is damaged ({detail}): run article-qa index FOLDER, which reads again what is needed"),
    label("this article lies inside {path}: open that archive in its folder"),
    label("{path} has changed since it was read: run article-qa index FOLDER, and open it again"),
    label("{path} is no longer in the folder of articles, or cannot be read"),
    label("{path} is no longer in the folder of articles"),
    label("{path} is no longer a file"),
)


# What numbers are called in the remarks.
_NUMBERS = {"n", "count", "most"}
_NUMBER = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")


def translated(remark: str, known: tuple[str, ...] = ()) -> str:
    """Return what the engine remarks in the reader's language, if it is `known`, or known here."""
    for message, pattern in _patterns((*known, *_KNOWN)).items():
        if found := pattern.fullmatch(remark):
            values = {name: _local(name, value) for name, value in found.groupdict().items()}
            said = _(message).format(**values)
            return capitalized(said) if remark[:1].isupper() else said
    return remark


def _local(name: str, value: str) -> str:
    """Return a value as the reader writes it."""
    return decimal(float(value.replace(",", ""))) if name in _NUMBERS and _NUMBER.fullmatch(value) else value


@cache
def _patterns(known: tuple[str, ...]) -> dict[str, re.Pattern[str]]:
    made = {}
    for message in map(plain, known):
        parts = re.split(r"\{(\w+)\}", message)
        # Every second part is the name of a value.
        made[message] = "".join(
            f"(?P<{part}>.+?)" if number % 2 else re.escape(part) for number, part in enumerate(parts)
        )
    # A remark may begin with a capital or without.
    return {message: re.compile(pattern, re.DOTALL | re.IGNORECASE) for message, pattern in made.items()}
