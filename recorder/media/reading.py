"""Words on a picture, read by Tesseract where it is installed: a suggestion, often a wrong one.

It runs in a closed-off child and looks at a copy that was made here, never at the original.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from recorder.errors import DamagedPicture, MediaError, Overran, SandboxFailed, Stalled, ToolMissing
from recorder.media.readable import BytesReadable, blocks
from recorder.sandbox.ladder import Program
from recorder.sandbox.limits import MIB, Limits
from recorder.sandbox.runner import answer

MOST = 4000  # characters taken over from it
_TOOL = "tesseract"
_LANGUAGE = b"eng"  # what it reads when nobody says
_SURE = 60.0  # of 100, by its own account: less is a line drawn and no word
_COLUMNS = 12  # of its table: level, page, block, paragraph, line, word, box, confidence, text
_LINE, _CONFIDENCE, _WORD = slice(1, 5), 10, 11
_LIMITS = Limits(answer=4 * MIB)


def is_there() -> bool:
    """Whether it is installed here."""
    return shutil.which(_TOOL) is not None


def try_out() -> None:
    """Have it say which languages it reads, in the closed-off child.

    Raises:
        MediaError: it does not run there, or reads no English.
    """
    said = answer(Program((_path(), "--list-langs")), iter(()), _LIMITS)
    if _LANGUAGE not in said.split():
        raise ToolMissing


def words_on(jpeg: bytes) -> str:
    """What seems to stand on a picture, line by line; empty when nothing surely does.

    Raises:
        DamagedPicture: the copy could not be looked at.
        Overran, Stalled: looking at it went on and on.
        SandboxFailed: the machine, not the picture.
    """
    try:
        said = answer(_program(), blocks(BytesReadable(jpeg)), _LIMITS)
    except ToolMissing:
        raise SandboxFailed from None
    except (Overran, SandboxFailed, Stalled):
        raise
    except MediaError:
        raise DamagedPicture from None
    return _lines(said.decode("utf-8", "replace"))[:MOST]


def _program() -> Program:
    return Program((_path(), "stdin", "stdout", "-c", "tessedit_create_tsv=1"))


def _path() -> str:
    path = shutil.which(_TOOL)
    if path is None:
        raise ToolMissing
    return str(Path(path).resolve())


def _lines(table: str) -> str:
    lines: dict[tuple[str, ...], list[str]] = {}
    for row in table.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) == _COLUMNS and _is_word(cells[_CONFIDENCE], cells[_WORD]):
            lines.setdefault(tuple(cells[_LINE]), []).append(cells[_WORD].strip())
    found = [" ".join(words) for words in lines.values()]
    # A stroke or two pass for letters; what is worth offering has a word of some length.
    return "\n".join(found) if any(_is_long(line) for line in found) else ""


def _is_word(confidence: str, word: str) -> bool:
    try:
        sure = float(confidence) >= _SURE
    except ValueError:
        return False
    return sure and word.isprintable() and any(letter.isalnum() for letter in word)


def _is_long(line: str) -> bool:
    return any(len(word) > 2 and word.isalpha() for word in line.split())  # noqa: PLR2004 - letters
