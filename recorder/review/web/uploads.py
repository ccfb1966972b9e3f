"""What scripts send in pieces, by the protocol tus; see `recorder.review.web.tus`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from recorder.errors import MediaError, StateError
from recorder.review.saying import Saying, encode_whole
from recorder.review.states import Role
from recorder.review.uploading import (
    FILE,
    PHOTO,
    VOICE,
    Asked,
    NoRoomError,
    OtherBytesError,
    Uploading,
    Writing,
)
from recorder.review.web import tus, words
from recorder.review.web.security import TUS, TooLargeError
from recorder.review.web.session import AnySender, Called, Visitor
from recorder.review.web.young import KINDS
from store.agreements import Said
from store.errors import StoreError
from store.uploads import TAKEN, Upload
from templates import recorded_keys

router = APIRouter()

PATH = "/api/uploads"
_MOMENT = 13  # digits of a time in ms
_DAY_MS = 24 * 60 * 60_000


class Standing(BaseModel):
    """How one upload stands."""

    id: str
    kind: str
    name: str
    size: int | None
    offset: int
    state: str
    made: int  # ms
    problem: str
    recording: str | None


class Underway(BaseModel):
    """All that one person has on its way, and the token that goes with their session."""

    person: str  # their id: a page that was opened by another sends nothing as theirs
    token: str
    uploads: list[Standing]


def keeps_to_it(request: Request) -> None:
    """UnreadError for a request of another version of the protocol, or of none."""
    tus.require_version(request.headers)


ByTus = Annotated[None, Depends(keeps_to_it)]


def uploading(found: Visitor) -> Uploading:
    """What this person sends."""
    choosing = None if found.desk.role is Role.YOUNG_PERSON else found.desk.young_people
    return Uploading(found.site.store, found.person, choosing, found.site.uploads)


@router.options(PATH, status_code=204)
def offer(found: AnySender) -> Response:
    """What the protocol asks first: what this server can do."""
    return Response(status_code=204, headers=tus.offering(found.site.uploads.most))


@router.get(PATH)
def underway(found: AnySender) -> Underway:
    """All that this person has on its way."""
    mine = uploading(found).all()
    return Underway(
        person=found.person.id,
        token=found.csrf,
        uploads=[standing(each) for each in mine if each.state != TAKEN],
    )


@router.get(PATH + "/{upload_id}")
def one(found: AnySender, upload_id: str) -> Standing:
    """How one stands."""
    return standing(uploading(found).get(upload_id))


@router.post(PATH, status_code=201)
def begin(request: Request, found: AnySender, _called: Called, _tus: ByTus) -> Response:
    """A new upload: 201 and where it is."""
    headers = request.headers
    size, defer = tus.number_in(headers, "upload-length"), headers.get("upload-defer-length")
    if (size is None) == (defer is None) or defer not in (None, "1"):
        raise tus.UnreadError
    if size is not None and size > found.site.uploads.most:
        return _answer(413, problem="This file is larger than is taken from a browser.")
    said = headers.get("upload-metadata", "")
    try:
        upload = _begun(found, said, size)
    except (NoRoomError, MediaError, StateError) as error:
        status = 507 if isinstance(error, NoRoomError) else 422
        return _answer(status, problem=words.sentence(error.sentence))
    return _answer(201, {"Location": f"{PATH}/{upload.id}", **_expires(found, upload)})


def _begun(found: Visitor, metadata: str, size: int | None) -> Upload:
    """What somebody begins to send; a young person, what they say of what they were shown."""
    said, mine = tus.metadata(metadata), uploading(found)
    if found.desk.role is not Role.YOUNG_PERSON:
        return mine.begin(asked_by(found, said, size), recorded_keys(), metadata)
    if said.get("kind") != VOICE:
        raise tus.UnreadError
    saying = Saying(
        KINDS.get(said.get("says", ""), ""),
        statement=said.get("about", ""),
        instead_of=said.get("instead", ""),
    )
    note, version, saying = found.desk.their_say.begun(said.get("of", ""), saying)
    return mine.begin_said(note, version, encode_whole(saying), VOICE, "")


def other_version(_request: Request, error: Exception) -> Response:
    """What is said to a request of another version: which this one is."""
    if not isinstance(error, tus.OtherVersionError):
        raise error
    return _answer(412, {"Tus-Version": TUS}, words.sentence(error.sentence))


@router.head(PATH + "/{upload_id}")
def look(found: AnySender, upload_id: str, _tus: ByTus) -> Response:
    """How many bytes of it are here."""
    upload = uploading(found).get(upload_id)
    size = (
        {"Upload-Defer-Length": "1"} if upload.size is None else {"Upload-Length": str(upload.size)}
    )
    said = upload.details.metadata
    about = {"Upload-Metadata": said} if said else {}
    return _answer(200, {"Upload-Offset": str(upload.offset), **size, **about})


@router.patch(PATH + "/{upload_id}", status_code=204)
async def more(
    request: Request, found: AnySender, _called: Called, _tus: ByTus, upload_id: str
) -> Response:
    """The bytes that come next: 204 and how many are here now, sealed and in the vault."""
    offset = tus.number_in(request.headers, "upload-offset")
    size = tus.number_in(request.headers, "upload-length")
    checksum = tus.checksum(request.headers.get("upload-checksum"))
    if offset is None:
        raise tus.UnreadError
    mine = await run_in_threadpool(uploading, found)
    try:
        writing = await run_in_threadpool(mine.writing, upload_id, offset)
        if checksum is not None:
            writing.expect(*checksum)
        await _written(request, writing)
        upload = await run_in_threadpool(_settled, mine, upload_id, size)
    except OtherBytesError as error:
        return _answer(tus.OTHER_BYTES, problem=words.sentence(error.sentence))
    except NoRoomError as error:
        return _answer(507, problem=words.sentence(error.sentence))
    return _answer(204, {"Upload-Offset": str(upload.offset), **_expires(found, upload)})


@router.delete(PATH + "/{upload_id}", status_code=204)
def remove(found: AnySender, upload_id: str, _called: Called, _tus: ByTus) -> Response:
    """Drop it, and all of it that came."""
    uploading(found).remove(upload_id)
    return _answer(204)


async def _written(request: Request, writing: Writing) -> None:
    """The body, as it comes; what came before it broke off counts."""
    try:
        async for data in request.stream():
            await run_in_threadpool(writing.feed, data)
    except (ClientDisconnect, TooLargeError):
        await run_in_threadpool(writing.break_off)
        raise
    except BaseException:
        writing.drop()
        raise
    await run_in_threadpool(writing.end)


def _settled(mine: Uploading, upload_id: str, size: int | None) -> Upload:
    """The upload as it stands once these bytes are here; taken in, if they were the last."""
    if size is not None:
        mine.say_size(upload_id, size)
    upload = mine.get(upload_id)
    if upload.size == upload.offset and upload.offset:
        try:
            mine.finish(upload_id)
        except StoreError:
            return upload  # every byte is here, and it is taken in later by itself
        return mine.get(upload_id)
    return upload


def asked_by(found: Visitor, said: dict[str, str], size: int | None) -> Asked:
    """What somebody is about to send, by what the script or form says of it.

    What goes into a note is of its young person and kind. StateError, UnknownError.
    """
    agreed = Said(*(said.get(name, "").strip() for name in ("who", "how", "when")))
    kind = said.get("kind", "")
    if kind not in {VOICE, PHOTO, FILE}:
        raise tus.UnreadError
    onto = said.get("onto", "")
    case_id, note_kind = said.get("case", ""), said.get("note", "")
    if onto:
        note = found.desk.contacts.goes_on(onto)
        case_id, note_kind = note.case_id or "", note.kind
    return Asked(
        kind=kind,
        case_id=case_id,
        note_kind=note_kind,
        name=said.get("filename", ""),
        size=size,
        made_at=_moment(said.get("modified", "")),
        others={"me": False, "others": True}.get(said.get("heard", "")),
        said=agreed,
        onto=onto,
    )


def standing(upload: Upload) -> Standing:
    """How an upload stands, for a script."""
    return Standing(
        id=upload.id,
        kind=upload.details.kind,
        name=upload.details.name,
        size=upload.size,
        offset=upload.offset,
        state=upload.state,
        made=upload.details.made_at,
        problem=upload.details.sentence,
        recording=upload.recording_id,
    )


def _moment(said: str) -> int | None:
    """When a file was made (ms); None for what is no time."""
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= _MOMENT else None


def _expires(found: Visitor, upload: Upload) -> dict[str, str]:
    """When it is removed if nobody goes on with it; a recording never is."""
    if upload.details.kind == VOICE or upload.state == TAKEN:
        return {}
    return tus.expires(upload.touched_at + found.site.uploads.days * _DAY_MS)


def _answer(
    status: int, headers: dict[str, str] | None = None, problem: str | None = None
) -> Response:
    if problem is None:
        return Response(status_code=status, headers=headers)
    return JSONResponse({"problem": problem}, status, headers)
