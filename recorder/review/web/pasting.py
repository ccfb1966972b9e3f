"""Pasting notes into Mosaic, and their receipts."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.datastructures import FormData
from starlette.responses import Response

from recorder.errors import StateError, UnknownError
from recorder.export.copying import MAY, Copying
from recorder.export.offering import Entering
from recorder.export.sure import BESIDE, Sure
from recorder.review.states import Role
from recorder.review.web.problems import told
from recorder.review.web.session import (
    Form,
    NoAccountError,
    Visitor,
    go,
    number,
    text,
    visitor,
)

router = APIRouter()


def exporter(found: Annotated[Visitor, Depends(visitor)]) -> Visitor:
    """Somebody who may bring notes into Mosaic; to anybody else there is no such page.

    NoAccountError as staff.
    """
    if found.desk.role not in MAY:
        raise UnknownError
    if found.site.by_account and not found.site.accounts.has_one(found.person):
        raise NoAccountError
    return found


Exporter = Annotated[Visitor, Depends(exporter)]


@router.get("/mosaic")
def list_page(found: Exporter) -> Response:
    """What waits to be pasted, what somebody pastes, and what went without a receipt."""
    waiting = _room(found).waiting()
    beside = Entering(found.site.store, found.person, found.site.timezone).cases()
    known = {"support": found.desk.role is Role.BUSINESS_SUPPORT, "cases": beside}
    return found.page("mosaic", 200, here="/mosaic", waiting=waiting, **known)


@router.get("/mosaic/{note_id}")
def note_page(found: Exporter, note_id: str) -> Response:
    """One note: whose it is to be made sure of, then its values, then its receipt."""
    return _show(found, note_id)


@router.post("/mosaic/{note_id}/sure")
def sure(found: Exporter, note_id: str, form: Form) -> Response:
    """Somebody looked at the record in Mosaic, and says whose it is."""
    said = said_of(form)
    try:
        _room(found).make_sure(note_id, number(form), said)
    except StateError as error:
        return _show(found, note_id, 422 if error.field else 409, said=said, problem=told(error))
    return go(f"/mosaic/{note_id}")


@router.post("/mosaic/{note_id}/receipt")
def receipt(found: Exporter, note_id: str, form: Form) -> Response:
    """The note's id in Mosaic."""
    marks = [each for each in form.getlist("said") if isinstance(each, str)]
    there = text(form, "text-there")
    try:
        _room(found).received(note_id, number(form), there, marks)
    except StateError as error:
        status = 422 if error.field else 409
        return _show(found, note_id, status, there=there, problem=told(error))
    return go("/mosaic")


@router.post("/mosaic/{note_id}/let-be")
def let_be(found: Exporter, note_id: str, _form: Form) -> Response:
    """It was not pasted after all."""
    try:
        _room(found).let_be(note_id)
    except StateError as error:
        return _show(found, note_id, 409, problem=told(error))
    return go("/mosaic")


def said_of(form: FormData) -> Sure:
    """What somebody says of the record that is open in Mosaic."""
    return Sure(text(form, "same") == "yes", text(form, "text-born"), text(form, "beside"))


def _room(found: Visitor) -> Copying:
    return Copying(found.site.store, found.person, found.site.timezone)


def _show(
    found: Visitor,
    note_id: str,
    status: int = 200,
    *,
    said: Sure | None = None,
    there: str = "",
    problem: Mapping[str, object] = MappingProxyType({}),
) -> Response:
    looked = _room(found).look(note_id)
    known = {"here": "/mosaic", "it": looked, "beside_what": BESIDE, "said": said, "there": there}
    return found.page("paste", status, **known, **problem)
