"""A note that somebody types, of any kind: one page with the headings of its kind."""

from __future__ import annotations

from datetime import datetime, time

from fastapi import APIRouter
from starlette.responses import Response

from recorder.around import SUPERVISION
from recorder.clock import local, milliseconds
from recorder.errors import StateError, UnknownError
from recorder.review.dividing import SEVERAL
from recorder.review.typed import ATTEMPT, Written, typed_kinds
from recorder.review.web.changes import boxes_new, restored_new
from recorder.review.web.facts import asks_seen, clock_from, day_from, returned, said
from recorder.review.web.notes import choices
from recorder.review.web.problems import told
from recorder.review.web.session import AnyStaff, Form, Visitor, go, text
from store.session import now_ms
from templates import note_type
from transcribe.model import Contact

router = APIRouter()

_FACTS = (
    "case",
    "who",
    "worker",
    "date",
    "start",
    "method",
    "place",
    "seen",
    "alone",
    "back",
    "back-at",
)


@router.get("/typed/new")
def new(found: AnyStaff, kind: str = "", worker: str = "") -> Response:
    """The headings of a kind of note, with this moment in it; without a kind, which there are."""
    if not kind:
        return found.page("kinds", kinds=typed_kinds(), unsaved=found.desk.unsaved.new())
    _known(kind)
    now = local(now_ms(), found.site.timezone)
    typed = {"date": f"{now:%-d/%-m/%Y}", "start": f"{now:%H:%M}", "worker": worker}
    kept = found.desk.unsaved.of_new(kind)
    return _show(found, kind, typed | restored_new(kept), [], kept=kept)


@router.post("/typed/unsaved")
def throw_away(found: AnyStaff, form: Form) -> Response:
    """Forget what was typed into a note of some kind that does not exist yet."""
    kind = text(form, "kind")
    found.desk.unsaved.throw_away_new(kind)
    return go("/attempts/new" if kind == ATTEMPT else f"/typed/new?kind={_known(kind)}")


@router.post("/typed/new")
def save(found: AnyStaff, form: Form) -> Response:
    """A new draft; or the page again, and why."""
    kind = _known(text(form, "kind"))
    names = (*_FACTS, "next", *(section.key for section in note_type(kind).sections))
    typed = {name: text(form, f"text-{name}").strip() for name in names}
    young = [each for each in form.getlist("young") if isinstance(each, str)]
    try:
        note_id = _kept(found, kind, typed, young)
    except StateError as error:
        found.desk.unsaved.keep_new(kind, boxes_new(typed))
        return _show(found, kind, typed, young, 422, **told(error))
    found.desk.unsaved.throw_away_new(kind)
    return go(f"/notes/{note_id}")


def _kept(found: Visitor, kind: str, typed: dict[str, str], young: list[str]) -> str:
    written = _written(kind, typed, found.site.timezone)
    if kind == SUPERVISION:
        if not typed["worker"]:
            raise StateError("choose whose supervision this is", field="worker")
        note_id, _ = found.desk.supervision.begin(typed["worker"], written, young)
        return note_id
    whose = found.desk.young_people.chosen(typed["case"], typed["who"])
    note_id, _ = found.desk.typed.write(whose or None, written)
    return note_id


def _known(kind: str) -> str:
    if kind not in typed_kinds():
        raise UnknownError
    return kind


def _written(kind: str, typed: dict[str, str], timezone: str) -> Written:
    """What was typed; StateError names what is missing or unclear."""
    day, clock = day_from(typed["date"], "date"), clock_from(typed["start"], "start")
    if day is None or clock is None:
        raise StateError("write the day and the time", field="date" if day is None else "start")
    at = milliseconds(datetime.combine(day, time.fromisoformat(clock)), timezone)
    if at > now_ms():
        raise StateError("that time has not come yet: write when it was", field="date")
    contact = Contact(
        date=day,
        start_time=clock,
        method=typed["method"] or None,
        place=typed["place"] or None,
        seen=said(typed["seen"], "seen"),
        seen_alone=said(typed["alone"], "alone"),
        returned=returned(typed["back"], typed["back-at"]),
        next_on=day_from(typed["next"], "next"),
    )
    texts = {section.key: typed[section.key] for section in note_type(kind).sections}
    return Written(kind, contact, texts, at)


def _show(
    found: Visitor,
    kind: str,
    typed: dict[str, str],
    young: list[str],
    status: int = 200,
    **problem: object,
) -> Response:
    supervised = kind == SUPERVISION
    return found.page(
        "typed",
        status,
        kind=kind,
        standard=note_type(kind),
        fields={name: typed.get(name, "") for name in (*_FACTS, "next")} | typed,
        choices=[] if supervised else choices(found, found.person.id),
        many=not supervised and found.desk.young_people.many,
        optional=kind in SEVERAL,
        workers=found.desk.supervision.workers() if supervised else [],
        # Of very many, those of whoever is supervised.
        cases=found.desk.young_people.near(typed.get("worker", "")) if supervised else [],
        young=young,
        asks_seen=asks_seen(kind),
        **problem,
    )
