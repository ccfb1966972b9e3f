"""Pasting into Mosaic: what waits, whose it is made sure of first, its values one by one, its receipt."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from recorder.errors import MediaError, StateError, UnknownError
from recorder.export.body import body
from recorder.export.codes import NOTE_TYPE_LENGTH, USERNAME_LENGTH
from recorder.export.errors import ExportRefused
from recorder.export.fields import PERSON_LENGTH, TITLE_LENGTH, validate
from recorder.export.gather import SCREEN, due, entry_of, may_wait
from recorder.export.model import Approved
from recorder.export.passing import NOTE_THERE, Way, way, ways
from recorder.export.sure import Sure, made_sure
from recorder.export.text import length
from recorder.review.sight import Sight
from recorder.review.states import OVERTAKEN, WRITERS, Role, State
from store.cases import Case
from store.errors import ConflictError, ErasedError, NotFoundError, TamperedError
from store.notes import Note
from store.outward import BEGUN, LEFT, LET_BE, RECEIVED, Passing
from store.people import Member
from store.session import now_ms
from store.store import Store

MAY = WRITERS | {Role.BUSINESS_SUPPORT}
_MOST = 50  # of each kind, in one list
HOLDS_MS = 3_600_000  # after that somebody makes sure of the person anew

NOT_APPROVED = (
    "this version is not approved, so it does not go to Mosaic: have it approved first, then come"
    " back here"
)
NOTHING_NEW = (
    "this note has gone to Mosaic and nothing in it is new, so it does not go twice: what changes"
    " later, or what the young person says, comes here as an appendment"
)
NO_ID = (
    "the young person has no Mosaic id here, so nobody can say on whose record it belongs: have it"
    " added with 'recorder cases complete', then come back here"
)
CANNOT_BE_READ = (
    "part of this note does not open as it was written, so it goes nowhere: keep this home as it is,"
    " and tell whoever looks after Recorder"
)
_OTHERS = (
    "that is the id of another note that went from here: look in Mosaic which note you added, and"
    " type its id"
)
_NOT_PARENT = (
    "this belongs to another note in Mosaic than the one it is added to: look there again, and type"
    " the id of the note that you added it to"
)
_NOT_GONE = (
    "nothing of this note has gone to Mosaic, so there is no receipt: export or paste it first"
)
_IS_PASTED = (
    "somebody pastes this note just now: they type its receipt on its page under 'To Mosaic'"
)
_DIGITS = "type the note's id from Mosaic: digits alone, at most 12"


@dataclass(frozen=True, slots=True)
class Value:
    """One field of Mosaic, as it is pasted."""

    key: str
    label: str
    text: str
    most: int = 0  # characters that Mosaic takes; 0: as many as there are

    @property
    def length(self) -> int:
        """In characters, as Mosaic counts them."""
        return length(self.text)


@dataclass(frozen=True, slots=True)
class Row:
    """A note in the list."""

    note: Note
    case: Case
    way: Way
    who: str = ""  # pastes it, or took it out


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is to be done, the oldest contact first."""

    to_paste: Sequence[Row]
    begun: Sequence[Row]
    owing: Sequence[Row]  # gone without a receipt
    more: bool = False  # there are more, which are shown once these are done


@dataclass(frozen=True, slots=True)
class Looked:
    """One note on its way."""

    note: Note
    case: Case
    way: Way
    leaving: Approved | None  # None: nothing can leave now
    refused: str  # why not, a sentence; empty if something can
    sure: bool  # this person has made sure of the young person
    begun_by: str  # somebody else pastes it: their name
    mine: int  # the version that this person began to paste; 0 for none
    values: tuple[Value, ...] = ()  # once made sure


