"""Making each young person's own note out of one about several."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from recorder.errors import NotAllowedError, StateError
from recorder.review.web.problems import told
from recorder.review.web.session import AnyStaff, Form, Visitor, go, number, text
from templates import type_of

router = APIRouter()


@router.get("/notes/{note_id}/members")
def members_page(found: AnyStaff, note_id: str) -> Response:
    """Whom is it about? Those whom the note names are ticked."""
    ticked = [case.id for case in found.desk.dividing.named(note_id)]
    return _show(found, note_id, ticked, "")


@router.post("/notes/{note_id}/members")
def divide(found: AnyStaff, note_id: str, form: Form) -> Response:
    """Show what each would get; or make their notes, once that was looked at."""
    ticked = [each for each in form.getlist("member") if isinstance(each, str)]
    also = text(form, "text-also")
    names = [name.strip() for name in also.split(",")]
    room, said = found.desk.dividing, text(form, "text-who")
    try:
        refs = filter(None, map(str.strip, said.split(",")))
        ticked += [found.desk.young_people.find(each, "who").id for each in refs]
        said = ""
        looked_at = text(form, "seen") == _seen(ticked, also)
        if text(form, "then") != "make" or not looked_at:  # other people were chosen since
            preview = room.preview(note_id, ticked, names)
            seen = _seen(ticked, also)
            return _show(found, note_id, ticked, also, preview=preview, seen=seen)
        made = room.divide(note_id, number(form), ticked, names)
    except (NotAllowedError, StateError) as error:
        return _show(found, note_id, ticked, also, 422, said=said, **told(error))
    return go(f"/notes/{made[0]}" if len(made) == 1 else "/work")


def _seen(ticked: list[str], also: str) -> str:
    """What a preview was of."""
    return "|".join([*sorted(ticked), also])


def _show(
    found: Visitor,
    note_id: str,
    ticked: list[str],
    also: str,
    status: int = 200,
    **more: object,
) -> Response:
    page = found.desk.read(note_id)
    near = found.desk.young_people.near(page.note.practitioner_id)
    chosen = found.desk.young_people.of(ticked)
    return found.page(
        "members",
        status,
        page=page,
        title=type_of(page.note.kind).title,
        cases=list({each.id: each for each in (*near, *chosen.values())}.values()),
        many=found.desk.young_people.many,
        ticked=ticked,
        also=also,
        **more,
    )
