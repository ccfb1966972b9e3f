"""Two practitioners, each with a case and everything that an address can name, and who may ask."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
from fastapi import FastAPI
from sqlalchemy import select
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from recorder.codec import encode
from recorder.drawings import Said
from recorder.review.desk import Desk
from recorder.review.saying import NOT_RIGHT, Saying, encode_saying
from recorder.review.summary import key_of
from recorder.review.web.app import create_app
from recorder.review.web.session import STAFF_LIFE
from recorder.signin.accounts import PASSKEY
from recorder.signin.passkeys import Key
from recorder.signin.provider import Agreed, Provider
from recorder.supervising import file_away
from store.agreements import Said as Agreeing
from store.calls import UNSAFE
from store.cases import CaseDetails
from store.derived import COPY, PEAKS, POSTER, PROXY, STRAIGHTENED, THUMBNAIL, New
from store.errors import NotFoundError
from store.journal import ATTENTION, Look
from store.keepsakes import PICTURE
from store.notes import Note
from store.original import CopyDetails
from store.people import Member
from store.records import DRAFTED, Arrival, Recording
from store.store import Store, create
from store.tables import TEAM, metadata
from store.uploads import UploadDetails
from tests.databases import SqliteFiles
from tests.sharing import prepare, show_them
from transcribe.model import Contact, Draft, Origin, Segment, Source, Statement, Transcript

ADDRESS = "http://127.0.0.1"
NOBODY = "nobody"
AT = 1_762_362_300_000
_ASKING = {"links", "sessions", "challenges", "tries"}  # who is there, not what is recorded
UPLOADS = ("begun", "ended", "removed", "deleted")
_OTHER_ROLES = ("business_support", "data_protection", "administrator")


@dataclass(frozen=True, slots=True)
class Side:
    """One practitioner's: ids by the name that an address or a form has for them."""

    practitioner: str  # handles
    young_person: str
    ids: dict[str, str]


@dataclass(frozen=True, slots=True)
class World:
    """A store with both sides in it, the pages over it, and everybody's session."""

    store: Store
    app: FastAPI
    people: dict[str, Member]  # by handle
    sides: tuple[Side, Side]
    tokens: dict[str, str]  # of sessions, by handle; empty for nobody

    def another(self, handle: str) -> str:
        """A further session of somebody's, to be ended."""
        return self.store.access.begin(self.people[handle].id, STAFF_LIFE)

    def let_in_again(self) -> None:
        """New sessions for whom the last request has signed out."""
        for handle, token in list(self.tokens.items()):
            try:
                if token:
                    self.store.access.person(token, STAFF_LIFE, winds=False)
            except NotFoundError:
                self.tokens[handle] = self.another(handle)

    def rows(self, *beside: str) -> dict[str, str]:
        """A digest of each table, but for who is signed in and the tables named."""
        with self.store.database.read() as connection:
            return {
                name: hashlib.sha256(
                    repr(sorted(map(repr, connection.execute(select(table))))).encode()
                ).hexdigest()
                for name, table in metadata.tables.items()
                if name not in _ASKING | set(beside)
            }


def routes(app: FastAPI) -> list[tuple[str, str]]:
    """Method and path of everything that the app answers."""

    def found(among: object) -> list[tuple[str, str]]:
        pairs: list[tuple[str, str]] = []
        for route in among if isinstance(among, list) else []:
            if isinstance(route, Route):
                pairs += [(method, route.path) for method in route.methods or ()]
            elif isinstance(route, Mount):
                pairs.append(("GET", route.path))
            inner = getattr(getattr(route, "original_router", None), "routes", None)
            pairs += found(inner)
        return pairs

    return sorted(found(app.routes))


def build(folder: Path) -> World:
    """A new world in an empty folder."""
    store = create(SqliteFiles(folder).new(), folder / "vault", folder / "keys")
    people = [store.people.add(Member("", "supervisor", "ruth", "Ruth Adeyemi", None), "test")]
    people += [
        store.people.add(Member("", role, role, role, None), "test") for role in _OTHER_ROLES
    ]
    sides = (
        _side(store, people, ("amara", "Amara Cole"), ("jordan", "Jordan"), "EV-1001"),
        _side(store, people, ("ben", "Ben Okoro"), ("sky", "Sky"), "EV-1002"),
    )
    nobody = Provider(Agreed("x", "http://127.0.0.1:9", "x", f"{ADDRESS}/back", ADDRESS))
    app = create_app(store, team="Evolve", timezone="Europe/London", provider=nobody)
    app.state.live.close()  # so that what an open page is told ends with its first line
    tokens = {each.handle: store.access.begin(each.id, STAFF_LIFE) for each in people}
    known = {each.handle: each for each in people}
    return World(store, app, known, sides, {NOBODY: "", **tokens})


