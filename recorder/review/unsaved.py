"""What somebody typed into a note and has not saved: kept for them alone, and given back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

import msgspec

from recorder.errors import StateError
from recorder.review.sight import Sight
from recorder.review.states import Move, Role, next_state
from store.errors import ConflictError, ErasedError, TamperedError
from store.notes import Note
from store.payloads import decode
from store.people import Member
from store.session import now_ms
from store.store import Store

_DAY_MS = 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Field:
    """What stands in one box."""

    number: int  # the version that was on the page
    text: str


@dataclass(frozen=True, slots=True)
class Typed:
    """All boxes that somebody changed, and how far the page was that sent them last."""

    fields: dict[str, Field]  # by the box's name
    page: str = ""
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """What was typed, and when it was kept last."""

    fields: Mapping[str, Field]
    at: int  # ms


@dataclass(frozen=True, slots=True)
class Typing:
    """Somebody else who has typed into the note and not saved it."""

    name: str
    since: int  # ms


class Unsaved:
    """Opened for one person on the staff."""

    def __init__(self, store: Store, person: Member, sight: Sight) -> None:
        self._store = store
        self._person = person
        self._sight = sight

    def keep(
        self,
        note_id: str,
        number: int,
        texts: Mapping[str, str],
        gone: Collection[str] = (),
        sender: tuple[str, int] = ("", 0),
    ) -> int | None:
        """Keep what stands in boxes of version `number`, beside what was kept of others.

        `gone`: boxes that stand again as they did. `sender`: which page sent this, and its how
        many-eth sending it is: one that is overtaken on its way does not count. When it was kept
        (ms); None if nothing is. UnknownError, NotAllowedError; StateError if it must be sent again.
        """
        note = self._sight.note(note_id)
        self._require(note)
        self._sight.version(note, number)
        new = {name: Field(number, text) for name, text in texts.items()}
        return self._keep(note, _over(new, gone, sender))

    def keep_new(
        self, kind: str, texts: Mapping[str, str], sender: tuple[str, int] = ("", 0)
    ) -> int | None:
        """Keep what stands in boxes of a note of a kind that does not exist yet; as `keep`.

        StateError where their own record, whose key it is kept under, was erased.
        """
        new = {name: Field(0, text) for name, text in texts.items() if text.strip()}
        gone = texts.keys() - new.keys()
        me = self._person.id
        try:
            scope = self._store.own_records.of(me)
        except ErasedError as error:
            raise StateError("your own record was erased: this can only be saved") from error
        return self._store.unsaved.keep_new(kind, scope, me, _over(new, gone, sender))

    def of_new(self, kind: str) -> Kept | None:
        """What this person typed into a note of a kind that does not exist yet; None for nothing."""
        return self._of(kind)

    def new(self) -> dict[str, int]:
        """Of which kinds they began a note that does not exist yet, and when they typed last (ms)."""
        return self._store.unsaved.new(self._person.id)

    def throw_away_new(self, kind: str) -> None:
        """Forget it: they said so, or it is a note now."""
        self._store.unsaved.throw_away(kind, self._person.id)

    def settle(self, note_id: str, names: Collection[str]) -> None:
        """Forget some boxes: what stood in them is in the note now."""
        note = self._sight.note(note_id)

        def made(before: bytes | None) -> bytes | None:
            if before is None:
                return None
            old = _decoded(before)
            left = {name: each for name, each in old.fields.items() if name not in names}
            return msgspec.json.encode(replace(old, fields=left)) if left else None

        self._keep(note, made)

    def of(self, note_id: str) -> Kept | None:
        """What this person typed and did not save; None if there is nothing, or it does not open."""
        return self._of(self._sight.note(note_id).id)

    def _of(self, note_id: str) -> Kept | None:
        with suppress(TamperedError):  # told of by the alarm; a note is read all the same
            found = self._store.unsaved.of(note_id, self._person.id)
            return None if found is None else Kept(_decoded(found.payload).fields, found.at)
        return None

    def others(self, note_id: str) -> list[Typing]:
        """Who else is at it: they typed within a day, and still work here."""
        note = self._sight.note(note_id)
        latest = now_ms() - _DAY_MS
        found = []
        for person_id, since, at in self._store.unsaved.others(note.id, self._person.id):
            person = self._store.people.get(person_id)
            if at > latest and person.left_at is None:
                found.append(Typing(person.name, since))
        return found

    def throw_away(self, note_id: str) -> None:
        """Forget all of it."""
        note = self._sight.note(note_id)
        self._store.unsaved.throw_away(note.id, self._person.id)

    def _keep(self, note: Note, made: Callable[[bytes | None], bytes | None]) -> int | None:
        try:
            return self._store.unsaved.keep(note, self._person.id, made)
        except ConflictError as error:
            raise StateError("this note was just linked to a young person: try again") from error

    def _require(self, note: Note) -> None:
        """NotAllowedError from who may never edit it; what is only closed now may open again."""
        with suppress(StateError):
            role = Role(self._person.role)
            next_state(self._sight.standing(note), Move.EDIT, self._person.id, role)


def _over(
    new: Mapping[str, Field], gone: Collection[str], sender: tuple[str, int]
) -> Callable[[bytes | None], bytes | None]:
    """Puts new boxes over what was kept before, unless a later sending of that page is there."""
    page, turn = sender

    def made(before: bytes | None) -> bytes | None:
        old = Typed({}) if before is None else _decoded(before)
        if page and old.page == page and old.turn > turn:
            return before
        left = {name: each for name, each in old.fields.items() if name not in gone}
        fields = {**left, **new}
        return msgspec.json.encode(Typed(fields, page, turn)) if fields else None

    return made


def _decoded(payload: bytes) -> Typed:
    return decode(payload, Typed)
