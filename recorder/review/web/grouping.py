"""Which recordings make one contact: merging two notes, and splitting one."""

from __future__ import annotations

from textwrap import shorten

from fastapi import APIRouter
from starlette.responses import Response

from recorder import visits
from recorder.errors import NotAllowedError, StateError
from recorder.review.states import Move
from recorder.review.web.problems import told
from recorder.review.web.session import AnyStaff, Form, Visitor, go, number, text, whole
from templates import type_of
from transcribe.model import Draft

router = APIRouter()

_SHOWN = 90  # characters of a sentence
_AROUND_MS = 31 * visits.DAY_MS  # notes further away are not offered


@router.get("/notes/{note_id}/contact")
def contact(found: AnyStaff, note_id: str) -> Response:
    """The recordings of a note, and the notes that it can be merged with."""
    return _show(found, note_id)


@router.post("/notes/{note_id}/merge")
def merge(found: AnyStaff, note_id: str, form: Form) -> Response:
    """Make one note of this and the one chosen, both as they were on the page."""
    other, _, version = text(form, "other").partition(":")
    if not other:
        unsaid = StateError("choose the note to merge with", field="other")
        return _show(found, note_id, 422, **told(unsaid))
    try:
        kept = found.desk.contacts.merge((note_id, number(form)), (other, whole(version) or 0))
    except (NotAllowedError, StateError) as error:
        return _show(found, note_id, 409, **told(error))
    return go(f"/notes/{kept}")


@router.post("/notes/{note_id}/split")
def split(found: AnyStaff, note_id: str, form: Form) -> Response:
    """Take the ticked recordings into a note of their own."""
    chosen = [each for each in form.getlist("recording") if isinstance(each, str)]
    try:
        new = found.desk.contacts.split(note_id, number(form), chosen)
    except (NotAllowedError, StateError) as error:
        return _show(found, note_id, 409, **told(error))
    return go(f"/notes/{new}")


def _show(found: Visitor, note_id: str, status: int = 200, **problem: object) -> Response:
    page = found.desk.read(note_id)
    whole = found.desk.contacts.stays_whole(page.note)
    splits = Move.SPLIT in page.moves and not whole
    if not problem and not splits and Move.MERGE not in page.moves:
        raise StateError(whole if page.own and whole else page.refused[Move.MERGE])
    others = found.desk.contacts.candidates(note_id, found.site.gap_ms, _AROUND_MS)
    return found.page(
        "contact",
        status,
        page=page,
        title=type_of(page.note.kind).title,
        others=[each for each in others if each.refused is None],
        refused=[each for each in others if each.refused is not None],
        firsts=_firsts(page.draft),
        lengths={
            each.id: found.site.store.captures.as_whole(each).length_ms for each in page.recordings
        },
        small=found.desk.gallery.small(page.recordings),
        whole=whole,
        **problem,
    )


def _firsts(draft: Draft) -> dict[str, str]:
    """The first words of a note that stand on each recording, to tell one from the other."""
    found: dict[str, str] = {}
    for statement in draft.statements:
        for source in statement.sources:
            if source.recording is not None and source.start_ms is not None:
                found.setdefault(source.recording, shorten(statement.text, _SHOWN, placeholder="…"))
    return found