def browser(app: FastAPI) -> TestClient:
    """Keeps no cookies: each request says whose it is."""
    return TestClient(app, base_url=ADDRESS, follow_redirects=False)


def _side(
    store: Store,
    people: list[Member],
    worker: tuple[str, str],
    young: tuple[str, str],
    ref: str,
) -> Side:
    maker = store.people.add(Member("", "practitioner", *worker, None), "test")
    case = store.cases.add(CaseDetails(ref, young[1]), maker.id, "test")
    people += [maker, store.people.add(Member("", "young_person", *young, case.id), "test")]
    voice, film, waiting = (
        _recording(store, maker, case.id, *each)
        for each in (("audio", "wav", b"1"), ("video", "mov", b"2"), ("audio", "wav", b"3"))
    )
    picture, spare = (
        _recording(store, maker, case.id, "picture", "jpeg", each) for each in (b"4", b"5")
    )
    loose_voice = _recording(store, maker, None, "audio", "wav", b"6")
    note = _shared(store, people[0], maker, case.id, (voice, film, picture, spare))
    duty = store.people.add(Member("", "practitioner", f"duty-{maker.handle}", "Kim", None), "test")
    opened = store.emergencies.open(case.id, duty.id, "missing tonight", 60_000)
    store.emergencies.end(opened, duty.id)
    own, drawing = _own(store, maker)
    protector = next(each for each in people if each.role == "data_protection")
    store.redactions.open(case.id, "somebody asked", protector.id)
    path = f"{maker.handle}/{ref}/b.exe"
    store.journal.note(Look(path, case.id, maker.id, ATTENTION, 9, "not_taken", "No."))
    ids = {
        "note_id": note,
        "open": _note(store, maker, case.id, "submitted", ()),
        "own": own,
        "drawing": drawing,
        "person_id": maker.id,
        "loose": _note(store, maker, None, "draft", (loose_voice,)),
        "voice": voice.id,
        "film": film.id,
        "waiting": waiting.id,
        "agreed": _agreed(store, maker, case.id, young[1]),
        "picture": picture.id,
        "spare": spare.id,
        "case_id": case.id,
        "emergency_id": opened,
        "call_id": store.young.calls.make(people[-1].id, case.id, UNSAFE, "Please ring."),
        "said_id": _said(store, people[-1], note),
        "taken_back": _said(store, people[-1], note),
        "thing_id": _kept(store, people[-1], note, picture.id),
        "story_id": _story(store, maker, people[-1], agreed=True),
        "untold": _story(store, maker, people[-1], agreed=True),
        "asked": _story(store, maker, people[-1]),
        "dropped": _kept(store, people[-1], note, spare.id),
        "file_id": next(each.id for each in store.journal.waiting() if each.path == path),
        "key_id": _passkey(store, maker),
        **{name: _upload(store, maker, case.id) for name in UPLOADS},
    }
    return Side(maker.handle, young[0], ids)


def _recording(
    store: Store, maker: Member, case_id: str | None, kind: str, media_type: str, content: bytes
) -> Recording:
    arrival = Arrival(
        scope=case_id or TEAM,
        case_id=case_id,
        practitioner_id=maker.id,
        media_type=media_type,
        kind=kind,
        name="a",
        recorded_at=AT,
        recorded_from="file",
    )
    sealed = store.recordings.seal(arrival.scope, [maker.handle.encode() + content])
    return store.recordings.register(sealed, arrival)[0]


def _note(
    store: Store,
    maker: Member,
    case_id: str | None,
    state: str,
    recordings: tuple[Recording, ...],
    kind: str = "case_note",
) -> str:
    source = Source(recordings[0].id, 1_000, 2_500) if recordings else Source(typed_by=maker.id)
    origin = Origin.MACHINE if recordings else Origin.PRACTITIONER
    said = Statement("s1", "purpose", "We met to go over the plan.", origin, maker.name, (source,))
    well = replace(said, id="s2", section="strength", text="It went well.")
    new = Note("", case_id or TEAM, case_id, maker.id, kind, state, 0, AT, 0)
    payload = encode(Draft(kind, Contact(), (said, well)))
    with store.database.write() as connection:
        note_id = store.notes.create(connection, new, payload, None if recordings else maker.id)
        for each in recordings:
            store.recordings.advance(connection, each, DRAFTED, note_id=note_id)
    return note_id