class Copying:
    """Opened for one person; whoever may not export finds nothing here."""

    def __init__(self, store: Store, person: Member, timezone: str) -> None:
        self._store = store
        self._person = person
        self._zone = timezone
        self._role = Role(person.role)
        self._sight = Sight(store, person)
        if self._role not in MAY:
            raise UnknownError

    def waiting(self) -> Waiting:
        """All that this person may paste or enter a receipt for."""
        shut = self._store.circles.restricted()
        pasting, words = self._store.passages.begun(), self._store.notes.last_words()
        unsent = self._store.notes.unsent(State.APPROVED.value)
        new = [each for each in unsent if self._sees(each, shut)]
        # Each is looked at only once it is to be shown: there may be very many.
        begun = self._rows((n, self._way(n)) for n in new if n.id in pasting)
        looked = ((n, self._way(n)) for n in new if n.id not in pasting)
        fit = self._rows((n, w) for n, w in looked if self._something(n, w, words))
        owing = self._rows((n, w) for n, w in self._owing(shut) if n.id not in pasting)
        found = [list(islice(each, _MOST + 1)) for each in (fit, begun, owing)]
        more = any(len(each) > _MOST for each in found)
        to_paste, pasted, owed = (each[:_MOST] for each in found)
        return Waiting(to_paste, pasted, owed, more)

    def look(self, note_id: str) -> Looked:
        """How far one note is; its values where this person made sure of whose it is. UnknownError."""
        note = self._note(note_id)
        case, found = self._case(note), way(self._store, note.id)
        leaving, refused = self._leaving(note, case, found)
        begun = found.begun
        mine = begun is not None and begun.actor_id == self._person.id
        sure = bool(mine and begun and begun.passing.version == note.number and _holds(begun.at))
        shows = leaving is not None and sure
        if shows:
            self._store.audit.record(self._person.id, "note shown for Mosaic", note.id)
        return Looked(
            note=note,
            case=case,
            way=found,
            leaving=leaving,
            refused=refused,
            sure=sure,
            begun_by=self._store.people.get(begun.actor_id).name if begun and not mine else "",
            mine=begun.passing.version if begun and mine else 0,
            values=values(leaving) if shows and leaving else (),
        )

    def make_sure(self, note_id: str, number: int, sure: Sure) -> None:
        """This person looked at the record in Mosaic and says whose it is; StateError."""
        found = self.look(note_id)
        if found.refused:
            raise StateError(found.refused)
        if number != found.note.number:
            raise StateError(OVERTAKEN)
        by = made_sure(found.case.details, sure)
        self._add(found, [(BEGUN, Passing(number, made_sure_by=by))])

    def let_be(self, note_id: str) -> None:
        """It was not pasted after all: it waits again, for whoever comes. StateError."""
        found = self.look(note_id)
        if not found.mine:
            raise StateError("you are not pasting this note: look at the list again")
        self._add(found, [(LET_BE, Passing(found.mine))])

    def received(self, note_id: str, number: int, there: str, marks: Collection[str]) -> None:
        """Keep the note's id in Mosaic: what was pasted has left with that. StateError.

        `marks`: of what the young person says in what was pasted, as the page had them.
        """
        found = self.look(note_id)
        there = there.strip()
        parent = found.way.there if found.way.version and found.mine else ""
        may_be(self._store, found.note.id, there, parent)
        receipt = (RECEIVED, Passing(number, there))
        if found.mine:
            if number != found.mine:
                raise StateError(OVERTAKEN)
            self._add(found, [self._gone(found, number, marks), receipt])
        elif found.way.version and not found.way.begun and number == found.way.version:
            if found.way.there == there and not found.way.owes:
                return
            self._add(found, [receipt])
        else:
            raise StateError("make sure of the young person first, and paste the note")

    # --- within ---

    def _gone(self, found: Looked, number: int, marks: Collection[str]) -> tuple[str, Passing]:
        """What is kept of what was pasted: what the page showed, whatever came since."""
        known = tuple(each for each in marks if re.fullmatch(r"[0-9a-f]{32}[@:][0-9]{1,15}", each))
        if not found.way.version:
            return LEFT, Passing(number, said=known, by=SCREEN)
        same = found.leaving is not None and number == found.note.number
        shown = due(self._store, self._zone, found.note, found.way, known) if same else None
        if shown is not None:
            return entry_of(shown, SCREEN)
        return LEFT, Passing(number, said=known, by=SCREEN)

    def _add(self, found: Looked, entries: Sequence[tuple[str, Passing]]) -> None:
        try:
            at = found.way.entries + 1
            self._store.passages.add_all(found.note, at, entries, self._person.id)
        except ConflictError as error:
            raise StateError(OVERTAKEN) from error

    def _leaving(self, note: Note, case: Case, found: Way) -> tuple[Approved | None, str]:
        if note.state != State.APPROVED.value:
            return None, NOT_APPROVED
        if not case.details.mosaic_id:
            return None, NO_ID
        try:
            leaving = due(self._store, self._zone, note, found)
            if leaving is not None:
                validate(leaving)
        except ExportRefused as error:
            return None, " ".join(error.reasons)
        except MediaError as error:
            return None, error.sentence
        except TamperedError:
            return None, CANNOT_BE_READ
        return (leaving, "") if leaving else (None, NOTHING_NEW)

    def _way(self, note: Note) -> Way:
        try:
            return way(self._store, note.id)
        except TamperedError:  # told where it is opened
            return Way()

    def _something(self, note: Note, found: Way, words: Mapping[str, int]) -> bool:
        if not found.version:
            return True
        if not may_wait(note, found, words):
            return False
        with suppress(ExportRefused, MediaError, TamperedError):
            return due(self._store, self._zone, note, found) is not None
        return True  # its page says what is wrong with it

    def _owing(self, shut: Collection[str]) -> Iterator[tuple[Note, Way]]:
        for note_id in self._store.passages.owing():
            note = self._store.notes.get(note_id)
            if self._sees(note, shut):
                yield note, self._way(note)

    def _rows(self, found: Iterable[tuple[Note, Way]]) -> Iterator[Row]:
        known: dict[str | None, Case] = {}
        for note, one in found:
            with suppress(TamperedError, UnknownError):  # told where it is opened
                if note.case_id not in known:
                    known[note.case_id] = self._case(note)
                begun = one.begun
                who = self._store.people.get(begun.actor_id).name if begun else ""
                yield Row(note, known[note.case_id], one, who)

    def _note(self, note_id: str) -> Note:
        try:
            note = self._store.notes.get(note_id)
        except NotFoundError as error:
            raise UnknownError from error
        if not self._sees(note, self._store.circles.restricted()):
            raise UnknownError
        if self._role is Role.BUSINESS_SUPPORT:
            left = self._store.notes.exported_versions(note.id)
            if note.state != State.APPROVED.value and not left:
                raise UnknownError
        return note

    def _sees(self, note: Note, shut: Collection[str]) -> bool:
        """Whether this note is this person's to paste. A restricted case's is its own people's."""
        if note.case_id is None:
            return False
        if self._role is Role.BUSINESS_SUPPORT:
            return note.case_id not in shut
        return self._sight.may_read(note) and note.case_id not in self._sight.only_reads

    def _case(self, note: Note) -> Case:
        if note.case_id is None:
            raise UnknownError
        try:
            return self._store.cases.get(note.case_id)
        except (ErasedError, NotFoundError) as error:
            raise UnknownError from error


