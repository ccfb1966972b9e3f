"""What a picture is: its title, what the young person says of it, who drew it, and how it is shown."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from recorder.errors import StateError, UnknownError
from recorder.review.states import Move
from recorder.review.web.overlay import laid_over
from recorder.review.web.problems import told
from recorder.review.web.session import AnyStaff, Form, Visitor, go, number, text
from store.derived import COPY, STRAIGHTENED
from store.records import WITHDRAWN
from templates import type_of
from transcribe.model import Described

router = APIRouter()


@router.get("/notes/{note_id}/pictures/{recording_id}")
def picture_page(found: AnyStaff, note_id: str, recording_id: str) -> Response:
    """What is said of it, each in a field of its own, and what was read on it."""
    return _show(found, note_id, recording_id)


@router.post("/notes/{note_id}/pictures/{recording_id}")
def describe(found: AnyStaff, note_id: str, recording_id: str, form: Form) -> Response:
    """A new version that says something else of it; or the page again with what was typed."""
    said = Described(
        recording=recording_id,
        title=_line(text(form, "text-title")),
        caption=_line(text(form, "text-caption")),
        drawn_by=_line(text(form, "text-drawn")),
        straightened=text(form, "shown") == STRAIGHTENED,
    )
    before = found.desk.draft_at(note_id, number(form)).described(recording_id)
    try:
        found.desk.describe(note_id, number(form), said)
    except StateError as error:
        typed = (said, before)
        return _show(found, note_id, recording_id, 422, typed=typed, **told(error))
    return go(f"/notes/{note_id}#picture-{recording_id}")


@router.post("/notes/{note_id}/pictures/{recording_id}/words")
def take_over(found: AnyStaff, note_id: str, recording_id: str, form: Form) -> Response:
    """Words that this person read on it, as a sentence of their own."""
    words, section = text(form, "text-words"), text(form, "section")
    try:
        found.desk.take_over(note_id, number(form), recording_id, section, words)
    except StateError as error:
        return _show(
            found,
            note_id,
            recording_id,
            422,
            problem=error.sentence,
            wrong="words" if error.field else "",
            words=words,
            section=section,
        )
    return go(f"/notes/{note_id}")


def _line(typed: str) -> str:
    return " ".join(typed.split())


def _fields(said: Described) -> dict[str, str]:
    return {
        "title": said.title,
        "caption": said.caption,
        "drawn_by": said.drawn_by,
        "straightened": "yes" if said.straightened else "",
    }


def _show(
    found: Visitor,
    note_id: str,
    recording_id: str,
    status: int = 200,
    *,
    typed: tuple[Described, Described] | None = None,
    **problem: object,
) -> Response:
    """The page; `typed` is what somebody says of the picture, and what was said of it before."""
    page = found.desk.read(note_id)
    if Move.EDIT in page.refused:
        raise StateError(page.refused[Move.EDIT])
    pictures = {each.id: each for each in page.recordings if each.kind == "picture"}
    if recording_id not in pictures or pictures[recording_id].reason == WITHDRAWN:
        raise UnknownError
    copies = found.desk.gallery.of(pictures[recording_id])
    copy = copies.first(COPY)
    newest = page.draft.described(recording_id)
    said, now = laid_over(*map(_fields, (*(typed or (newest, newest)), newest)))
    values: dict[str, object] = {
        "said": said,
        "now": now,
        "words": "" if copy is None else copy.details.words,
    }
    return found.page(
        "picture",
        status,
        page=page,
        picture=pictures[recording_id],
        straightened=copies.first(STRAIGHTENED),
        sections=[
            {"value": each.key, "text": each.heading} for each in type_of(page.note.kind).sections
        ],
        **values | problem,
    )
