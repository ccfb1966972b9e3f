"""Changing a note's words. What somebody typed is never lost, whatever happened meanwhile."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from recorder.errors import StateError
from recorder.review.model import NotePage
from recorder.review.states import Move
from recorder.review.web.notes import headings
from recorder.review.web.problems import told
from recorder.review.web.session import AnyStaff, Form, Visitor, go, number, text
from templates import type_of
from transcribe.model import Draft

router = APIRouter()

# Field names: prefix and statement, or section.
_TEXT, _WHY, _NEW = "text-", "text-why-", "text-new-"


@dataclass(frozen=True, slots=True)
class Changes:
    """What somebody did on the edit page, against the version that was on it."""

    texts: dict[str, str]  # new words by statement id, changed ones only
    removed: dict[str, str]  # why each goes that is taken out, by statement id
    added: dict[str, str]  # words by section key


_NOTHING = Changes({}, {}, {})


@router.get("/notes/{note_id}/edit")
def edit_page(found: AnyStaff, note_id: str) -> Response:
    """Every sentence in a box of its own."""
    page = found.desk.read(note_id)
    if Move.EDIT in page.refused:
        raise StateError(page.refused[Move.EDIT])
    return _show(found, page, _NOTHING)


@router.post("/notes/{note_id}/edit")
def save(found: AnyStaff, note_id: str, form: Form) -> Response:
    """A new version; or the page again with everything typed still in it, and why."""
    based_on = number(form)
    changes = _changes(form, found.desk.draft_at(note_id, based_on))
    reworded = {key: words for key, words in changes.texts.items() if key not in changes.removed}
    emptied = [key for key, words in reworded.items() if not words.strip()]
    if emptied:
        page = found.desk.read(note_id)
        return _show(found, page, changes, 422, emptied=emptied, based_on=based_on)
    try:
        added = list(changes.added.items())
        found.desk.save(note_id, based_on, changes.texts, added, changes.removed)
    except StateError as error:
        return _again(found, note_id, changes, error)
    return go(f"/notes/{note_id}")


def _changes(form: FormData, base: Draft) -> Changes:
    """Only what differs from the version on the page: the rest of the form is not an edit."""
    texts = {}
    for statement in base.statements:
        typed = form.get(f"{_TEXT}{statement.id}")
        if isinstance(typed, str) and typed.split() != statement.text.split():
            texts[statement.id] = typed
    reasons = {s.id: text(form, f"{_WHY}{s.id}") for s in base.statements}
    removed = {key: why for key, why in reasons.items() if why.strip()}
    sections = [section.key for section in type_of(base.kind).sections]
    added = {key: words for key in sections if (words := text(form, f"{_NEW}{key}")).strip()}
    return Changes(texts, removed, added)


def _again(found: Visitor, note_id: str, changes: Changes, error: StateError) -> Response:
    """The newest version with this person's changes laid over it, ready to be saved again.

    A change to a sentence that is no longer there is shown above the form, to be copied.
    """
    return _show(found, found.desk.read(note_id), changes, 409, **told(error))


def _show(
    found: Visitor, page: NotePage, changes: Changes, status: int = 200, **problem: object
) -> Response:
    there = {statement.id for statement in page.draft.statements}
    return found.page(
        "edit",
        status,
        **{"based_on": page.note.number} | problem,
        page=page,
        title=type_of(page.note.kind).title,
        headings=headings(page),
        changes=changes,
        homeless=[words for key, words in changes.texts.items() if key not in there],
    )
