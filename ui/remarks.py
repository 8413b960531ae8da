"""What the engine remarks to a reader, in the reader's language.

The engine speaks English, in one line that is made where the trouble is. The remarks that readers of the
page meet are known here; a rarer one, which is for whoever runs article-qa, stays as it is.
"""

import re
from functools import cache

from .translation import _, label, plain
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
)


def translated(remark: str) -> str:
    """Return what the engine remarks in the reader's language, if it is one of those that are known here."""
    for known, pattern in _patterns().items():
        if found := pattern.fullmatch(remark):
            said = _(known).format(**found.groupdict())
            return capitalized(said) if remark[:1].isupper() else said
    return remark


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    made = {}
    for known in map(plain, _KNOWN):
        parts = re.split(r"\{(\w+)\}", known)
        # Every second part is the name of a value.
        made[known] = "".join(
            f"(?P<{part}>.+?)" if number % 2 else re.escape(part) for number, part in enumerate(parts)
        )
    # A remark may begin with a capital or without.
    return {known: re.compile(pattern, re.DOTALL | re.IGNORECASE) for known, pattern in made.items()}
