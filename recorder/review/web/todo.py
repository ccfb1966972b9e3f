"""What somebody who finishes a note has to look at: few lines, each with what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from recorder.review.films import Stretch
from recorder.review.model import NotePage
from recorder.review.states import State
from templates import type_of
from transcribe.draft.checks.whole import opening
from transcribe.model import Check, Remark, Statement

_OPEN = {State.DRAFT.value, State.RETURNED.value, State.SUBMITTED.value}
_FACTS = {
    *("no_date", "no_start_time", "no_end_time", "no_method", "no_place", "no_present"),
    *("no_seen", "no_seen_alone"),
}
"""Remarks that the page of a contact's facts answers; the others ask for a sentence."""


@dataclass(frozen=True, slots=True)
class Flag:
    """A check as it stands beside a sentence."""

    check: Check
    text: str  # short, where the page has said it in full before


@dataclass(frozen=True, slots=True)
class Pointer:
    """A sentence to go to."""

    statement: str  # id
    text: str  # how it begins


@dataclass(frozen=True, slots=True)
class Asked:
    """Something that the note lacks."""

    message: str
    section: str | None  # where it is added; None: by hand
    statement: str | None  # which sentence it is about
    spans: tuple[Stretch, ...]  # what to listen to


@dataclass(frozen=True, slots=True)
class Todo:
    """All of it."""

    stopped: tuple[Pointer, ...]  # must be put right
    left_out: tuple[Asked, ...]  # was said and is not there
    facts: tuple[str, ...]  # of the contact
    asked: tuple[Asked, ...]  # sentences that are missing or lack something
    to_check: tuple[Pointer, ...]

    def __bool__(self) -> bool:
        return any((self.stopped, self.left_out, self.facts, self.asked, self.to_check))


def todo(page: NotePage) -> Todo | None:
    """What is still to be done; None for a note that nobody works on."""
    if page.note.state not in _OPEN:
        return None
    order = [section.key for section in type_of(page.draft.kind).sections]
    statements = sorted(page.draft.statements, key=lambda each: _place(each.section, order))
    others = [each for each in page.remarks if each.code not in _FACTS]
    return Todo(
        stopped=tuple(_pointer(each) for each in statements if _stops(each)),
        left_out=tuple(_asked(each, page) for each in others if each.source),
        facts=tuple(each.message for each in page.remarks if each.code in _FACTS),
        asked=tuple(_asked(each, page) for each in others if not each.source),
        to_check=tuple(_pointer(s) for s in statements if s.checks and not _stops(s)),
    )


def _place(section: str, order: Sequence[str]) -> int:
    return order.index(section) if section in order else len(order)


def flags(statements: Sequence[Statement]) -> dict[str, tuple[Flag, ...]]:
    """The checks of each sentence, by its id; what was said in full above is said in short."""
    told: set[str] = set()
    return {each.id: tuple(_flags(each, told)) for each in statements}


def _flags(statement: Statement, told: set[str]) -> Iterator[Flag]:
    for check in statement.checks:
        again = check.level == "look" and check.message in told
        told.add(check.message)
        short = check.message.split(". ")[0].rstrip(".") + "."
        yield Flag(check, short if again else check.message)


def _stops(statement: Statement) -> bool:
    return any(each.blocks for each in statement.checks)


def _pointer(statement: Statement) -> Pointer:
    return Pointer(statement.id, opening(statement.text))


def _asked(remark: Remark, page: NotePage) -> Asked:
    source = remark.source
    film = page.films.get(source.recording or "") if source else None
    spans = tuple(film.stretches(source.start_ms, source.end_ms)) if source and film else ()
    return Asked(remark.message, remark.section, remark.statement, spans)
