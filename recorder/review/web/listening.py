"""Recordings and pictures, opened piece by piece as they are played."""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from threading import Lock

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from recorder.errors import MediaError, StateError, UnknownError
from recorder.media.clip import MEDIA_TYPE
from recorder.media.film import MOST_POSTERS
from recorder.media.index import Insert, Spliced, index_of, unpacked
from recorder.media.readable import BytesReadable, Readable
from recorder.media.sniff import TYPES
from recorder.review.web.served import Served
from recorder.review.web.session import AnyStaff, Form, Visitor, go, number, text, whole
from store.derived import COPY, PEAKS, POSTER, PROXY, STRAIGHTENED, THUMBNAIL
from store.records import QUARANTINED, Recording

router = APIRouter()

_PIECE = 256 * 1024  # bytes in memory at a time
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_POSTERS = {str(number) for number in range(1, MOST_POSTERS + 1)}
PLAYED_BY = {"audio", "video", "empty", "document"}
_LOOKED_AT_BY = {"image", "empty", "document"}
"""What a browser may fetch these for. Programs that do not say are let through."""


@router.get("/recordings/{recording_id}")
def recording_page(found: AnyStaff, recording_id: str, words: str = "", who: str = "") -> Response:
    """One recording with what was heard in it, or what was made of it.

    `words` is the place of a segment that is to be put right, `who` of one to be given to somebody.
    """
    return recording_with(found, recording_id, whole(words), who=whole(who))


@router.post("/recordings/{recording_id}/words")
def put_right(found: AnyStaff, recording_id: str, form: Form) -> Response:
    """Other words for a segment; or the page again with what was typed, and why."""
    place, typed = whole(text(form, "place")), text(form, "text-words")
    if place is None:
        raise UnknownError
    try:
        found.desk.transcripts.put_right(recording_id, number(form), place, typed)
    except StateError as error:
        return recording_with(found, recording_id, place, 409, problem=error.sentence, typed=typed)
    return go(f"/recordings/{recording_id}#w{place}")


def recording_with(
    found: Visitor, recording_id: str, place: int | None, status: int = 200, **problem: object
) -> Response:
    """A recording's page, with what else is to be said on it."""
    media = found.desk.media(recording_id)
    if media.recording.id != recording_id:
        return go(f"/recordings/{media.recording.id}")  # a part of it
    files = [media.recording, *(found.desk.recording(each) for each, _ in media.film.files[1:])]
    copies = found.desk.gallery.of_all(files)
    aside = media.recording.reason if media.recording.state == QUARANTINED else None
    return found.page(
        "recording",
        status,
        recording=media.recording,
        why=found.site.explain(aside) if aside else "",
        media=media,
        spoken=found.desk.transcripts.of(recording_id),
        voices=found.desk.naming.of(recording_id),
        place=place,
        copies=copies,
        failed={
            id_: found.site.explain(each.failed) for id_, each in copies.items() if each.failed
        },
        **problem,
    )


@router.get("/recordings/{recording_id}/media")
def media(request: Request, found: AnyStaff, recording_id: str) -> Response:
    """The original sound or video, whole or by range."""
    fetched_for(request, PLAYED_BY)
    with playing(request, found, recording_id) as going_on:
        recording, reader = found.desk.play(recording_id, going_on=going_on)
    if recording.kind == "picture":
        raise UnknownError
    return ranged(request, found, recording_id, reader, media_type_of(recording))


@router.get("/notes/{note_id}/sentences/{statement_id}/sound")
def sentence(
    request: Request, found: AnyStaff, note_id: str, statement_id: str, version: str = ""
) -> Response:
    """One sentence's sound, cut out of a recording in which others are heard; whole or by range."""
    fetched_for(request, PLAYED_BY)
    place = f"{note_id} {statement_id}"
    with playing(request, found, place) as going_on:
        clip, made = found.desk.clips.sound(
            note_id, whole(version) or 0, statement_id, going_on=going_on
        )
    return ranged(request, found, clip.id, BytesReadable(made), MEDIA_TYPE)


@router.get("/recordings/{recording_id}/film")
def proxy(request: Request, found: AnyStaff, recording_id: str) -> Response:
    """The version of a film that every browser plays, whole or by range."""
    fetched_for(request, PLAYED_BY)
    with playing(request, found, recording_id) as going_on:
        made, reader = found.desk.gallery.open(recording_id, PROXY, going_on=going_on)
    indexes: Indexes = request.app.state.indexes
    whole_film = indexes.with_one(made.id, reader, lambda: found.desk.gallery.index(recording_id))
    return ranged(request, found, recording_id, whole_film, made.details.media_type)


@router.get("/recordings/{recording_id}/poster/{number}")
def poster(request: Request, found: AnyStaff, recording_id: str, number: str) -> Response:
    """A frame of a film."""
    fetched_for(request, _LOOKED_AT_BY)
    if number not in _POSTERS:
        raise UnknownError
    with playing(request, found, recording_id) as going_on:
        made, reader = found.desk.gallery.open(recording_id, POSTER, int(number), going_on=going_on)
    return Response(reader.read(0, reader.size), media_type=made.details.media_type)


@router.get("/recordings/{recording_id}/peaks")
def peaks(request: Request, found: AnyStaff, recording_id: str) -> Response:
    """How loud it is from moment to moment, to draw it by; nothing where that is not known.

    It says nothing of what was said, so to have it is no playing.
    """
    fetched_for(request, {"empty"})
    copies = found.desk.gallery.of(found.desk.recording(recording_id))
    if copies.first(PEAKS) is None:
        return Response(status_code=204)
    made, reader = found.desk.gallery.open(recording_id, PEAKS, going_on=True)
    return Response(reader.read(0, reader.size), media_type=made.details.media_type)


