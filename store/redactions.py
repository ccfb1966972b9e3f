"""What somebody decided of what may be about others, before a record is handed over to who asked for it.

Entries are sealed to the case, numbered from 1 and only ever added; the newest ruling on a place counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from store.outward import Entries
from store.payloads import decode
from store.tables import redactions

WORDS, SOUND, PICTURE = "words", "sound", "picture"
"""What a ruling is about: words of a line, a stretch of a recording's sound, a part of a picture."""

OPENED, RULED = "opened", "ruled"
"""Kinds of entries: somebody asked for their record, so it was opened; something was decided of it."""


_DONE = {OPENED: "record opened to hand it over", RULED: "redaction decided"}


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whether one place stays or goes."""

    kind: str  # WORDS, SOUND or PICTURE
    where: str  # key of a line, or id of a recording
    place: tuple[
        int, ...
    ]  # WORDS: characters from, to; SOUND: ms from, to; PICTURE: left, top, right, bottom (‰)
    goes: bool
    why: str = ""  # in somebody's own words

    @property
    def about(self) -> tuple[str, str, tuple[int, ...]]:
        """What it is about: of several on the same the newest counts."""
        return self.kind, self.where, self.place


@dataclass(frozen=True, slots=True)
class Ruled:
    """One entry: that the record was opened and why, or what was decided at once."""

    case_id: str
    number: int  # from 1
    kind: str  # OPENED or RULED
    actor_id: str
    at: int  # ms since 1970, UTC
    rulings: tuple[Ruling, ...]
    why: str = ""  # of OPENED


@dataclass(frozen=True, slots=True)
class _Kept:
    rulings: tuple[Ruling, ...] = ()
    why: str = ""


class Redactions(Entries):
    """Keeps what was decided, and lists it."""

    _table, _owner = redactions, "case_id"

    def open(self, case_id: str, why: str, actor: str) -> None:
        """Somebody opens the record to hand it over."""
        self._keep(case_id, 0, OPENED, _Kept(why=why), actor)

    def add(self, case_id: str, number: int, rulings: Sequence[Ruling], actor: str) -> None:
        """Keep an entry as `number` of its case; ConflictError if that is not the next one."""
        self._keep(case_id, number, RULED, _Kept(tuple(rulings)), actor)

    def of(self, case_id: str) -> list[Ruled]:
        """All of a case, oldest first; TamperedError, ErasedError."""
        return [_ruled(*each) for each in self._whole(case_id)]

    def _keep(self, case_id: str, number: int, kind: str, what: _Kept, actor: str) -> None:
        values = {"case_id": case_id, "number": number, "kind": kind, "actor_id": actor}
        with self._database.write() as connection:
            self._put(connection, case_id, values, what)
            self._audit.append(connection, actor, _DONE[kind], case_id)


def _ruled(row: Any, payload: bytes) -> Ruled:
    kept = decode(payload, _Kept, row.case_id)
    return Ruled(
        row.case_id, row.number, row.kind, row.actor_id, row.created_at, kept.rulings, kept.why
    )
