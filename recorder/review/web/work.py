"""What needs doing: a practitioner's work and a supervisor's queue."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from recorder.review.due import due
from recorder.review.model import NoteRow
from recorder.review.states import State
from recorder.review.tray import Arrivals
from recorder.review.web import words
from recorder.review.web.session import AnyStaff, Visitor
from store.journal import ARRIVING, ATTENTION, SETTLING
from store.session import now_ms
from templates import note_type

router = APIRouter()

_STATES = tuple(state.value for state in State)


@router.get("/work")
def work(found: AnyStaff) -> Response:
    """Everything of this person's, what needs them first."""
    rows, arrivals = found.desk.my_work(), found.desk.tray.arrivals()
    groups = _groups(rows)
    return found.page(
        "work",
        here="/work",
        notice=found.site.notice(),
        groups=groups,
        clocks=_clocks(found.site.timezone, rows),
        suggestions=found.desk.contacts.suggestions(row.note for row in groups["unassigned"]),
        arrivals=_explained(found, arrivals),
        small=found.desk.gallery.small(arrivals.set_aside),
        nothing=not (
            rows or arrivals.on_the_way or arrivals.unagreed or arrivals.set_aside or arrivals.files
        ),
    )


@router.get("/queue")
def queue(found: AnyStaff) -> Response:
    """Notes waiting for a supervisor."""
    return found.page("queue", here="/queue", rows=found.desk.queue())


def _clocks(timezone: str, rows: list[NoteRow]) -> dict[str, str]:
    """How contacts that have a clock stand to it, in words, by note."""
    now = now_ms()
    found = {
        row.note.id: due(note_type(row.note.kind), row.contact, timezone)
        for row in rows
        if row.contact is not None
    }
    return {note_id: words.due(each, now) for note_id, each in found.items() if each is not None}


def _groups(rows: list[NoteRow]) -> dict[str, list[NoteRow]]:
    """Rows by state; a note of no case stands apart, for it cannot go on."""
    groups: dict[str, list[NoteRow]] = {name: [] for name in (*_STATES, "unassigned")}
    for row in rows:
        groups["unassigned" if row.case is None else row.note.state].append(row)
    return groups


def _explained(visitor: Visitor, found: Arrivals) -> dict[str, list[dict[str, object]]]:
    """Arrivals with a sentence for every reason."""

    def why(code: str | None) -> str:
        return visitor.site.explain(code) if code else ""

    return {
        "unagreed": [{"recording": r, "why": ""} for r in found.unagreed],
        "on_the_way": [
            {
                "recording": each.recording,
                "why": why(each.recording.reason),
                "heard_ms": each.heard_ms,
                "so_far": words.so_far(each.figures),
                "wanting": visitor.desk.tray.wanting(each.recording),
            }
            for each in found.on_the_way
        ],
        "set_aside": [{"recording": r, "why": why(r.reason)} for r in found.set_aside],
        "files": [
            {"file": f, "why": f.sentence or why(f.reason)}
            for f in found.files
            if f.state == ATTENTION
        ],
        "arriving": [
            {"file": f, "why": words.WAITS.get(f.reason or "", "")}
            for f in found.files
            if f.state in (ARRIVING, SETTLING)
        ],
    }
