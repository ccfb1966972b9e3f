"""What one person prepared for the young person, and another let go: as kept with a note's decisions.

The words drafted by rule and the words that a person made of them are both kept for ever. Each
decision is about one version of the note: a later version, a return or taking it back voids it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from store.notes import Entry, Note
from store.payloads import decode, decode_text

PREPARED, HELD, SHARED, UNSHARED = "prepared", "not released", "shared", "unshared"
"""The kinds of decision: prepared, sent back by whoever was to let it go, shown, taken away again."""

AT_RISK, NO_RISK = "at risk", "no risk"
"""That a sentence could put someone at risk, and that it could not after all."""

_RETURNED = "returned"
_SHOWS = {SHARED, UNSHARED, _RETURNED}
TURNS = frozenset({PREPARED, HELD, *_SHOWS})
"""The kinds of decision of which the last says how a summary stands."""


class Worded(msgspec.Struct, frozen=True):
    """A sentence written to the young person."""

    id: str  # its statement's
    section: str
    original: str  # as the note says it
    drafted: str  # by rule
    text: str  # as the practitioner left it
    cleared: tuple[str, ...] = ()  # names and the like that they looked at and let stand


class Prepared(msgspec.Struct, frozen=True):
    """A summary that waits for a second person, or was let go by one."""

    lines: tuple[Worded, ...]
    pictures: tuple[str, ...] = ()  # ids of recordings
    seen_by: str = ""  # who can see it, to the young person
    kept_for: str = ""  # for how long it is kept, likewise


class _Released(msgspec.Struct, frozen=True):
    prepared: str  # id of the decision


class _Marked(msgspec.Struct, frozen=True):
    statement: str
    words: str  # so that it is known again in a note that it was moved to


def encode_prepared(prepared: Prepared) -> bytes:
    """As it is kept."""
    return msgspec.json.encode(prepared)


def encode_release(entry: Entry) -> bytes:
    """That exactly this one may be seen."""
    return msgspec.json.encode(_Released(entry.id))


def encode_mark(statement_id: str, words: str) -> bytes:
    """Which sentence is marked, or is no longer."""
    return msgspec.json.encode(_Marked(statement_id, words))


def waiting(decisions: Iterable[Entry], note: Note) -> Entry | None:
    """What was prepared of the note as it stands and nobody has dealt with."""
    turns = [each for each in decisions if each.kind in TURNS]
    last = turns[-1] if turns else None
    return last if last and last.kind == PREPARED and last.number == note.number else None


def sent_back(decisions: Iterable[Entry], note: Note) -> Entry | None:
    """Why the second person did not let it go, while it waits for the first."""
    turns = [each for each in decisions if each.kind in TURNS]
    last = turns[-1] if turns else None
    return last if last and last.kind == HELD and last.number == note.number else None


def last_prepared(decisions: Sequence[Entry], note: Note) -> Prepared | None:
    """What was prepared last of the note as it stands, whatever became of it. TamperedError."""
    mine = [each for each in decisions if each.kind == PREPARED and each.number == note.number]
    return decode(mine[-1].payload, Prepared, note.id) if mine else None


def content(entry: Entry) -> Prepared:
    """What was prepared. TamperedError."""
    return decode(entry.payload, Prepared, entry.note_id)


def released(decisions: Sequence[Entry], note: Note) -> Prepared | tuple[str, ...] | None:
    """What the young person may see of the note as it stands; TamperedError.

    Of what was shared before a second person was asked, the ids of the sentences chosen.
    """
    turns = [each for each in decisions if each.kind in _SHOWS]
    return let_go(decisions, note.id) if turns and turns[-1].number == note.number else None


def let_go(decisions: Sequence[Entry], note_id: str) -> Prepared | tuple[str, ...] | None:
    """As `released`, of whichever version was let go last; None once it was taken away again."""
    turns = [each for each in decisions if each.kind in _SHOWS]
    if not turns or turns[-1].kind != SHARED:
        return None
    if turns[-1].payload.startswith(b"["):
        return decode(turns[-1].payload, tuple[str, ...], note_id)
    named = decode(turns[-1].payload, _Released, note_id).prepared
    return next(content(e) for e in decisions if e.id == named and e.kind == PREPARED)


def marked(decisions: Iterable[Entry]) -> dict[str, tuple[str, bool]]:
    """By id of a sentence that was ever marked: its words, and whether it still is. TamperedError."""
    found: dict[str, tuple[str, bool]] = {}
    for entry in decisions:
        if entry.kind in (AT_RISK, NO_RISK):
            kept = decode(entry.payload, _Marked, entry.note_id)
            found[kept.statement] = kept.words, entry.kind == AT_RISK
    return found


def reason(entry: Entry) -> str:
    """Why it was not let go."""
    return decode_text(entry.payload, entry.note_id)
