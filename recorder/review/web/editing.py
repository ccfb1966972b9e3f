"""Changing a note's words. What somebody typed is never lost, whatever happened meanwhile."""

from __future__ import annotations

from contextlib import suppress

from fastapi import APIRouter
from starlette.responses import Response

from recorder.errors import StateError
from recorder.review.model import NotePage
from recorder.review.states import Move
from recorder.review.unsaved import Kept
from recorder.review.web.changes import NOTHING, TEXT, Changes, changes_in, is_of_return, restored
from recorder.review.web.facts import BOXES
from recorder.review.web.notes import headings
from recorder.review.web.problems import told
from recorder.review.web.session import AnyStaff, Form, Visitor, go, number, text
from templates import type_of

router = APIRouter()


@router.get("/notes/{note_id}/edit")
def edit_page(found: AnyStaff, note_id: str) -> Response:
    """Every sentence in a box of its own, with what this person typed before and did not save."""
    page = found.desk.read(note_id)
    if Move.EDIT in page.refused:
        raise StateError(page.refused[Move.EDIT])
    kept = found.desk.unsaved.of(note_id)
    if kept is None:
        return _show(found, page, NOTHING)
    changes, overtaken = restored(
        kept, lambda number: found.desk.draft_at(note_id, number), page.draft
    )
    if changes == NOTHING:  # it is all in the note: the server went down just after
        found.desk.unsaved.settle(note_id, kept.fields.keys() - _elsewhere(kept))
        return _show(found, page, NOTHING)
    return _show(found, page, changes, kept=kept, overtaken=overtaken)


@router.post("/notes/{note_id}/edit")
def save(found: AnyStaff, note_id: str, form: Form) -> Response:
    """A new version; or the page again with everything typed still in it, and why."""
    based_on = number(form)
    base = found.desk.draft_at(note_id, based_on)
    changes = changes_in(form, base)
    if changes != NOTHING:  # before anything can go wrong
        with suppress(StateError):  # said below
            found.desk.unsaved.keep(note_id, based_on, changes.boxes)
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
    found.desk.unsaved.settle(note_id, [name for name in form if name.startswith(TEXT)])
    at = text(form, "at")
    there = at in {statement.id for statement in base.statements}
    return go(f"/notes/{note_id}{f'#s-{at}' if there else ''}")


@router.post("/notes/{note_id}/unsaved")
def throw_away(found: AnyStaff, note_id: str, form: Form) -> Response:  # noqa: ARG001 - the form carries the token
    """Forget what this person typed here and did not save."""
    kept = found.desk.unsaved.of(note_id)
    if kept is None:  # or it does not open
        found.desk.unsaved.throw_away(note_id)
    else:
        found.desk.unsaved.settle(note_id, kept.fields.keys() - _elsewhere(kept))
    return go(f"/notes/{note_id}")


def _elsewhere(kept: Kept) -> frozenset[str]:
    """What of it was typed on other pages, and is not shown here."""
    return BOXES | set(filter(is_of_return, kept.fields))


def _again(found: Visitor, note_id: str, changes: Changes, error: StateError) -> Response:
    """The newest version with this person's changes laid over it, ready to be saved again.

    A change to a sentence that is no longer there is shown above the form, to be copied.
    """
    page, overtaken = found.desk.read(note_id), changes.texts.keys()
    return _show(found, page, changes, 409, overtaken=overtaken, **told(error))


def _show(
    found: Visitor, page: NotePage, changes: Changes, status: int = 200, **problem: object
) -> Response:
    there, offered = {statement.id for statement in page.draft.statements}, headings(page)
    there |= {f"new-{each.section.key}" for each in offered}
    said = [*changes.texts.items(), *changes.removed.items()]
    said += [(f"new-{key}", words) for key, words in changes.added.items()]
    return found.page(
        "edit",
        status,
        **{"based_on": page.note.number} | problem,
        page=page,
        title=type_of(page.note.kind).title,
        headings=offered,
        changes=changes,
        homeless=[words for key, words in said if key not in there],
        others=found.desk.unsaved.others(page.note.id),
    )