@router.get("/recordings/{recording_id}/picture")
def picture(request: Request, found: AnyStaff, recording_id: str) -> Response:
    """A clean copy of a picture, without what the camera wrote into it."""
    return _picture(request, found, recording_id, COPY)


@router.get("/recordings/{recording_id}/thumbnail")
def thumbnail(request: Request, found: AnyStaff, recording_id: str) -> Response:
    """A small one."""
    return _picture(request, found, recording_id, THUMBNAIL)


@router.get("/recordings/{recording_id}/straightened")
def straightened(request: Request, found: AnyStaff, recording_id: str) -> Response:
    """The page alone, cut out and straightened; the whole picture where there is none."""
    return _picture(request, found, recording_id, STRAIGHTENED)


@router.post("/recordings/{recording_id}/copies")
def make_again(found: AnyStaff, recording_id: str, form: Form) -> Response:  # noqa: ARG001 - the form carries the token
    """Have it made again what could not be made, or does not open."""
    found.desk.gallery.make_again(recording_id)
    return go(f"/recordings/{recording_id}")


def _picture(request: Request, found: Visitor, recording_id: str, kind: str) -> Response:
    fetched_for(request, _LOOKED_AT_BY)
    with playing(request, found, recording_id) as going_on:
        jpeg = found.desk.gallery.picture(recording_id, kind, going_on=going_on)
    return Response(jpeg, media_type="image/jpeg")


class Indexes:
    """The indexes of films that are played, which are handed out with them: see `media.index`."""

    _MOST = 64

    def __init__(self) -> None:
        self._known: OrderedDict[str, Insert | None] = OrderedDict()
        self._lock = Lock()

    def with_one(self, made_id: str, film: Readable, kept: Callable[[], bytes | None]) -> Readable:
        """A film that a browser finds its way about in; as it is, if there is no index to be made.

        `kept` gives the index that was made with it; it is worked out for a film from before that.
        """
        with self._lock:  # once, however many pieces are asked for at the same time
            if made_id not in self._known:
                there = kept()
                self._known[made_id] = _index_of(film) if there is None else unpacked(there)
            self._known.move_to_end(made_id)
            while len(self._known) > self._MOST:
                self._known.popitem(last=False)
            found = self._known[made_id]
        return film if found is None else Spliced(film, found)


def _index_of(film: Readable) -> Insert | None:
    with suppress(MediaError):  # then it plays as it is, and slowly finds its middle
        return index_of(film)
    return None


class Playing:
    """Remembers what is being played, so that one playing is one event in the audit log.

    A browser fetches a recording in many pieces; each would be an event of its own.
    """

    _SECONDS = 60.0
    _MOST = 1000

    def __init__(self) -> None:
        self._seen: OrderedDict[tuple[str, str], float] = OrderedDict()
        self._lock = Lock()

    def goes_on(self, session: str, recording_id: str) -> bool:
        """Whether this session had a piece of this recording a moment ago."""
        with self._lock:
            before = self._seen.get((session, recording_id))
        return before is not None and time.monotonic() - before < self._SECONDS

    def heard(self, session: str, recording_id: str) -> None:
        """This session is getting a piece now."""
        with self._lock:
            self._seen[session, recording_id] = time.monotonic()
            self._seen.move_to_end((session, recording_id))
            while len(self._seen) > self._MOST:
                self._seen.popitem(last=False)


@contextmanager
def playing(request: Request, found: Visitor, recording_id: str) -> Iterator[bool]:
    """Whether what is opened inside goes on from a moment ago; it is remembered if that went well."""
    remembered: Playing = request.app.state.playing
    yield remembered.goes_on(found.csrf, recording_id)
    remembered.heard(found.csrf, recording_id)


def fetched_for(request: Request, allowed: set[str]) -> None:
    """UnknownError if a browser asks for it to do something else with it."""
    if request.headers.get("sec-fetch-dest", "empty") not in allowed:
        raise UnknownError


def media_type_of(recording: Recording) -> str:
    """As HTTP calls it."""
    known = TYPES.get(recording.media_type)
    return known.mime if known else "application/octet-stream"


def ranged(
    request: Request, found: Visitor, recording_id: str, reader: Readable, media_type: str
) -> Response:
    """What was asked for, in one part; the whole when several or something unknown was asked."""
    served: Served = request.app.state.served
    sent = partial(served.sent, found.csrf, recording_id, reader.size)
    asked = request.headers.get("range")
    headers = {"Accept-Ranges": "bytes", "Content-Disposition": "inline"}
    match = _RANGE.fullmatch(asked or "")
    if match is None or match.groups() == ("", ""):
        headers["Content-Length"] = str(reader.size)
        return StreamingResponse(
            _pieces(reader, 0, reader.size, sent), headers=headers, media_type=media_type
        )
    start, end = _bounds(match[1], match[2], reader.size)
    if start >= end:
        headers["Content-Range"] = f"bytes */{reader.size}"
        return Response(status_code=416, headers=headers)
    headers["Content-Range"] = f"bytes {start}-{end - 1}/{reader.size}"
    headers["Content-Length"] = str(end - start)
    return StreamingResponse(
        _pieces(reader, start, end, sent), status_code=206, headers=headers, media_type=media_type
    )


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    """Start and end (after the last byte) of a range as HTTP writes it."""
    if not first:
        return max(size - int(last), 0), size
    return int(first), min(int(last) + 1, size) if last else size


def _pieces(
    reader: Readable, start: int, end: int, sent: Callable[[int, int], None]
) -> Iterator[bytes]:
    for offset in range(start, end, _PIECE):
        piece = reader.read(offset, min(_PIECE, end - offset))
        sent(offset, offset + len(piece))
        yield piece
