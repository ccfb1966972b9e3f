"""A draft as plain text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from templates import note_type
from transcribe.model import Contact, Draft, Statement

_SAID = {None: "not said", True: "yes", False: "no"}


def as_text(draft: Draft) -> str:
    """The note under its headings, with where each sentence was said."""
    return "\n".join(_lines(draft))


def _lines(draft: Draft) -> Iterator[str]:
    kind = note_type(draft.kind)
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
            yield f"  - {action.what} ({action.who or 'nobody named'}, {due})"
    if draft.left_out:
        yield f"\nLeft out: {len(draft.left_out)} (nothing a note needs; kept in the transcript)"


def _contact(contact: Contact) -> Iterator[str]:
    when = "date not said" if contact.date is None else f"{contact.date:%A %-d %B %Y}"
    times = " to ".join(time for time in (contact.start_time, contact.end_time) if time)
    where = ", ".join(part for part in (contact.method, contact.place) if part)
    yield f"{when}  {times}  {where}".rstrip()
    yield f"seen: {_SAID[contact.seen]}, alone: {_SAID[contact.seen_alone]}"


def _statement(statement: Statement) -> str:
    at = next((s.start_ms for s in statement.sources if s.start_ms is not None), None)
    place = "" if at is None else f"[{at // 60_000:02d}:{at // 1000 % 60:02d}] "
    flags = "".join(f"  <{check.message}>" for check in statement.checks)
    return f"  {place}{statement.text}{flags}"
