"""Writes to standard output and standard error, whatever they can encode and whoever has left."""

import argparse
import io
import os
import sys
from contextlib import suppress
from typing import Any, TextIO

from .terminal import json_text, lines, one_line

# These are left as chosen; the other error handlers fail at a character that the stream cannot encode.
_PATIENT = {"backslashreplace", "ignore", "namereplace", "replace", "xmlcharrefreplace"}


def prepare() -> None:
    """Make both streams escape what they cannot encode instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors not in _PATIENT:
            stream.reconfigure(errors="backslashreplace")


def out(text: str) -> None:
    """Write lines to standard output at once.

    Raises BrokenPipeError if the reader has left, StorageError if the disk is full.
    """
    try:
        _write(sys.stdout, text)
    except BrokenPipeError:
        raise
    except OSError as error:
        from index.errors import StorageError

        raise StorageError(_told(error)) from error


def _told(error: OSError) -> str:
    return f"cannot write the output ({(error.strerror or 'unknown').lower()}): redirect it elsewhere"


def out_json(value: Any, indent: int | None = None) -> None:
    """Write a value as JSON to standard output; raises as `out` does."""
    out(json_text(value, getattr(sys.stdout, "encoding", None), indent))


def tell(message: str) -> None:
    """Write one line to standard error, if anybody listens."""
    with suppress(OSError):
        _write(sys.stderr, f"article-qa: {one_line(message)}")


def tell_as_is(text: str) -> None:
    """Write lines to standard error, if anybody listens."""
    with suppress(OSError):
        _write(sys.stderr, text)


class _Parser(argparse.ArgumentParser):
    """Prints what was typed, and the help, so that neither can control the terminal."""

    def _print_message(self, message: str, file: Any = None) -> None:
        shown = lines(message.rstrip("\n"))
        if file is not sys.stdout:
            tell_as_is(shown)
            return
        try:
            _write(file, shown)
        except OSError as error:
            if not isinstance(error, BrokenPipeError):
                tell(_told(error))
            raise SystemExit(1) from None


def parser_for(program: str, description: str) -> argparse.ArgumentParser:
    """Return a parser of a command line."""
    return _Parser(prog=program, description=description)


def _write(stream: TextIO | None, text: str) -> None:
    # Python sets it to None if it was closed from the start.
    if stream is None:
        return
    try:
        stream.write(f"{text}\n")
        stream.flush()
    except OSError:
        _abandon(stream)
        raise


def _abandon(stream: TextIO) -> None:
    """Discard the rest of a stream: otherwise Python fails again when it flushes at exit."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
