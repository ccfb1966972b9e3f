"""The facts of a contact: when, where, who, seen. Heard wrongly, they are put right here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time

from fastapi import APIRouter
from starlette.responses import Response

from recorder.around import SUPERVISION
from recorder.errors import StateError
from recorder.review.model import NotePage
from recorder.review.states import Move
from recorder.review.unsaved import Kept
from recorder.review.web.overlay import laid_over
from recorder.review.web.problems import told
from recorder.review.web.session import AnyStaff, Form, Visitor, go, number, text
from templates import type_of
from transcribe.model import Contact

router = APIRouter()

BOXES = frozenset(
    f"text-{name}"
    for name in "date start end method place present seen alone significant back next back-at".split()
)
"""The boxes of the page."""

_DAY = re.compile(r"(\d{1,2}) ?/ ?(\d{1,2}) ?/ ?(\d{4})")  # of "26" nobody knows the century
_NO_DAY = "write the date as day/month/year, for example 5/11/2026"
_NO_TIME = "write times on the 24-hour clock, for example 16:30"
_BOTH = "write both the day and the time that they came back, or neither"
_SAID = {"": None, "yes": True, "no": False}
_WORDS = {answer: word for word, answer in _SAID.items()}


@router.get("/notes/{note_id}/facts")
def facts_page(found: AnyStaff, note_id: str) -> Response:
    """The facts as they stand, each in a field of its own."""
    page = found.desk.read(note_id)
    if Move.EDIT in page.refused:
        raise StateError(page.refused[Move.EDIT])
    fields = _fields(page.draft.contact)
    kept, shown, now = _kept(found, page, fields)
    return _show(found, page, shown, kept=kept, now=now)


@router.post("/notes/{note_id}/facts")
def save(found: AnyStaff, note_id: str, form: Form) -> Response:
    """A new version with other facts; or the page again with what was typed, and why."""
    before = _fields(found.desk.draft_at(note_id, number(form)).contact)
    asked = {name: f"text-{name}" for name in before}
    typed = {
        name: text(form, field).strip() if field in form else before[name]
        for name, field in asked.items()
    }
    try:
        found.desk.set_contact(note_id, number(form), _contact(typed))
    except StateError as error:
        page = found.desk.read(note_id)
        shown, now = laid_over(typed, before, _fields(page.draft.contact))
        return _show(found, page, shown, 422, now=now, **told(error))
    found.desk.unsaved.settle(note_id, BOXES)
    return go(f"/notes/{note_id}")


@router.post("/notes/{note_id}/facts/unsaved")
def throw_away(found: AnyStaff, note_id: str, form: Form) -> Response:  # noqa: ARG001 - the form carries the token
    """Forget what this person typed here and did not save; not what they typed into the note."""
    found.desk.unsaved.settle(note_id, BOXES)
    return go(f"/notes/{note_id}/facts")


def facts_in(form: Mapping[str, object], contact: Contact) -> dict[str, str]:
    """What differs from these facts, by the name of its box."""
    said = {name: typed for name, typed in form.items() if isinstance(typed, str)}
    before = {f"text-{name}": now for name, now in _fields(contact).items()}
    return {n: typed for n, typed in said.items() if n in before and typed.strip() != before[n]}


def _kept(
    found: Visitor, page: NotePage, newest: dict[str, str]
) -> tuple[Kept | None, dict[str, str], dict[str, str]]:
    """What this person typed and did not save, laid over the facts; and what others put there since."""
    kept = found.desk.unsaved.of(page.note.id)
    boxes = {} if kept is None else {n: each for n, each in kept.fields.items() if n in BOXES}
    shown, now = dict(newest), dict[str, str]()
    for name, each in boxes.items():
        key = name.removeprefix("text-")
        before = _fields(found.desk.draft_at(page.note.id, each.number).contact)
        over, both = laid_over(before | {key: each.text}, before, newest)
        shown[key] = over[key]
        now |= {key: both[key]} if key in both else {}
    if boxes and shown == newest:  # it is all in the note: the server went down just after
        found.desk.unsaved.settle(page.note.id, BOXES)
    return (kept if shown != newest else None), shown, now


def _fields(contact: Contact) -> dict[str, str]:
    return {
        "date": "" if contact.date is None else f"{contact.date:%-d/%-m/%Y}",
        "start": contact.start_time or "",
        "end": contact.end_time or "",
        "method": contact.method or "",
        "place": contact.place or "",
        "present": ", ".join(contact.present),
        "seen": _WORDS[contact.seen],
        "alone": _WORDS[contact.seen_alone],
        "significant": _WORDS[contact.significant],
        "back": "" if contact.returned is None else f"{contact.returned:%-d/%-m/%Y}",
        "next": "" if contact.next_on is None else f"{contact.next_on:%-d/%-m/%Y}",
        "back-at": "" if contact.returned is None else f"{contact.returned:%H:%M}",
    }


def _contact(typed: dict[str, str]) -> Contact:
    """What was typed as facts; StateError names the field that cannot be read."""
    names = (name.strip() for name in typed["present"].split(","))
    return Contact(
        date=day_from(typed["date"], "date"),
        start_time=clock_from(typed["start"], "start"),
        end_time=clock_from(typed["end"], "end"),
        method=typed["method"] or None,
        place=typed["place"] or None,
        present=tuple(name for name in names if name),
        seen=said(typed["seen"], "seen"),
        seen_alone=said(typed["alone"], "alone"),
        significant=said(typed["significant"], "significant"),
        returned=returned(typed["back"], typed["back-at"]),
        next_on=day_from(typed["next"], "next"),
    )


def asks_seen(kind: str) -> bool:
    """Whether a note of this kind says if the young person was seen: a supervision does not."""
    return kind != SUPERVISION


def said(answer: str, field: str) -> bool | None:
    """Yes, no or not said; StateError for `field` for anything else."""
    if answer not in _SAID:
        raise StateError("choose yes, no or not said", field=field)
    return _SAID[answer]


def returned(day: str, clock: str) -> datetime | None:
    """When they came back, of two fields that go together; StateError."""
    on, at = day_from(day, "back"), clock_from(clock, "back-at")
    if (on is None) != (at is None):
        missing = "back" if on is None else "back-at"
        raise StateError(_BOTH, field=missing)
    return None if on is None or at is None else datetime.combine(on, time.fromisoformat(at))


def day_from(said: str, field: str) -> date | None:
    """A day as people write it; None for none, StateError for `field` for what is no day."""
    if not said:
        return None
    try:
        match = _DAY.fullmatch(said)
        day, month, year = map(int, match.groups() if match else ())
        return date(year, month, day)
    except ValueError as error:
        raise StateError(_NO_DAY, field=field) from error


def clock_from(said: str, field: str) -> str | None:
    """A time of day as HH:MM; None for none, StateError for `field` for what is no time."""
    try:
        return f"{time.fromisoformat(said):%H:%M}" if said else None
    except ValueError as error:
        raise StateError(_NO_TIME, field=field) from error


def _show(
    found: Visitor, page: NotePage, fields: dict[str, str], status: int = 200, **problem: object
) -> Response:
    return found.page(
        "facts",
        status,
        note_id=page.note.id,
        based_on=page.note.number,
        fields=fields,
        clock=type_of(page.note.kind).clock,
        asks_seen=asks_seen(page.note.kind),
        **problem,
    )