def _agreed(store: Store, maker: Member, case_id: str, name: str) -> str:
    """A recording that the young person agreed to."""
    made = _recording(store, maker, case_id, "audio", "wav", b"8")
    store.agreements.ask(made, "test")
    said = Agreeing(name, "They said so, in person", "today")
    store.agreements.give(store.recordings.get(made.id), said, maker.id)
    return made.id


def _own(store: Store, maker: Member) -> tuple[str, str]:
    """A supervision in the practitioner's own record, and a drawing beside it."""
    new = _note(store, maker, None, "draft", (), "supervision")
    file_away(store, new)
    beside = Arrival(maker.id, None, maker.id, "jpeg", "picture", "a", AT, "file", note_id=new)
    sealed = store.recordings.seal(maker.id, [maker.handle.encode() + b"7"])
    drawing, _ = store.recordings.register(sealed, beside)
    _made(store, drawing, COPY, THUMBNAIL)
    Desk(store, maker).drawings.hang(new, 1, drawing.id, Said("A cloud."))
    return new, drawing.id


def _shared(
    store: Store,
    supervisor: Member,
    maker: Member,
    case_id: str,
    recordings: tuple[Recording, ...],
) -> str:
    """An approved note that the young person was shown, with its picture."""
    voice, film, picture, spare = recordings
    note_id = _note(store, maker, case_id, "submitted", recordings)
    heard = Transcript(
        "base", "0" * 64, "en", {}, 61_000, (Segment(0, 900, "Um, hello.", speaker="Voice 1"),)
    )
    with store.database.write() as connection:
        store.recordings.keep_transcript(connection, voice, encode(heard))
    _made(store, film, PROXY, POSTER, PEAKS)
    for each in (picture, spare):
        _made(store, each, COPY, THUMBNAIL, STRAIGHTENED)
    Desk(store, supervisor).approve(note_id, 1)
    desk = Desk(store, maker)
    offered = desk.preparing.offered(note_id)
    chosen = [key_of(each.recording) for each in offered.pictures]
    show_them(store, desk, note_id, 1, ["s1", "s2", *chosen])
    prepare(desk, note_id, 1, ["s1"])
    return note_id


def _made(store: Store, recording: Recording, *kinds: str) -> None:
    new = []
    for kind in kinds:
        sealed = store.recordings.seal(recording.scope, [kind.encode()])
        mime = "video/mp4" if kind == PROXY else "image/jpeg"
        new.append(New(kind, 1, sealed, CopyDetails.of(sealed, mime, 40, 30)))
    store.makings.keep(store.recordings.get(recording.id), new)


def _upload(store: Store, maker: Member, case_id: str) -> str:
    made = store.uploads.begin(maker.id, case_id, None, UploadDetails("voice", "", AT), most=9)
    store.uploads.keep(made.id, 0, [store.uploads.seal(made, b"begun")], most=99)
    return made.id


def _said(store: Store, young: Member, note_id: str) -> str:
    """What the young person says of a note, which waits for an answer."""
    disagrees = encode_saying(Saying(NOT_RIGHT, "It was my idea.", "s1"))
    store.notes.reply(store.notes.get(note_id), 1, young.id, disagrees)
    return store.notes.replies(note_id)[-1].id


def _kept(store: Store, young: Member, note_id: str, recording_id: str) -> str:
    """A picture that the young person keeps."""
    what = (PICTURE, recording_id, "")
    return store.young.keepsakes.keep(young.id, young.case_id or "", note_id, what)


def _story(store: Store, maker: Member, young: Member, *, agreed: bool = False) -> str:
    """A story for the wall that the young person was asked about."""
    made = store.young.stories.ask(maker.id, young.case_id or "", "Somebody went back to college.")
    if agreed:
        store.young.stories.agree(made, young.id)
    return made


def _passkey(store: Store, owner: Member) -> str:
    name = urlsafe_b64encode(owner.handle.encode()).decode().rstrip("=")
    key = msgspec.json.encode(Key(name, "", 0, "Phone"))
    store.credentials.add(owner.id, PASSKEY, key, owner.id, name)
    return store.credentials.of(owner.id)[0].id
