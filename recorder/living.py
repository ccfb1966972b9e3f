"""Where the work with a young person stands: lines of approved notes, chosen by rule, none made up."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812 - as the values it stands beside call it

from store.notes import Note
from templates import Section, note_type
from transcribe.model import Action, Draft, Statement

KIND = "living_summary"
ACTION = "action"  # the section that actions are taken from


@dataclass(frozen=True, slots=True)
class Taken:
    """A line, and where it was taken from."""

    section: str  # of the living summary
    text: str
    note: str  # id
    number: int  # the approved version
    statement: str  # id within it; empty for an action that no sentence says
    contact_at: int  # ms since 1970, UTC
    recordings: tuple[str, ...] = ()  # ids, of what the line stands on
    who: str | None = None  # of an action
    due: Date | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """An action that a person said is done."""

    note: str
    mark: str  # SHA-256 of what was to be done, hex
    by: str  # person id
    at: int  # ms


@dataclass(frozen=True, slots=True)
class Living:
    """One version of a living summary."""

    lines: tuple[Taken, ...] = ()
    done: tuple[Done, ...] = ()


def drawn(approved: Sequence[tuple[Note, Draft]], done: Collection[tuple[str, str]]) -> list[Taken]:
    """The lines for approved notes, given the newest contact first.

    Each section takes the sentences under its headings in that order, at most as many as it holds;
    its actions are all whose `key_of` is not in `done`, the one due first at the top.
    """
    lines: list[Taken] = []
    for section in note_type(KIND).sections:
        if ACTION in section.draws_on:
            actions = [each for each in _actions(section, approved) if key_of(each) not in done]
            lines += sorted(actions, key=_by_due)
        else:
            found = list(_sentences(section, approved))
            lines += found[: section.most] if section.most else found
    return lines


def _sentences(section: Section, approved: Iterable[tuple[Note, Draft]]) -> Iterator[Taken]:
    for note, draft in approved:
        for statement in draft.statements:
            if statement.section in section.draws_on and not statement.tells_of_picture:
                yield _taken(section, note, statement)


def _taken(section: Section, note: Note, statement: Statement) -> Taken:
    return Taken(
        section.key,
        statement.text,
        note.id,
        note.number,
        statement.id,
        note.contact_at,
        tuple(source.recording for source in statement.sources if source.recording),
    )


def _actions(section: Section, approved: Iterable[tuple[Note, Draft]]) -> Iterator[Taken]:
    for note, draft in approved:
        for action in (each for each in draft.actions if not each.private):
            yield Taken(
                section.key,
                action.what,
                note.id,
                note.number,
                _said(draft, action),
                note.contact_at,
                tuple(source.recording for source in action.sources if source.recording),
                action.who,
                action.due,
            )


def _said(draft: Draft, action: Action) -> str:
    """The id of the sentence that says an action."""
    return next((each.id for each in draft.statements if action.said_in(each)), "")


def key_of(line: Taken) -> tuple[str, str]:
    """What a line is known by among those that are done, without its words."""
    return line.note, hashlib.sha256(line.text.encode()).hexdigest()


def _by_due(line: Taken) -> tuple[bool, Date]:
    return line.due is None, line.due or Date.min
