"""A store in which every word that a page shows is the same words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from importlib import resources
from pathlib import Path

import msgspec

from recorder.codec import encode
from recorder.drawings import MAX_CAPTION, MAX_NAME
from recorder.drawings import Said as Drawn
from recorder.export import codes
from recorder.export.offering import Deciding
from recorder.intake import letters
from recorder.review.desk import Desk
from recorder.review.prepared import SHARED
from recorder.review.saying import NOT_RIGHT, Saying, encode_saying
from recorder.review.summary import key_of
from recorder.signin.accounts import PASSKEY
from recorder.signin.passkeys import Key
from recorder.supervising import file_away
from store.agreements import Said
from store.calls import UNSAFE
from store.cases import Around, Case, CaseDetails
from store.derived import COPY, STRAIGHTENED, THUMBNAIL, New
from store.journal import ATTENTION, LEFT_OUT, SETTLING, Look
from store.keepsakes import PICTURE, WORDS
from store.notes import Note
from store.original import CopyDetails
from store.outward import BEGUN, MADE_SURE, Offering, Passing
from store.outward import LEFT as GONE
from store.people import Member
from store.records import AGREEMENT_NEEDED, DRAFTED, Arrival, Recording
from store.store import Store
from store.tables import TEAM
from tests.sharing import prepare
from transcribe.corrected import Correction
from transcribe.model import (
    Action,
    Check,
    Confirmed,
    Contact,
    Described,
    Draft,
    LeftOut,
    Origin,
    Reworded,
    Segment,
    Source,
    Statement,
    Transcript,
    Word,
)

_SECTIONS = ("purpose", "young_person_words", "what_happened", "strength", "worry", "action")
_KIND = "case_note"
_PLAIN = 20  # characters: no longer than that, and the words are of no attack
_AT = 1_762_362_300_000  # when each contact was


def _origin(section: str) -> Origin:
    """Whose a sentence is: one is somebody's who looked at it, so that it may be prepared."""
    return Origin.PRACTITIONER if section == "young_person_words" else Origin.MACHINE


def drawing_of(desk: Desk, note: Note) -> list[str]:
    """Ids of the drawings beside a supervision, in their order."""
    return [each.drawing.recording for each in desk.drawings.of(note.id).shown]


def give_codes(world: Scripted, folder: Path) -> None:
    """What a council calls our kinds of note and this world's staff in its Mosaic."""
    ours = (resources.files("recorder.sample") / "mosaic.toml").read_text("utf-8")
    staff = (world.practitioner, world.supervisor, world.colleague)
    lines = [f'"{each.handle}" = "user{number}"' for number, each in enumerate(staff)]
    path = folder / "mosaic.toml"
    path.write_text("\n".join((ours, *lines)), encoding="utf-8")
    codes.use(path)


