"""The rules: for each kind of thing after how many days it goes, counted from what. Pure values.

docs/RETENTION.md has the defaults and why; a council sets its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from recorder.config import Settings
from store.disposal import ARRIVAL, PACK, SOUND, TRANSCRIPT, VERSION

DAY_MS = 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Rule:
    """One of them."""

    name: str  # as certificates and the log have it
    kind: str  # what goes by it, as the store calls it
    setting: str  # that says after how many days
    days: int  # 0: never by itself
    what: str  # for people
    since: str  # for people: from when its days are counted

    @property
    def on(self) -> bool:
        """Whether anything ever goes by it."""
        return self.days > 0


@dataclass(frozen=True, slots=True)
class Rules:
    """All of a home's."""

    on: bool  # whether anything is erased at all
    notice_days: int  # nothing goes that was not in the preview for so long
    every: tuple[Rule, ...]

    def named(self, name: str) -> Rule:
        """The rule of this name; KeyError."""
        return {each.name: each for each in self.every}[name]


_MOSAIC = "every note made from it is approved and has its Mosaic receipt"
_RULES = (
    ("sound", SOUND, "keep_sound_days", "recordings of sound and film", _MOSAIC),
    ("pictures", SOUND, "keep_picture_days", "photographs and scanned pages", _MOSAIC),
    (
        "theirs",
        SOUND,
        "keep_theirs_days",
        "what a young person recorded or drew beside a note",
        _MOSAIC,
    ),
    (
        "transcripts",
        TRANSCRIPT,
        "keep_transcript_days",
        "what was heard in a recording, word for word, once its sound is gone",
        _MOSAIC,
    ),
    (
        "drafts",
        VERSION,
        "keep_draft_days",
        "versions of a note before the approved one",
        "the note is approved and has its Mosaic receipt",
    ),
    (
        "failed",
        SOUND,
        "keep_failed_days",
        "recordings that could not be used, or that somebody cancelled",
        "they were set aside",
    ),
    (
        "withdrawn",
        SOUND,
        "keep_withdrawn_days",
        "recordings that somebody in them took their agreement back to",
        "the agreement was taken back",
    ),
    (
        "nobodys",
        ARRIVAL,
        "keep_nobodys_days",
        "files that nobody has said whose they are",
        "they came in",
    ),
    (
        "packs",
        PACK,
        "keep_pack_days",
        "packs for Mosaic in the home's export folder",
        "every note in it has its Mosaic receipt",
    ),
)


def rules_of(settings: Settings) -> Rules:
    """Those that a home's settings make."""
    every = tuple(
        Rule(name, kind, setting, getattr(settings, setting), what, since)
        for name, kind, setting, what, since in _RULES
    )
    return Rules(settings.retention, settings.keep_notice_days, every)
