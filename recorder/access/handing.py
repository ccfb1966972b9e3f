"""Handing a record over: somebody of data protection decides of each place that may be about others.

In this role nobody reads a record but for that: they say who asked, and from then on what they read and decide
is in the trail of the case like anything else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NoReturn

from recorder.access.gathering import Gathering
from recorder.access.model import Entry, Line, Span
from recorder.access.pack import marked
from recorder.access.rulings import Rulings, label_key
from recorder.errors import StateError, UnknownError
from recorder.pictures import shown
from recorder.review.circling import said
from recorder.review.emergency import NOT_THERE
from recorder.review.states import Role
from store.age import Reader
from store.cases import Case
from store.errors import ConflictError, ErasedError, NotFoundError
from store.people import Member
from store.records import Recording
from store.redactions import OPENED, PICTURE, SOUND, WORDS, Ruling
from store.session import now_ms
from store.store import Store

OPEN_MS = 90 * 86_400_000  # after which who asked is to be said again
_CHANGED = (
    "somebody else decided something of this record meanwhile: look again, and decide what is left"
)
_NOT_IN = "those words do not stand in that line: copy them as they stand there"
_NO_TIME = "write both times as minutes and seconds, for example 1:05, the first before the second"
_NO_BOX = "write four whole numbers from 0 to 100: left and top before right and bottom"
_BOX = 4
_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry on the list."""

    number: int  # from 0
    entry: Entry


@dataclass(frozen=True, slots=True)
class Looked:
    """One entry as it is decided of."""

    case: Case
    number: int
    count: int
    entry: Entry
    based_on: int  # entries of decisions there were
    silences: Sequence[tuple[int, int]]  # ms, of its recording
    boxes: Sequence[tuple[int, ...]]  # ‰, of its picture


@dataclass(frozen=True, slots=True)
class Decided:
    """What a form says of one entry."""

    goes: Mapping[str, bool]  # by place, as `place_of` names it
    more: Mapping[str, str]  # by key of a line: further words that go
    since: str = ""  # of sound
    until: str = ""
    box: Sequence[str] = ()  # left, top, right, bottom (%)
    why: str = ""
    everywhere: bool = False  # the same wherever these words are marked and nobody has decided


class Handing:
    """Opened for one person of data protection; to anybody else there is no such page."""

    def __init__(self, store: Store, person: Member, timezone: str) -> None:
        if Role(person.role) is not Role.DATA_PROTECTION:
            raise UnknownError
        self._store = store
        self._person = person
        self._zone = timezone

    def begin(self, ref: str, why: str) -> str:
        """Open a record because somebody asked for it; the case's id. StateError."""
        try:
            case = self._store.cases.by_ref(ref)
        except (NotFoundError, ErasedError) as error:
            raise StateError(NOT_THERE, field="ref") from error
        self._store.redactions.open(case.id, said(why), self._person.id)
        return case.id

    def all(self, case_id: str) -> tuple[Case, list[Listed]]:
        """All entries of a record that is open to this person; UnknownError."""
        case, rulings, _ = self._opened(case_id)
        found = marked(self._store, case, self._zone, rulings)
        return case, [Listed(number, each) for number, each in enumerate(found)]

    def look(self, case_id: str, number: int) -> Looked:
        """One of them; UnknownError."""
        case, rulings, based_on = self._opened(case_id)
        entry = self._entry(case, number, rulings)
        recording = entry.media[0].id if entry.media else ""
        return Looked(
            case,
            number,
            Gathering(self._store, case, self._zone).count(),
            entry,
            based_on,
            rulings.silences(recording),
            rulings.boxes(recording),
        )

    def decide(self, case_id: str, number: int, based_on: int, decided: Decided) -> None:
        """Keep what was decided of an entry; StateError, UnknownError."""
        case, rulings, _ = self._opened(case_id)
        entry = self._entry(case, number, rulings)
        found = [*_places(entry, decided), *_more(entry, decided), *_media(entry, decided)]
        if decided.everywhere:
            found += self._elsewhere(case, rulings, entry, found)
        if not found:
            raise StateError("choose what goes and what stays", field="why")
        try:
            self._store.redactions.add(case_id, based_on + 1, found, self._person.id)
        except ConflictError as error:
            raise StateError(_CHANGED) from error

    def picture(self, case_id: str, recording_id: str) -> bytes:
        """A picture of the record; UnknownError, or a MediaError."""
        recording = self._recording(case_id, recording_id)
        if recording.kind != "picture":
            raise UnknownError
        return shown(self._store, recording)

    def sound(self, case_id: str, recording_id: str, *, going_on: bool) -> tuple[Recording, Reader]:
        """A recording of the record and its bytes, to be heard; UnknownError.

        `going_on`: from a moment ago, so that it is no further reading.
        """
        recording = self._recording(case_id, recording_id, going_on=going_on)
        if recording.kind == "picture":
            raise UnknownError
        return recording, self._store.recordings.open(recording.id)

    # --- within ---

    def _elsewhere(
        self, case: Case, rulings: Rulings, here: Entry, found: Sequence[Ruling]
    ) -> list[Ruling]:
        """The same of other places with the same words, of which nobody has decided."""
        said_here = {(where, span.start, span.end): words for where, span, words in _spoken(here)}
        done = {(each.where, *each.place): each for each in found if each.kind == WORDS}
        of = {said_here[place]: each for place, each in done.items() if place in said_here}
        return [
            replace(of[words], where=where, place=(span.start, span.end))
            for entry in marked(self._store, case, self._zone, rulings)
            for where, span, words in _spoken(entry)
            if span.goes is None and words in of and (where, span.start, span.end) not in done
        ]

    def _opened(self, case_id: str, *, going_on: bool = False) -> tuple[Case, Rulings, int]:
        try:
            case, ruled = self._store.cases.get(case_id), self._store.redactions.of(case_id)
        except (NotFoundError, ErasedError) as error:
            raise UnknownError from error
        mine = (e for e in ruled if e.kind == OPENED and e.actor_id == self._person.id)
        if not any(now_ms() - each.at < OPEN_MS for each in mine):
            raise UnknownError
        if not going_on:
            self._store.audit.record(self._person.id, "record read to hand it over", case.id)
        return case, Rulings.from_entries(ruled), len(ruled)

    def _recording(self, case_id: str, recording_id: str, *, going_on: bool = False) -> Recording:
        case, _, _ = self._opened(case_id, going_on=going_on)
        recording = self._store.recordings.get(recording_id)
        if not Gathering(self._store, case, self._zone).hands_over(recording):
            raise UnknownError
        return recording

    def _entry(self, case: Case, number: int, rulings: Rulings) -> Entry:
        gathered = Gathering(self._store, case, self._zone)
        entry = gathered.one(number)
        if entry is None:
            raise UnknownError
        return rulings.over(gathered.marking()(entry))


