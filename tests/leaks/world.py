"""A home in which everything that anybody said, wrote or was called carries a mark.

Each word of each canary carries it, so that half a name is found as well as a whole one.
"""

from __future__ import annotations

import io
import itertools
import wave
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from recorder.codec import encode
from recorder.home import Home, create_home
from recorder.review.desk import Desk
from store.cases import Around, Case, CaseDetails
from store.journal import ATTENTION, Look
from store.notes import Note
from store.people import Member
from store.records import Arrival, Recording
from store.tables import TEAM
from tests.databases import Server
from tests.leaks.needles import Needles
from tests.sharing import show_them
from transcribe.model import (
    Action,
    Contact,
    Draft,
    LeftOut,
    Origin,
    Segment,
    Source,
    Statement,
    Transcript,
)

MARK = "zyqvaxun"
MARKED = Needles([MARK])
PASSPHRASE = f"open {MARK} sesame {MARK}"
CASES, STAFF, NOTES = 30, 20, 40
AWKWARD = ("“{}”", '"{}"', "{}’s", "<b>{}</b>", "{}\\{}", "{};--", "Zoë{}", "{}\n{}")
"""What a careless program would trip over."""


@dataclass
class Canaries:
    """Makes words that stand nowhere else, and knows them all."""

    made: set[str] = field(default_factory=set)
    _count: itertools.count[int] = field(default_factory=itertools.count)

    def word(self, ending: str = "") -> str:
        """One word, fit for a folder."""
        return self._kept(f"{MARK}{next(self._count)}{ending}")

    def name(self) -> str:
        """A first name and a last name."""
        number = next(self._count)
        return self._kept(f"Thad{MARK}{number} O’Wyrm{MARK}{number}")

    def phrase(self) -> str:
        """Some words, and something awkward around one of them."""
        number = next(self._count)
        awkward = AWKWARD[number % len(AWKWARD)].format(*[f"{MARK}{number}"] * 2)
        return self._kept(f"{MARK}a{number} {awkward} {MARK}z{number}")

    def _kept(self, text: str) -> str:
        self.made.add(text)
        return text


@dataclass
class World:
    """An open home with the people around it."""

    home: Home
    canaries: Canaries
    tmp: Path  # beside the home; nothing may be left here
    server: Callable[[], Server]  # a PostgreSQL, for who asks

    @property
    def practitioner(self) -> Member:
        return self._first("practitioner")

    @property
    def supervisor(self) -> Member:
        return self._first("supervisor")

    @property
    def case(self) -> Case:
        return self.home.store.cases.all()[0]

    @property
    def note(self) -> Note:
        """A draft on a case."""
        return self.home.store.notes.all("draft", case_id=self.case.id)[0]

    @property
    def recording(self) -> Recording:
        return self.home.store.recordings.all()[0]

    @property
    def desk(self) -> Desk:
        """The practitioner's."""
        return Desk(self.home.store, self.practitioner)

    def file(self, content: bytes, ending: str = "") -> Path:
        """A file in the intake folder, whose path is all canaries."""
        folder = self.home.settings.intake / self.canaries.word() / self.canaries.word()
        folder.mkdir(parents=True)
        path = folder / self.canaries.word(ending)
        path.write_bytes(content)
        return path

    def register(self, content: bytes, media_type: str = "wav", kind: str = "audio") -> Recording:
        """A recording of the case with this content."""
        return register(self.home, self.case, content, self.canaries.word(), media_type, kind)

    def _first(self, role: str) -> Member:
        return self.home.store.people.all(role)[0]


