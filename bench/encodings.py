"""How many texts without a declared encoding are read as they were written, beside charset-normalizer.

    python -m bench.encodings [--samples 12]

Pieces of the texts in bench/data/reading, cut anywhere, in the legacy encodings of their languages.
"""

import argparse
import random
from collections.abc import Callable, Iterator
from pathlib import Path

from index.reading.document import ReadError
from index.reading.formats.encoding import decoded

_TEXTS = Path(__file__).parent / "data" / "reading" / "clusters"
_ENCODINGS = {
    "ar": "cp1256", "bg": "cp1251", "ca": "cp1252", "cs": "cp1250 iso8859-2", "da": "cp1252",
    "de": "cp1252 mac-roman cp850", "el": "cp1253 iso8859-7", "en": "cp1252", "es": "cp1252 mac-roman",
    "fa": "cp1256", "fr": "cp1252 mac-roman cp850", "he": "cp1255", "hr": "cp1250 iso8859-2",
    "hu": "cp1250 iso8859-2", "it": "cp1252", "ja": "cp932 euc-jp", "ko": "cp949", "nl": "cp1252",
    "no": "cp1252", "pl": "cp1250 iso8859-2 cp852", "pt": "cp1252", "ro": "cp1250 iso8859-2",
    "ru": "cp1251 koi8-r cp866", "sk": "cp1250 iso8859-2", "sv": "cp1252", "tr": "cp1254 iso8859-9",
    "uk": "cp1251 koi8-u", "vi": "cp1258", "zh": "gb18030 big5",
}  # fmt: skip
_LENGTHS = (25, 60, 200, 1000, 5000)


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="bench.encodings", description="Measure how encodings are told.")
    parser.add_argument("--samples", type=int, default=12, help="of each length, language and encoding")
    samples = list(_samples(parser.parse_args().samples))
    print(f"{len(_ENCODINGS)} languages, {len(samples)} samples")
    print("characters".ljust(20), *(f"{length:>6,}" for length in _LENGTHS))
    readers: dict[str, Callable[[bytes], str]] = {"article-qa": decoded, "charset-normalizer": _best}
    for name, read in readers.items():
        shares = []
        for length in _LENGTHS:
            right = [_reads(read, text, codec) for text, codec, of in samples if of == length]
            shares.append(f"{sum(right) / len(right):6.3f}")
        print(name.ljust(20), *shares)


def _samples(count: int) -> Iterator[tuple[str, str, int]]:
    """Yield texts with what is not ASCII and no valid UTF-8, their encoding, and the length asked for."""
    dice = random.Random(1)
    for language, codecs in _ENCODINGS.items():
        prose = "\n".join(filter(_is_prose, _lines(language)))
        for codec in codecs.split():
            text = prose.encode(codec, "ignore").decode(codec)
            for length in _LENGTHS:
                starts = [dice.randrange(max(1, len(text) - length)) for _ in range(5 * count)]
                pieces = (text[start : start + length] for start in starts)
                yield from [(piece, codec, length) for piece in pieces if not _is_utf8(piece.encode(codec))][
                    :count
                ]


def _lines(language: str) -> Iterator[str]:
    for path in sorted(_TEXTS.glob(f"{language}-*.txt"))[:6]:
        yield from path.read_text("utf-8").splitlines()


def _is_prose(line: str) -> bool:
    """Return whether a line is of an article: others are questions, in other languages."""
    return len(line) > 60 and line[0] not in "?!#" and " | " not in line


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _reads(read: Callable[[bytes], str], text: str, codec: str) -> bool:
    try:
        return read(text.encode(codec)) == text
    except ReadError:
        return False


def _best(data: bytes) -> str:
    from charset_normalizer import from_bytes

    return str(from_bytes(data).best())


if __name__ == "__main__":
    main()
