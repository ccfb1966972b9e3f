"""Who sees a young person's record: shared with colleagues, handed over, restricted."""

from __future__ import annotations

import logging

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from recorder.errors import StateError
from recorder.review.web.session import AnyStaff, Form, Visitor, go, home, text

router = APIRouter()

log = logging.getLogger(__name__)

_YES = "yes"


@router.get("/cases/{case_id}/access")
def access_page(found: AnyStaff, case_id: str) -> Response:
    """Who sees it, and the forms for a supervisor."""
    return _show(found, case_id)


@router.post("/cases/{case_id}/access/name")
def name(found: AnyStaff, case_id: str, form: Form) -> Response:
    """Share it with a colleague."""
    try:
        found.desk.who_sees.name(case_id, text(form, "person"))
    except StateError as error:
        return _wrong(found, case_id, error, person="name", missing="choose a colleague", form=form)
    return _back(found, case_id)


@router.post("/cases/{case_id}/access/unname")
def unname(found: AnyStaff, case_id: str, form: Form) -> Response:
    """Share it no longer; asks first whoever would take themselves off."""
    person_id, room = text(form, "person"), found.desk.who_sees
    try:
        room.may_unname(case_id, person_id)
        if person_id == found.person.id and not _is_sure(form):
            return _ask(found, case_id, "unname", seen=[])
        room.unname(case_id, person_id)
    except StateError as error:
        return _wrong(found, case_id, error)
    return _back(found, case_id)


@router.post("/cases/{case_id}/access/give")
def give(found: AnyStaff, case_id: str, form: Form) -> Response:
    """Hand it over to another practitioner; asks first."""
    to, room = text(form, "to"), found.desk.who_sees
    try:
        new = room.may_give(case_id, to)
        if not _is_sure(form):
            return _ask(found, case_id, "give", seen=[new], to=to)
        handle, ref = room.give(case_id, to)
    except StateError as error:
        return _wrong(found, case_id, error, missing="choose who has it now", form=form)
    _make_folder(found, handle, ref)
    return _back(found, case_id)


@router.post("/cases/{case_id}/access/restrict")
def restrict(found: AnyStaff, case_id: str, form: Form) -> Response:
    """Shut it to all but its practitioner and those named; asks first."""
    among, why = _chosen(form), text(form, "text-reason")
    room = found.desk.who_sees
    try:
        seen = room.may_restrict(case_id, among, why)
        if not _is_sure(form):
            return _ask(found, case_id, "restrict", seen=seen, among=among, reason=why)
        room.restrict(case_id, among, why)
    except StateError as error:
        return _wrong(found, case_id, error, person="among", among=among, reason=why)
    return _back(found, case_id)


@router.post("/cases/{case_id}/access/lift")
def lift(found: AnyStaff, case_id: str, form: Form) -> Response:
    """Open it to its team again; asks first."""
    why, room = text(form, "text-reason"), found.desk.who_sees
    try:
        seen = room.may_lift(case_id, why)
        if not _is_sure(form):
            return _ask(found, case_id, "lift", seen=seen, reason=why)
        room.lift(case_id, why)
    except StateError as error:
        return _wrong(found, case_id, error, reason=why)
    return _back(found, case_id)


def _is_sure(form: FormData) -> bool:
    return text(form, "sure") == _YES


def _chosen(form: FormData) -> list[str]:
    chosen = (value for value in form.getlist("person") if isinstance(value, str))
    return list(dict.fromkeys(chosen))


def _ask(found: Visitor, case_id: str, what: str, **values: object) -> Response:
    """The page that says what will come of it, with the same form once more."""
    who = found.desk.who_sees.of(case_id)
    return found.page("sure", 200, who=who, what=what, **values)


def _wrong(
    found: Visitor,
    case_id: str,
    error: StateError,
    *,
    person: str = "",
    missing: str = "",
    form: FormData | None = None,
    **typed: object,
) -> Response:
    """The page again. `person`: its field for a person. `missing`: what to say if none was chosen."""
    field = person if error.field == "person" else error.field
    chosen = "" if form is None else text(form, "person") or text(form, "to")
    sentence = missing if missing and not chosen else error.sentence
    return _show(found, case_id, 422, problem=sentence, wrong=field, chosen=chosen, **typed)


def _show(found: Visitor, case_id: str, status: int = 200, **problem: object) -> Response:
    return found.page("access", status, who=found.desk.who_sees.of(case_id), **problem)


def _back(found: Visitor, case_id: str) -> Response:
    """To the page again, or where they begin once it is not theirs to see any more."""
    sees = found.desk.who_sees.still_sees(case_id)
    return go(f"/cases/{case_id}/access" if sees else home(found.person))


def _make_folder(found: Visitor, handle: str, ref: str) -> None:
    """So that its new practitioner has somewhere to put recordings: they can make it themselves, too."""
    try:
        found.site.folder(handle, ref)
    except OSError as error:
        log.warning("folder of a case not made", extra={"reason": type(error).__name__})