def build(folder: Path, canaries: Canaries) -> None:
    """A home in `folder`, filled with canaries and closed again."""
    home = create_home(folder)
    store = home.store
    workers = [_person(home, canaries, "practitioner") for _ in range(STAFF)]
    supervisor = _person(home, canaries, "supervisor")
    lines = ("[note_types]", 'case_note = "EVOLVECASENOTE"', "[workers]")
    named = (f'"{each.handle}" = "{each.username}"' for each in workers)
    home.settings.mosaic.write_text("\n".join((*lines, *named)), encoding="utf-8")
    cases = [_case(home, canaries, workers[0], number) for number in range(CASES)]
    for case in cases[: CASES // 2]:
        _person(home, canaries, "young_person", case)
    for number in range(NOTES):
        _note(home, canaries, cases[number % CASES], workers[0], supervisor, number)
    for number in range(10):
        path = f"{canaries.word()}/{canaries.word()}/{canaries.word('.txt')}"
        look = Look(path, TEAM, None, ATTENTION, 7, "not_taken", canaries.phrase())
        store.journal.note(look)
        store.holds.place(cases[-1 - number].id, canaries.phrase(), "console")
    home.close()


def register(
    home: Home, case: Case, content: bytes, name: str, media_type: str = "wav", kind: str = "audio"
) -> Recording:
    """A recording of `case`, sealed as intake would."""
    arrival = Arrival(
        scope=case.id,
        case_id=case.id,
        practitioner_id=case.practitioner_id,
        media_type=media_type,
        kind=kind,
        name=name,
        recorded_at=1_762_362_300_000,
        recorded_from="file",
    )
    return home.store.recordings.register(home.store.recordings.seal(case.id, [content]), arrival)[
        0
    ]


def wav(comment: str, seconds: float = 0.1) -> bytes:
    """Silence, with a comment among its chunks as recorders write them."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(bytes(2 * int(16_000 * seconds)))
    body = out.getvalue()[8:] + _comment(comment)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _comment(text: str) -> bytes:
    raw = text.encode() + b"\0"
    raw += bytes(len(raw) % 2)
    inner = b"INFOICMT" + len(raw).to_bytes(4, "little") + raw
    return b"LIST" + len(inner).to_bytes(4, "little") + inner


def _person(home: Home, canaries: Canaries, role: str, case: Case | None = None) -> Member:
    case_id = None if case is None else case.id
    made = Member("", role, canaries.word(), canaries.name(), case_id, canaries.word()[:30])
    return home.store.people.add(made, "console")


def _case(home: Home, canaries: Canaries, worker: Member, number: int) -> Case:
    around = (Around(canaries.name(), "parent"), Around(canaries.name(), "peer"))
    mosaic = "" if number % 8 == 2 else f"{900_000 + number}"  # without it, an export is refused
    details = CaseDetails(canaries.word(), canaries.name(), mosaic, around)
    return home.store.cases.add(details, worker.id, "console")


def _note(
    home: Home,
    canaries: Canaries,
    case: Case,
    worker: Member,
    supervisor: Member,
    number: int,
) -> None:
    """A voice note, heard and drafted; every fourth returned, every fourth approved and answered."""
    voice = register(home, case, wav(canaries.phrase()) + bytes([number]), canaries.word(".wav"))
    store = home.store
    heard = Transcript("base", "0" * 64, "en", {}, 1, (Segment(0, 1, canaries.phrase()),))
    with store.database.write() as connection:
        new = Note("", case.id, case.id, worker.id, "case_note", "draft", 0, number * 1000, 0)
        note_id = store.notes.create(connection, new, encode(_draft(canaries, voice.id)), None)
        store.recordings.keep_transcript(connection, voice, encode(heard))
        store.recordings.advance(connection, voice, "drafted", note_id=note_id)
    own, theirs = Desk(store, worker), Desk(store, supervisor)
    if number % 4 in (1, 2):
        own.submit(note_id, 1)
    if number % 4 == 1:
        theirs.return_(note_id, 1, canaries.phrase())
    if number % 4 == 2:
        theirs.approve(note_id, 1)
        show_them(store, own, note_id, 1, ["s1"])
        young = store.people.of_case(case.id)
        if young is not None:
            Desk(store, young).reply(note_id, canaries.phrase())


def _draft(canaries: Canaries, recording: str) -> Draft:
    def said(key: str, section: str, text: str) -> Statement:
        source = Source(recording, 0, 1)
        return Statement(key, section, text, Origin.MACHINE, canaries.name(), (source,))

    return Draft(
        kind="case_note",
        contact=Contact(place=canaries.phrase(), present=(canaries.name(),)),
        statements=(
            # Plain, or it would not be offered to the young person.
            said("s1", "purpose", f"we met at the {canaries.word()}."),
            said("s2", "what_happened", canaries.phrase()),
            said("s3", "worry", canaries.phrase()),
        ),
        actions=(Action(canaries.phrase(), canaries.name(), None),),
        quotes=(canaries.phrase(),),
        left_out=(LeftOut(canaries.phrase(), "small talk"),),
    )
