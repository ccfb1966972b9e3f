"""Listening again to a few approved notes."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from fastapi import APIRouter
from starlette.responses import Response

from recorder.errors import StateError, UnknownError
from recorder.review.sampling import Sampling
from recorder.review.web.notes import headings
from recorder.review.web.problems import told
from recorder.review.web.session import AnyStaff, Form, Visitor, go, number, text
from recorder.rulings import Outcome
from templates import type_of

router = APIRouter()


@router.get("/listen-again")
def offered(found: AnyStaff) -> Response:
    """Notes that were drawn, and what came of those that were heard."""
    return _all(found)


@router.get("/listen-again/{note_id}")
def one(found: AnyStaff, note_id: str) -> Response:
    """One of them, with the sentences to be heard."""
    return _show(found, note_id)


@router.post("/listen-again/{note_id}")
def said(found: AnyStaff, note_id: str, form: Form) -> Response:
    """What came of it; or the page again with what was typed, and why."""
    what, chosen = text(form, "text-what"), None
    with suppress(ValueError):
        chosen = Outcome(text(form, "outcome"))
    room = _room(found)
    if chosen is None:
        missing = {"problem": "choose how the words were", "wrong": "outcome"}
        return _show(found, note_id, 422, what=what, **missing)
    try:
        went_back = room.keep(note_id, number(form), chosen, what)
    except StateError as error:
        problem = told(error) | {"what": what, "chosen": chosen.value}
        return _again(found, note_id, **problem)
    return go(f"/notes/{note_id}" if went_back else "/listen-again")


def _room(found: Visitor) -> Sampling:
    return found.desk.sampling(found.site.listen_again)


def _again(found: Visitor, note_id: str, **problem: object) -> Response:
    """The page with why it was not taken; the list, if it is no longer one to listen to."""
    try:
        return _show(found, note_id, 409, **problem)
    except UnknownError:
        return _all(found, 409, **problem)


def _all(found: Visitor, status: int = 200, **problem: object) -> Response:
    room = _room(found)
    there = room.offered()
    shown = {
        "there": there,
        "rows": there.notes,
        "counts": room.counts(),
        "outcomes": list(Outcome),
    }
    return found.page("sample", status, **shown, **problem)


def _show(found: Visitor, note_id: str, status: int = 200, **problem: object) -> Response:
    sampled = _room(found).look(note_id)
    page = found.desk.read(note_id)
    wanted = {each.id for each in sampled.statements}
    chosen = replace(page, listened=sampled.heard, unheard=sampled.left)
    shown = [s for h in headings(chosen) for s in h.sentences if s.statement.id in wanted]
    return found.page(
        "relisten",
        status,
        page=chosen,
        sentences=shown,
        title=type_of(page.note.kind).title,
        copies=found.desk.gallery.of_all(page.recordings),
        outcomes=list(Outcome),
        **problem,
    )