class Scripted:
    """One young person's notes, recordings and files, and the people who can sign in."""

    def __init__(self, store: Store, words: str) -> None:
        self.store, self.words = store, words
        self.practitioner = self._person("practitioner")
        self.supervisor = self._person("supervisor")
        self.data_protection = self._person("data_protection")
        self.administrator = self._person("administrator")
        self.case = self._case()
        self.young_person = self._person("young_person", self.case.id)
        self.voice, self.picture = self._voice(self.case.id), self._picture()
        self.pending = self._file("video", b"waits")
        self.unagreed = self._file("video", b"must not be heard")
        self.note = self._note(self.case.id, self.voice, self.picture)
        self.shared = self._note(self.case.id, self._picture(b" shared"))
        self.returned = self._note(self.case.id)
        self.pasted = self._note(self.case.id, kind="return_home_interview")
        self.loose = self._note(None, self._voice(None))
        self.together = self._note(self.case.id, kind="supervision")
        self.own, self.drawing = self._own()
        self.stopped = self._note(self.case.id, stands=False)
        self._decide()
        self._files()
        broke_in = self._person("business_support")
        self.colleague = self._person("practitioner", more=" 2")
        self.team = store.teams.add(words, [self.practitioner.id, self.supervisor.id], "test")
        store.circles.name(self.case.id, self.colleague.id, "test")
        store.redactions.open(self.case.id, words, self.data_protection.id)
        self.emergency = store.emergencies.open(self.case.id, broke_in.id, words, 3_600_000)

    def _person(self, role: str, case_id: str | None = None, more: str = "") -> Member:
        # A handle is a folder's name and what people sign in by: each of its own.
        member = Member("", role, f"{role}{more} {self.words}", self.words, case_id, self.words)
        found = self.store.people.add(member, "test")
        if case_id is None:
            key = msgspec.json.encode(Key(role + more, "", 0, self.words))
            self.store.credentials.add(found.id, PASSKEY, key, found.id, role + more)
        return found

    def _case(self) -> Case:
        around = (Around(self.words, "family"), Around(self.words, self.words))
        there = self.words if len(self.words) > _PLAIN else "900001"  # what Mosaic would take
        details = CaseDetails(self.words, self.words, there, around, (self.words,))
        return self.store.cases.add(details, self.practitioner.id, "test")

    def _file(self, kind: str, content: bytes, case_id: str | None = "") -> Recording:
        case_id = self.case.id if case_id == "" else case_id
        scope = TEAM if case_id is None else case_id
        media = {"audio": "wav", "video": "mp4", "picture": "jpeg"}[kind]
        maker = self.practitioner.id
        arrival = Arrival(scope, case_id, maker, media, kind, self.words, _AT, "file")
        sealed = self.store.recordings.seal(scope, [content])
        return self.store.recordings.register(sealed, arrival)[0]

    def _voice(self, case_id: str | None) -> Recording:
        made, words = self._file("audio", b"sound", case_id), self.words
        heard = Word(0, 900, words, 0.1, heard=words, perhaps=words)
        lines = (
            Segment(0, 900, words, words, 0.1, (heard,)),
            Segment(1_000, 2_500, words, "Speaker 2", 0.9),
            Segment(3_000, 4_500, "Misheard.", "Speaker 2", 0.9),
        )
        said = Transcript(words, "0" * 64, "en", {words: words}, 61_000, lines, ((5_000, 6_000),))
        with self.store.database.write() as connection:
            self.store.recordings.keep_transcript(connection, made, encode(said))
        by = self.supervisor.id
        made_right = (
            Correction(2, words, by, _AT),
            Correction(1, None, by, _AT, words, every=True),
        )
        for number, each in enumerate(made_right, start=1):
            self.store.corrections.add(made, number, encode(each), by)
        return made

    def _picture(self, more: bytes = b"") -> Recording:
        jpeg = (resources.files("recorder.sample") / "drawing.jpg").read_bytes()
        found = self._file("picture", jpeg + more)
        new = []
        for kind in (COPY, THUMBNAIL, STRAIGHTENED):
            sealed = self.store.recordings.seal(found.scope, [jpeg])
            read = self.words if kind == COPY else ""
            new.append(New(kind, 1, sealed, CopyDetails.of(sealed, "image/jpeg", 40, 30, read)))
        self.store.makings.keep(found, new)
        return found

    def _note(
        self, case_id: str | None, *recordings: Recording, kind: str = _KIND, stands: bool = True
    ) -> Note:
        scope, maker = case_id or TEAM, self.practitioner.id
        new = Note("", scope, case_id, maker, kind, "draft", 0, _AT, 0)
        with self.store.database.write() as connection:
            payload = encode(replace(self._draft(recordings, stands=stands), kind=kind))
            note_id = self.store.notes.create(connection, new, payload, None)
            for each in recordings:
                self.store.recordings.advance(connection, each, DRAFTED, note_id=note_id)
        return self.store.notes.get(note_id)

    def _own(self) -> tuple[Note, Recording]:
        """A supervision in the practitioner's own record, and one of the drawings beside it."""
        note = self._note(None, kind="supervision")
        file_away(self.store, note.id)
        desk, words = Desk(self.store, self.practitioner), self.words
        said = Drawn(words[:MAX_CAPTION], made_by=words[:MAX_NAME])
        for number in (1, 2, 3, 4):
            jpeg = (
                resources.files("recorder.sample") / "drawing.jpg"
            ).read_bytes() + b"%d" % number
            scope = self.practitioner.id
            sealed = self.store.recordings.seal(scope, [jpeg])
            beside = Arrival(
                *(scope, None, scope, "jpeg", "picture", self.words, _AT, "file"), note_id=note.id
            )
            drawing, _ = self.store.recordings.register(sealed, beside)
            if number < 4:
                desk.drawings.hang(note.id, number, drawing.id, said)
        desk.drawings.take_out(note.id, 4, drawing_of(desk, note)[-1], words[:MAX_CAPTION])
        return self.store.notes.get(note.id), self.store.recordings.get(drawing_of(desk, note)[0])

    def _draft(self, recordings: Sequence[Recording], *, stands: bool) -> Draft:
        words, ids = self.words, [each.id for each in recordings]
        source = Source(ids[0], 1_000, 2_500) if ids else Source(typed_by=self.practitioner.id)
        answer = Confirmed(self.supervisor.id, words, words) if stands else None
        checks = (
            Check("unclear", "look", words, None, words),
            Check("harm", "block", words, answer, words),
        )
        statements = tuple(
            Statement(f"s{place}", section, words, _origin(section), words, (source,), checks)
            for place, section in enumerate(_SECTIONS)
        )
        return Draft(
            kind=_KIND,
            contact=Contact(date(2025, 11, 5), method=words, place=words, present=(words,)),
            statements=statements,
            actions=(Action(words, words, date(2025, 11, 9), (source,)),),
            quotes=(words,),
            left_out=(LeftOut(words, words, 60_000, 61_000, *ids[:1]),),
            pictures=tuple(Described(each, words, words, words) for each in ids),
            reworded=tuple(Reworded(each, words, "0" * 64, {}, 3, 1, {words: 2}) for each in ids),
        )

    def _decide(self) -> None:
        """A note with a second version, one that is shared and answered, one that was sent back."""
        worker, lead = Desk(self.store, self.practitioner), Desk(self.store, self.supervisor)
        worker.save(self.note.id, 1, {"s0": f"{self.words} again"})
        for each in (self.shared, self.returned, self.pasted):
            worker.submit(each.id, 1)
        lead.return_(self.returned.id, 1, self.words)
        lead.approve(self.shared.id, 1)
        lead.approve(self.pasted.id, 1)
        approved = self.store.notes.get(self.shared.id)
        (picture,) = self.store.recordings.of_note(approved.id)
        # As it was kept before a second person was asked: all of it, word for word.
        chosen = [*(f"s{n}" for n in range(len(_SECTIONS))), key_of(picture.id)]
        shown = (SHARED, self.practitioner.id, json.dumps(chosen).encode())
        with self.store.database.write() as connection:
            self.store.notes.decide(connection, approved, shown, approved.state)
        prepare(worker, approved.id, 1, ["s1"])
        who = self.young_person.id
        self.store.notes.reply(approved, 1, who, self.words.encode())
        disagrees = encode_saying(Saying(NOT_RIGHT, self.words, "s0"))
        self.store.notes.reply(approved, 1, who, disagrees)
        self.store.young.calls.make(who, self.case.id, UNSAFE, self.words, approved.id)
        stories = self.store.young.stories
        for made in [stories.ask(worker.person.id, self.case.id, self.words) for _ in "ab"]:
            stories.agree(made, who)  # one waits for the supervisor
        stories.approve(made, lead.person.id)
        for kept in ((PICTURE, picture.id, ""), (WORDS, approved.id, self.words)):
            self.store.young.keepsakes.keep(who, self.case.id, approved.id, kept)
        self._on_the_way()  # last: what they say changes what may go

    def _on_the_way(self) -> None:
        """Somebody pastes the one into Mosaic; the other went in a file."""
        begun = (BEGUN, Passing(1, made_sure_by=self.words))
        self.store.passages.add(self.shared, 0, *begun, self.practitioner.id)
        self.store.passages.add(self.pasted, 0, GONE, Passing(1), self.practitioner.id)
        deciding = Deciding(self.store, self.supervisor, "Europe/London")
        number = deciding.of(self.case.id).summary.number
        if len(self.words) <= _PLAIN:  # Mosaic is given nothing that nobody sees
            deciding.summary(self.case.id, number, wanted=True)
        sure = (MADE_SURE, Offering("", self.words))
        self.store.offers.add(self.case.id, 0, *sure, self.practitioner.id)

    def _files(self) -> None:
        """What was agreed, the journal, and a file of nobody's with its opening."""
        store, words = self.store, self.words
        with store.database.write() as connection:
            store.recordings.advance(connection, self.pending, AGREEMENT_NEEDED)
            store.recordings.advance(connection, self.unagreed, AGREEMENT_NEEDED)
        self.pending = store.recordings.get(self.pending.id)
        store.agreements.give(self.pending, Said(words, words, words), self.practitioner.id)
        for number, state in enumerate((ATTENTION, LEFT_OUT, SETTLING)):
            path, maker = f"{number} {words}", self.practitioner.id
            store.journal.note(Look(path, self.case.id, maker, state, 9, "not_taken", words))
        letter = letters.FileLetter(f"nobody {words}", "", "wav", "audio", _AT)
        sealed = store.recordings.seal(TEAM, [b"of nobody"])
        with store.database.write() as connection:
            arrival = store.arrivals.leave(connection, sealed, letters.encode(letter))
        store.openings.want(arrival)
        store.openings.keep(arrival, words)
