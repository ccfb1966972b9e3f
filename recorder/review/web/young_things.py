"""What a young person keeps: kept with one tap, looked at one by one, taken out, taken home."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from recorder.errors import StateError
from recorder.review.web import young
from recorder.review.web.session import Form, Visitor, YoungPerson, go, text, whole

router = APIRouter()

_THINGS = "/summary/things"


@router.get("/summary/things")
def things_page(request: Request, found: YoungPerson) -> Response:
    """All that they keep."""
    return _list(request, found)


@router.get("/summary/things/all")
def everything(found: YoungPerson) -> Response:
    """All of it as one file; its name tells nothing."""
    return _attached(found.desk.keeping.everything(), "application/zip", "things.zip")


@router.get("/summary/things/{thing_id}")
def thing_page(request: Request, found: YoungPerson, thing_id: str) -> Response:
    """One of them, with the way to the ones beside it."""
    things, at = found.desk.keeping.one(thing_id)
    before, after = things[at - 1 : at] if at else [], things[at + 1 : at + 2]
    return young.page(
        request,
        found,
        "young_thing",
        thing=things[at],
        number=at + 1,
        count=len(things),
        newer=before[0] if before else None,
        older=after[0] if after else None,
    )


@router.get("/summary/things/{thing_id}/picture")
def picture(found: YoungPerson, thing_id: str) -> Response:
    """A picture that they keep, to be looked at."""
    return Response(found.desk.keeping.picture(thing_id), media_type="image/jpeg")


@router.get("/summary/things/{thing_id}/file")
def file(found: YoungPerson, thing_id: str) -> Response:
    """One thing as a file; its name tells nothing."""
    made = found.desk.keeping.file(thing_id)
    return _attached(made.content, made.mime, f"thing.{made.ending}")


@router.post("/summary/things/{thing_id}/drop")
def drop(found: YoungPerson, thing_id: str, _form: Form) -> Response:
    """Keep it no longer."""
    found.desk.keeping.drop(thing_id)
    return go(_THINGS)


@router.post("/summary/{note_id}/keep")
def keep(request: Request, found: YoungPerson, note_id: str, form: Form) -> Response:
    """Keep a sentence, a picture or what they said; back to where it stands."""
    try:
        _keep(found, note_id, form)
    except StateError as error:
        problem = young.problem(request, found, error.sentence)
        return _list(request, found, 409, problem=problem)
    return go(_back(note_id, form))


def _keep(found: Visitor, note_id: str, form: FormData) -> None:
    room = found.desk.keeping
    if line := text(form, "line"):
        room.line(note_id, line)
    elif shown := text(form, "picture"):
        room.shared_picture(note_id, shown)
    else:
        room.said(note_id, text(form, "said"))


def _back(note_id: str, form: FormData) -> str:
    """Where they were; nothing in it but ids and a number."""
    here, step = f"/summary/{note_id}", whole(text(form, "step"))
    if said := text(form, "said"):
        return f"{here}/said/{said}"
    return f"{here}/steps/{step}" if step else here


def _list(request: Request, found: Visitor, status: int = 200, **more: object) -> Response:
    room = found.desk.keeping
    things = room.all()
    told = bool(found.desk.own_stories.all())
    known = {"things": things, "hidden": room.hidden(things), "told": told}
    return young.page(request, found, "young_things", status, **known | more)


def _attached(content: bytes, mime: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=mime, headers=headers)
