"""Handing a record over to who asked for it: what may be about others, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from recorder.access.handing import Decided, Handing, place_of
from recorder.access.rulings import label_key
from recorder.errors import StateError
from recorder.review.web.listening import (
    PLAYED_BY,
    fetched_for,
    media_type_of,
    playing,
    ranged,
)
from recorder.review.web.oversight import Protector
from recorder.review.web.problems import told
from recorder.review.web.session import Form, Visitor, go, text
from recorder.review.web.session import number as sent_number

router = APIRouter()

_NOTHING: Mapping[str, object] = MappingProxyType({})
_BOX = ("left", "top", "right", "bottom")
_SAID = {"goes": True, "stays": False}


@router.get("/handing")
def begin_page(found: Protector) -> Response:
    """Whose record, and who asked for it."""
    return _begin(found)


@router.post("/handing")
def begin(found: Protector, form: Form) -> Response:
    """Open it. Its reference is in no address."""
    ref, why = text(form, "text-ref"), text(form, "text-reason")
    try:
        return go(f"/handing/{_room(found).begin(ref, why)}")
    except StateError as error:
        return _begin(found, 422, ref=ref, why=why, **told(error))


@router.get("/handing/{case_id}")
def list_page(found: Protector, case_id: str) -> Response:
    """All that is held, in its order, and where something is still to be decided."""
    case, entries = _room(found).all(case_id)
    left = sum(each.entry.undecided for each in entries)
    return found.page("handing", 200, here="/oversight", case=case, entries=entries, left=left)


@router.get("/handing/{case_id}/entries/{number}")
def entry_page(found: Protector, case_id: str, number: int) -> Response:
    """One thing that happened, place by place."""
    return _entry(found, case_id, number)


@router.post("/handing/{case_id}/entries/{number}")
def decide(found: Protector, case_id: str, number: int, form: Form) -> Response:
    """What goes and what stays."""
    try:
        _room(found).decide(case_id, number, sent_number(form), _decided(form))
    except StateError as error:
        return _entry(
            found, case_id, number, 422 if error.field else 409, typed=form, problem=told(error)
        )
    return go(f"/handing/{case_id}/entries/{number}")


@router.get("/handing/{case_id}/pictures/{recording_id}")
def picture(found: Protector, case_id: str, recording_id: str) -> Response:
    """A picture of the record, so that somebody can say what on it goes."""
    made = _room(found).picture(case_id, recording_id)
    return Response(made, media_type="image/jpeg")


@router.get("/handing/{case_id}/recordings/{recording_id}/sound")
def sound(request: Request, found: Protector, case_id: str, recording_id: str) -> Response:
    """A recording of the record, so that somebody can say what of it goes; whole or by range."""
    fetched_for(request, PLAYED_BY)
    with playing(request, found, f"{case_id} {recording_id}") as going_on:
        recording, reader = _room(found).sound(case_id, recording_id, going_on=going_on)
    return ranged(request, found, recording.id, reader, media_type_of(recording))


def _room(found: Visitor) -> Handing:
    return Handing(found.site.store, found.person, found.site.timezone)


def _decided(form: FormData) -> Decided:
    said = {name: value for name, value in form.items() if isinstance(value, str)}
    return Decided(
        goes={n[6:]: _SAID[v] for n, v in said.items() if n.startswith("place-") and v in _SAID},
        more={n[10:]: value for n, value in said.items() if n.startswith("text-more-")},
        since=text(form, "text-since"),
        until=text(form, "text-until"),
        box=[text(form, f"text-{name}") for name in _BOX],
        why=text(form, "text-why").strip(),
        everywhere=text(form, "everywhere") == "yes",
    )


def _begin(found: Visitor, status: int = 200, **more: object) -> Response:
    return found.page("handing_begin", status, here="/oversight", **more)


def _entry(
    found: Visitor,
    case_id: str,
    number: int,
    status: int = 200,
    *,
    typed: FormData | None = None,
    problem: Mapping[str, object] = _NOTHING,
) -> Response:
    known: dict[str, object] = {
        "it": _room(found).look(case_id, number),
        "typed": typed or {},
        "place_of": place_of,
        "label_key": label_key,
        "box": _BOX,
    }
    return found.page("handing_entry", status, here="/oversight", **known, **problem)