def place_of(where: str, start: int, end: int) -> str:
    """How a form names a place in words."""
    return f"{where}:{start}:{end}"


def _spoken(entry: Entry) -> Iterable[tuple[str, Span, str]]:
    """Each marked place: the key it is under, where it is, and its words in small letters."""
    for line in entry.lines:
        for key, text, spans in (
            (line.key, line.text, line.spans),
            (label_key(line), line.label, line.label_spans),
        ):
            yield from ((key, span, text[span.start : span.end].casefold()) for span in spans)


def _places(entry: Entry, decided: Decided) -> Iterable[Ruling]:
    """Decisions on what is marked; UnknownError for a place that is not."""
    known = {
        place_of(where, span.start, span.end): (where, span) for where, span, _ in _spoken(entry)
    }
    for name, goes in decided.goes.items():
        if name not in known:
            raise UnknownError
        where, span = known[name]
        if span.goes is not goes or decided.why:
            yield Ruling(WORDS, where, (span.start, span.end), goes, decided.why)


def _more(entry: Entry, decided: Decided) -> Iterable[Ruling]:
    """Further words that go, wherever they stand in their line."""
    lines = {line.key: line for line in entry.lines}
    for key, words in decided.more.items():
        if not words.strip():
            continue
        if key not in lines:
            raise UnknownError
        yield from _found(lines[key], words.strip(), decided.why)


def _found(line: Line, words: str, why: str) -> list[Ruling]:
    at, found = line.text.find(words), []
    while at >= 0:
        found.append(Ruling(WORDS, line.key, (at, at + len(words)), goes=True, why=why))
        at = line.text.find(words, at + len(words))
    if not found:
        raise StateError(_NOT_IN, field=f"more-{line.key}")
    return found


def _media(entry: Entry, decided: Decided) -> Iterable[Ruling]:
    """Sound and parts of a picture that go."""
    for recording in entry.media[:1]:
        if decided.since or decided.until:
            place: tuple[int, ...] = (_ms(decided.since), _ms(decided.until))
            if place[0] >= place[1]:
                _refuse(_NO_TIME, "since")
            yield Ruling(SOUND, recording.id, place, goes=True, why=decided.why)
        if any(each.strip() for each in decided.box):
            yield Ruling(PICTURE, recording.id, _corners(decided.box), goes=True, why=decided.why)


def _ms(typed: str) -> int:
    minutes, colon, seconds = typed.strip().partition(":")
    if not (colon and minutes.isdecimal() and seconds.isdecimal() and int(seconds) < _MINUTE):
        _refuse(_NO_TIME, "since")
    return (int(minutes) * _MINUTE + int(seconds)) * 1000


def _corners(typed: Sequence[str]) -> tuple[int, ...]:
    """‰ of the picture's sides."""
    if len(typed) != _BOX or not all(each.strip().isdecimal() for each in typed):
        _refuse(_NO_BOX, "left")
    left, top, right, bottom = (int(each) for each in typed)
    if not (left < right <= 100 and top < bottom <= 100):  # noqa: PLR2004 - per cent
        _refuse(_NO_BOX, "left")
    return left * 10, top * 10, right * 10, bottom * 10


def _refuse(sentence: str, field: str) -> NoReturn:
    raise StateError(sentence, field=field)
