"""What a reader is told of names that were heard otherwise than they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transcribe.model import Check

if TYPE_CHECKING:
    from transcribe.model import Word

TAKEN, PERHAPS = "name_taken", "name_perhaps"


def name_check(word: Word) -> Check | None:
    """Tells that a name was put in the place of what was heard, or may belong there."""
    if word.heard is not None:
        return Check(
            TAKEN,
            "look",
            f"“{word.heard}” was heard and taken for the name “{_bare(word)}”. "
            "Listen if somebody else may be meant.",
        )
    if word.perhaps is not None:
        return Check(
            PERHAPS,
            "look",
            f"“{_bare(word)}” was heard: it may be the name “{word.perhaps}”. "
            "Listen, and put in the right name.",
        )
    return None


def _bare(word: Word) -> str:
    return word.text.strip(" .,;:?!…\"'“”‘’()").removesuffix("'s").removesuffix("’s")
