"""Style and script of the page."""

from importlib.resources import files


def asset(name: str) -> str:
    """Return the text of a file in this folder."""
    return files(__name__).joinpath(name).read_text("utf-8")


def styles() -> str:
    """Return all style sheets: page.css, then the parts', by name."""
    names = sorted(file.name for file in files(__name__).iterdir() if file.name.endswith(".css"))
    return "\n".join(map(asset, sorted(names, key=lambda name: name != "page.css")))
