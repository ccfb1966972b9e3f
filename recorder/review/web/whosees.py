"""Who sees a young person's record: shared with colleagues, handed over, restricted."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from recorder.errors import StateError
from recorder.review.web.session import AnyStaff, Form, Visitor, go, home, text
from recorder.review.whosees import Change

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
    person_id = text(form, "person")
    try:
        found.desk.who_sees.name(case_id, person_id)
    except StateError as error:
        return _wrong(found, case_id, error, "name", {"chosen": person_id})
    return _back(found, case_id)


@router.post("/cases/{case_id}/access/unname")
def unname(found: AnyStaff, case_id: str, form: Form) -> Response:
    """Share it no longer; asks first whoever would take themselves off."""
    person_id, room = text(form, "person"), found.desk.who_sees
    step = _Step(
        "unname",
        lambda: room.may_unname(case_id, person_id),
        lambda: room.unname(case_id, person_id),
    )
    return _done(found, case_id, step, sure=_is_sure(form) or person_id != found.person.id)


@router.post("/cases/{case_id}/access/give")
def give(found: AnyStaff, case_id: str, form: Form) -> Response:
    """Hand it over to another practitioner; asks first."""
    to, room = text(form, "to"), found.desk.who_sees
    step = _Step(
        "give",
        lambda: room.may_give(case_id, to),
        lambda: _make_folder(found, *room.give(case_id, to)),
        {"chosen": to},
    )
    return _done(found, case_id, step, sure=_is_sure(form))


@router.post("/cases/{case_id}/access/restrict")
def restrict(found: AnyStaff, case_id: str, form: Form) -> Response:
    """Shut it to all but its practitioner and those named; asks first."""
    among, why = _chosen(form), text(form, "text-reason")
    room = found.desk.who_sees
    step = _Step(
        "restrict",
        lambda: room.may_restrict(case_id, among, why),
        lambda: room.restrict(case_id, among, why),
        {"among": among, "reason": why},
        people="among",
    )
    return _done(found, case_id, step, sure=_is_sure(form))


@router.post("/cases/{case_id}/access/lift")
def lift(found: AnyStaff, case_id: str, form: Form) -> Response:
    """Open it to its team again; asks first."""
    why, room = text(form, "text-reason"), found.desk.who_sees
    step = _Step(
        "lift",
        lambda: room.may_lift(case_id, why),
        lambda: room.lift(case_id, why),
        {"reason": why},
    )
    return _done(found, case_id, step, sure=_is_sure(form))


@dataclass(frozen=True, slots=True)
class _Step:
    """Something that is done to who sees a case, once somebody is sure."""

    what: str  # the end of its address
    may: Callable[[], Change]  # StateError where it cannot be done
    do: Callable[[], None]
    typed: Mapping[str, object] = field(default_factory=dict)  # what its form said, for its pages
    people: str = ""  # the id of its field for people


def _done(found: Visitor, case_id: str, step: _Step, *, sure: bool) -> Response:
    """Do it; before anybody is sure, the page that says what will come of it, with the form again."""
    try:
        change = step.may()
        if not sure:
            who = found.desk.who_sees.of(case_id)
            values = {"who": who, "what": step.what, "change": change}
            return found.page("sure", 200, **values, **step.typed)
        step.do()
    except StateError as error:
        return _wrong(found, case_id, error, step.people, step.typed)
    return _back(found, case_id)


def _is_sure(form: FormData) -> bool:
    return text(form, "sure") == _YES


def _chosen(form: FormData) -> list[str]:
    chosen = (value for value in form.getlist("person") if isinstance(value, str))
    return list(dict.fromkeys(chosen))


def _wrong(
    found: Visitor,
    case_id: str,
    error: StateError,
    people: str = "",
    typed: Mapping[str, object] = MappingProxyType({}),
) -> Response:
    """The page again, with what was typed. `people`: the id of the field for a person."""
    at = people if error.field == "person" else error.field
    return _show(found, case_id, 422, problem=error.sentence, wrong=at, **typed)


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
