"""What people write for JSON: with comments, commas too many, single quotes, an assignment around it."""

import re
from typing import Any

# A text, in which no comment begins, or a comment. Longer ones than this are not looked for.
_TEXT_OR_COMMENT = re.compile(
    r""" ("(?:[^"\\]++|\\.)*+"|'(?:[^'\\\n]++|\\.)*+') | /\*.{0,5000}?\*/ | //[^\n]* """,
    re.DOTALL | re.VERBOSE,
)


def loose_json(text: str) -> Any:
    """Return the first object or list in `text`. Raises ValueError if there is none."""
    import dirtyjson

    # The library knows comments only behind a blank.
    spaced = _TEXT_OR_COMMENT.sub(lambda found: found[1] or " ", text)
    try:
        return dirtyjson.loads(spaced, search_for_first_object=True)
    except (dirtyjson.Error, RecursionError, IndexError, TypeError, AttributeError) as error:
        raise ValueError("not even loosely JSON") from error
