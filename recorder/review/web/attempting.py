"""An attempted contact, written down in under a minute."""

from __future__ import annotations

from datetime import datetime, time

from fastapi import APIRouter
from starlette.responses import Response

from recorder.clock import local, milliseconds
from recorder.errors import StateError
from recorder.review.typed import ATTEMPT, Attempt
from recorder.review.web.changes import boxes_new, restored_new
from recorder.review.web.facts import clock_from, day_from
from recorder.review.web.notes import choices, show
from recorder.review.web.problems import told
from recorder.review.web.session import AnyStaff, Form, Visitor, go, text
from store.session import now_ms

router = APIRouter()

_METHODS = ("Visit", "Phone call", "Message", "Other")
_FIELDS = (
    "case",
    "who",
    "date",
    "start",
    "method",
    "place",
    "did",
    "noticed",
    "worry",
    "next",
    "due",
)


@router.get("/attempts/new")
def attempt_page(found: AnyStaff) -> Response:
    """The form, with this moment in it."""
    now = local(now_ms(), found.site.timezone)
    fields = dict.fromkeys(_FIELDS, "")
    fields |= {"date": f"{now:%-d/%-m/%Y}", "start": f"{now:%H:%M}"}
    kept = found.desk.unsaved.of_new(ATTEMPT)
    return _show(found, fields | restored_new(kept), kept=kept)


@router.post("/attempts/new")
def save(found: AnyStaff, form: Form) -> Response:
    """A new note, handed in at once if that was asked; or the page again, and why."""
    typed = {name: text(form, f"text-{name}").strip() for name in _FIELDS}
    try:
        whose = found.desk.young_people.chosen(typed["case"], typed["who"])
        attempt, at = _attempt(typed, found.site.timezone)
        note_id, new = found.desk.typed.attempt(whose, attempt, at)
    except StateError as error:
        found.desk.unsaved.keep_new(ATTEMPT, boxes_new(typed))
        return _show(found, typed, 422, **told(error))
    found.desk.unsaved.throw_away_new(ATTEMPT)
    if new and text(form, "then") == "submit":
        try:
            found.desk.submit(note_id, 1)
        except StateError as error:  # it is kept, as a draft
            return show(found, note_id, 422, problem=error.sentence)
    return go(f"/notes/{note_id}")


def _attempt(typed: dict[str, str], timezone: str) -> tuple[Attempt, int]:
    """What was typed, and the moment of it (ms); StateError names what is missing or unclear."""
    if not typed["case"] and not typed["who"]:
        raise StateError("choose the young person", field="case")
    day, clock = day_from(typed["date"], "date"), clock_from(typed["start"], "start")
    if day is None or clock is None:
        missing = "date" if day is None else "start"
        raise StateError("write the day and the time of the attempt", field=missing)
    if typed["method"] not in _METHODS:
        raise StateError("choose how you tried", field="method")
    attempt = Attempt(
        day=day,
        clock=clock,
        method=typed["method"].lower(),
        place=typed["place"],
        did=typed["did"],
        noticed=typed["noticed"],
        worry=typed["worry"],
        following=typed["next"],
        due=day_from(typed["due"], "due"),
    )
    at = milliseconds(datetime.combine(day, time.fromisoformat(clock)), timezone)
    if at > now_ms():
        future = "date" if day > local(now_ms(), timezone).date() else "start"
        raise StateError("that time has not come yet: write when you tried", field=future)
    return attempt, at


def _show(found: Visitor, fields: dict[str, str], status: int = 200, **problem: object) -> Response:
    return found.page(
        "attempt",
        status,
        fields=fields,
        choices=choices(found, found.person.id),
        many=found.desk.young_people.many,
        methods=_METHODS,
        **problem,
    )
