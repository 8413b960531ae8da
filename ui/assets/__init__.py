"""Style and script of the page."""

from importlib.resources import files


def asset(name: str) -> str:
    """Return the text of a file in this folder."""
    return files(__name__).joinpath(name).read_text("utf-8")
