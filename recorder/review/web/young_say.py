"""What a young person says of what they were shown: typed, spoken or drawn, said anew, taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from recorder.errors import StateError, UnknownError
from recorder.media.sniff import TYPES
from recorder.review.saying import Saying, encode_whole
from recorder.review.uploading import FILE, MOST_SAID, PHOTO, NoRoomError
from recorder.review.web import young
from recorder.review.web.sent_whole import Sent, sent
from recorder.review.web.session import Form, Visitor, YoungPerson, go, text
from recorder.review.web.summaries import shown
from recorder.review.web.uploads import uploading
from store.age import Reader
from store.uploads import Upload

router = APIRouter()

_LAST = "last"  # in an address: what they said last
_BLOCK = 256 * 1024  # bytes given out at a time
_TOO_LARGE = "this is larger than is taken in one go"


def asked_for(about: str = "", kind: str = "add", instead: str = "") -> dict[str, str]:
    """What a page to say something is about, by its address: sentence, kind, what it stands for."""
    return {"about": about, "kind": kind, "instead": instead}


Asked = Annotated[dict[str, str], Depends(asked_for)]


@router.get("/summary/{note_id}/say")
def choose(request: Request, found: YoungPerson, note_id: str, about: str = "") -> Response:
    """What they can say, of all of it or of one sentence."""
    return _page(request, found, "young_say", note_id, {"about": about})


@router.get("/summary/{note_id}/reply")
def type_page(request: Request, found: YoungPerson, note_id: str, asked: Asked) -> Response:
    """To type it."""
    return _page(request, found, "young_type", note_id, asked)


@router.post("/summary/{note_id}/reply")
def reply(request: Request, found: YoungPerson, note_id: str, form: Form) -> Response:
    """Keep their words beside it, as they wrote them."""
    fields = {name: text(form, name) for name in ("about", "kind", "instead")}
    words = text(form, "text-reply")
    try:
        said_id = found.desk.their_say.say(note_id, _saying(fields, words))
    except StateError as error:
        problem = young.problem(request, found, error.sentence)
        more = {"problem": problem, "typed": words}
        return _page(request, found, "young_type", note_id, fields, 422, **more)
    return go(f"/summary/{note_id}/said/{said_id}")


@router.get("/summary/{note_id}/voice")
def voice_page(request: Request, found: YoungPerson, note_id: str, asked: Asked) -> Response:
    """To say it out loud."""
    return _page(request, found, "young_voice", note_id, asked)


@router.get("/summary/{note_id}/draw")
def draw_page(request: Request, found: YoungPerson, note_id: str, asked: Asked) -> Response:
    """To draw it."""
    return _page(request, found, "young_draw", note_id, asked)


@router.post("/send/said/{note_id}")
async def send(request: Request, found: YoungPerson, note_id: str) -> Response:
    """A drawing, or a recording that they have, from a form alone."""
    mine = await run_in_threadpool(uploading, found)

    def begin(fields: Mapping[str, str], name: str, filename: str) -> Upload:
        said = _saying(fields, fields.get("text-words", ""))
        note, version, said = found.desk.their_say.begun(note_id, said)
        kind = FILE if name == "sound" else PHOTO
        return mine.begin_said(note, version, encode_whole(said), kind, filename)

    came = await sent(request, found, mine, begin, MOST_SAID, _TOO_LARGE)
    return await run_in_threadpool(_sent, request, found, note_id, came)


def _sent(request: Request, found: Visitor, note_id: str, came: Sent) -> Response:
    if came.problem is None and came.files:
        return go(f"/summary/{note_id}/said/{_LAST}")
    fields = {name: came.fields.get(name, "") for name in ("about", "kind", "instead")}
    t = young.tongue_of(request, found)
    name = _why_not(came)
    by_voice = came.fields.get("by") == "voice"
    more: dict[str, object] = {"problem": t(name), "typed": came.fields.get("text-words", "")}
    template = "young_voice" if by_voice else "young_draw"
    return _page(request, found, template, note_id, fields, 422, **more)


def _why_not(came: Sent) -> str:
    """The sentence about what was not taken, by its name in language files."""
    if not came.files or came.problem is None:
        return "problem_no_file"
    if isinstance(came.problem, NoRoomError):
        return "problem_room"
    large = came.problem.sentence.startswith(_TOO_LARGE)
    return "problem_large" if large else "problem_kind"


# --- what they said ---


@router.get("/summary/{note_id}/said/{said_id}")
def said_page(request: Request, found: YoungPerson, note_id: str, said_id: str) -> Response:
    """One thing that they said, with what was answered."""
    if said_id == _LAST:
        newest = [own.said.id for own in found.desk.their_say.of(note_id)][:1]
        return go(f"/summary/{note_id}/said/{newest[0]}" if newest else f"/summary/{note_id}")
    return _said(request, found, note_id, said_id)


@router.get("/summary/{note_id}/said/{said_id}/picture")
def picture(found: YoungPerson, note_id: str, said_id: str) -> Response:
    """What they drew."""
    return Response(found.desk.their_say.picture(note_id, said_id), media_type="image/jpeg")


@router.get("/summary/{note_id}/said/{said_id}/sound")
def sound(found: YoungPerson, note_id: str, said_id: str) -> Response:
    """What they recorded."""
    recording, reader = found.desk.their_say.sound(note_id, said_id)
    mime = TYPES[recording.media_type].mime
    length = {"Content-Length": str(reader.size)}
    return StreamingResponse(_blocks(reader), media_type=mime, headers=length)


@router.post("/summary/{note_id}/said/{said_id}/back")
def take_back(
    request: Request, found: YoungPerson, note_id: str, said_id: str, _form: Form
) -> Response:
    """They do not say it any more."""
    change = found.desk.their_say.take_back
    return _changed(request, found, (note_id, said_id), change) or go(f"/summary/{note_id}")


@router.post("/summary/{note_id}/said/{said_id}/words")
def agree(
    request: Request, found: YoungPerson, note_id: str, said_id: str, _form: Form
) -> Response:
    """The words that were heard are theirs."""
    refused = _changed(request, found, (note_id, said_id), found.desk.their_say.agree)
    return refused or go(f"/summary/{note_id}/said/{said_id}")


# --- within ---


def _changed(
    request: Request, found: Visitor, said: tuple[str, str], change: Callable[[str, str], object]
) -> Response | None:
    """Change what they said, by the ids of note and saying; the page with why, where it cannot be."""
    try:
        change(*said)
    except StateError as error:
        problem = young.problem(request, found, error.sentence)
        return _said(request, found, *said, 409, problem=problem)
    return None


def _saying(fields: Mapping[str, str], words: str) -> Saying:
    """What a form says; words alone are something more. UnknownError."""
    kind = young.KINDS.get(fields.get("kind", "") or "add")
    if kind is None:
        raise UnknownError
    return Saying(kind, words, fields.get("about", ""), instead_of=fields.get("instead", ""))


def _page(
    request: Request,
    found: Visitor,
    name: str,
    note_id: str,
    fields: Mapping[str, str],
    status: int = 200,
    **more: object,
) -> Response:
    """A page on which something is said; UnknownError for what is not theirs to speak of."""
    summary, room = shown(found, note_id), found.desk.their_say
    _, _, saying = room.begun(note_id, _saying(fields, ""))
    known = {
        "about": saying.statement,
        "kind": young.NAMES[saying.kind],
        "instead": saying.instead_of,
    }
    before = room.one(note_id, saying.instead_of).said.saying.words if saying.instead_of else ""
    line = next((each for each in summary.lines if each.id == saying.statement), None)
    values: dict[str, object] = {"summary": summary, "fields": known, "line": line}
    return young.page(request, found, name, status, **values | {"typed": before} | more)


def _said(
    request: Request,
    found: Visitor,
    note_id: str,
    said_id: str,
    status: int = 200,
    **more: object,
) -> Response:
    summary, own = shown(found, note_id), found.desk.their_say.one(note_id, said_id)
    ids = [line.id for part in young.parts(summary) for line in part.lines]
    about = own.said.saying.statement
    onward = ids.index(about) + 2 if about in ids else None
    kept = found.desk.keeping.kept(note_id)
    values = {"summary": summary, "own": own, "onward": onward, "kept": kept}
    return young.page(request, found, "young_said", status, **values | more)


def _blocks(reader: Reader) -> Iterator[bytes]:
    for start in range(0, reader.size, _BLOCK):
        yield reader.read(start, _BLOCK)