def sees_case(store: Store, sight: Sight, person: Member, case_id: str) -> bool:
    """Whether what is of this case is somebody's to bring into Mosaic. UnknownError for no exporter."""
    role = Role(person.role)
    if role not in MAY:
        raise UnknownError
    if role is Role.BUSINESS_SUPPORT:
        return case_id not in store.circles.restricted()
    return sight.sees(case_id) and case_id not in sight.only_reads


def may_be(store: Store, note_id: str, there: str, parent: str = "") -> None:
    """StateError unless `there` may be a note's id in Mosaic: `parent`, if something is added to that."""
    if not NOTE_THERE.fullmatch(there) or not int(there):
        raise StateError(_DIGITS, field="there")
    if parent and there != parent:
        raise StateError(_NOT_PARENT, field="there")
    if any(w.there == there and key != note_id for key, w in ways(store).items()):
        raise StateError(_OTHERS, field="there")


def receipted(store: Store, note: Note, there: str, actor: str) -> None:
    """Keep the receipt of what went in a file; StateError, NotFoundError."""
    found = way(store, note.id)
    if not found.version:
        raise StateError(_NOT_GONE)
    if found.begun:
        raise StateError(_IS_PASTED)
    may_be(store, note.id, there)
    if found.there != there or found.owes:
        passing = Passing(found.version, there)
        store.passages.add(note, found.entries + 1, RECEIVED, passing, actor)


def values(leaving: Approved) -> tuple[Value, ...]:
    """What is pasted, field by field: the values of the pack, the day as Mosaic's own field takes it."""
    text = Value("note", "Note", body(leaving))
    if leaving.appendment:
        there = leaving.appendment.to
        parent = (Value("appends_to", "Mosaic note to add it to", there),) if there else ()
        return (*parent, Value("note", "Text of the appendment", body(leaving)))
    day = leaving.contact_date
    return (
        Value("person_id", "Mosaic person id", leaving.person_id, PERSON_LENGTH),
        Value("note_type", "Note type", leaving.note_type, NOTE_TYPE_LENGTH),
        Value("title", "Title", leaving.title, TITLE_LENGTH),
        Value("effective_date", "Contact date", f"{day:%d/%m/%Y}" if day else ""),
        Value(
            "significant_event", "Significant event", "Yes" if leaving.significant_event else "No"
        ),
        Value("created_by", "Worker", leaving.worker_username, USERNAME_LENGTH),
        text,
    )


def _holds(at: int) -> bool:
    return now_ms() - at < HOLDS_MS
