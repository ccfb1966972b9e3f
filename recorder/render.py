"""A draft as plain text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from recorder.drawings import described
from templates import type_of
from transcribe.model import Check, Contact, Draft, Remark, Source, Statement

_SAID = {None: "not said", True: "yes", False: "no"}


def as_text(draft: Draft, remarks: Sequence[Remark] = ()) -> str:
    """The note under its headings, with where each sentence was said and what to look at."""
    return "\n".join((*_lines(draft), *_remarks(remarks)))


def _remarks(remarks: Sequence[Remark]) -> Iterator[str]:
    if remarks:
        yield "\nTo look at before it is handed in"
        yield from (f"  - {_at(each.source)}{each.message}" for each in remarks)


def _lines(draft: Draft) -> Iterator[str]:
    kind = type_of(draft.kind)
    yield kind.title
    yield from _contact(draft.contact)
    for section in kind.sections:
        inside = [each for each in draft.statements if each.section == section.key]
        if inside:
            yield f"\n{section.heading}"
            yield from (_statement(each) for each in inside)
    if draft.actions:
        yield "\nActions"
        for action in draft.actions:
            due = "no date said" if action.due is None else f"by {action.due:%a %-d %b %Y}"
            own = ", the worker's own" if action.private else ""
            yield f"  - {action.what} ({action.who or 'nobody named'}, {due}{own})"
    if draft.drawings:
        yield "\nDrawings and photos"
        yield from (f"  - {each.caption} ({described(each)})" for each in draft.drawings)
    yield from (f"\n{each.sentence}" for each in draft.reworded if each.given)
    if draft.left_out:
        yield f"\nLeft out: {len(draft.left_out)} (nothing a note needs; kept in the transcript)"


def _contact(contact: Contact) -> Iterator[str]:
    when = "date not said" if contact.date is None else f"{contact.date:%A %-d %B %Y}"
    times = " to ".join(time for time in (contact.start_time, contact.end_time) if time)
    where = ", ".join(part for part in (contact.method, contact.place) if part)
    yield f"{when}  {times}  {where}".rstrip()
    yield f"seen: {_SAID[contact.seen]}, alone: {_SAID[contact.seen_alone]}"


def _statement(statement: Statement) -> str:
    timed = next((s for s in statement.sources if s.start_ms is not None), None)
    flags = "".join(f"  <{_flag(check)}>" for check in statement.checks)
    return f"  {_at(timed)}{statement.text}{flags}"


def _at(source: Source | None) -> str:
    at = None if source is None else source.start_ms
    return "" if at is None else f"[{at // 60_000:02d}:{at // 1000 % 60:02d}] "


def _flag(check: Check) -> str:
    if check.confirmed is not None:
        return f"{check.message} {check.confirmed.name} answered: {check.confirmed.why}"
    return f"Put right first: {check.message}" if check.blocks else check.message
