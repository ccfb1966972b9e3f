"""Two versions of a note, set against each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from recorder.drawings import described
from recorder.errors import UnknownError
from recorder.review.sight import Sight
from recorder.review.theirs import Theirs, beside, disagreements
from store.cases import Case
from store.people import Member
from store.store import Store
from templates import type_of
from transcribe.model import Contact, Draft, Drawing, DrawingRemoved, Removed, Statement

SAME, ADDED, REMOVED = "same", "added", "removed"
_WORD = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words that stand in both versions, or in one of them."""

    text: str
    change: str  # SAME, ADDED or REMOVED


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of either version."""

    statement: Statement  # as it is in the later one, if it is there
    words: tuple[Stretch, ...]
    change: str  # SAME: it stands in both, whatever its words
    moved_from: str | None  # the heading that it stood under before
    taken_out: Removed | None = None  # by whom and why, where somebody took it out

    @property
    def is_as_before(self) -> bool:
        """Whether nothing about it has changed."""
        return self.moved_from is None and all(each.change == SAME for each in self.words)


@dataclass(frozen=True, slots=True)
class Hung:
    """One drawing of either version."""

    drawing: Drawing  # as it is in the later one, if it is there
    words: tuple[Stretch, ...]  # whose it is, and its caption
    change: str  # as of a line
    moved: bool  # it stands at another place among those that stood before
    taken_out: DrawingRemoved | None = None

    @property
    def is_as_before(self) -> bool:
        """Whether nothing about it has changed."""
        return not self.moved and all(each.change == SAME for each in self.words)


@dataclass(frozen=True, slots=True)
class Version:
    """One that there is."""

    number: int
    author: str | None  # a name; None: the machine
    at: int  # ms
    gone: bool = False  # what it said went by a rule


@dataclass(frozen=True, slots=True)
class Compared:
    """What changed from one version to another."""

    versions: Sequence[Version]  # all of them, oldest first
    before: int
    after: int
    facts: Sequence[tuple[str, object, object]]  # of the contact: which, before, after
    headings: Sequence[tuple[str, Sequence[Line]]]  # title, and what stands or stood under it
    removed: Sequence[Removed]  # all that people had taken out by the later one
    drawings: Sequence[Hung]  # beside a supervision
    case: Case | None
    disagreements: Mapping[str, Sequence[Theirs]]  # of the later one, by statement id


class Versions:
    """Opened for one person on the staff."""

    def __init__(self, store: Store, person: Member, sight: Sight) -> None:
        self._store = store
        self._person = person
        self._sight = sight

    def compare(self, note_id: str, before: int | None, after: int | None) -> Compared:
        """Version `before` against `after`; by default the newest against the one before it.

        UnknownError for a note or a version that is not there for this person.
        """
        note = self._sight.note(note_id)
        versions = self._store.notes.versions(note.id, note.number)
        last = note.number if after is None else after
        earlier = [each.number for each in versions if each.number < last and each.payload]
        first = (earlier[-1] if earlier else last) if before is None else before
        if not 1 <= first <= last <= note.number:
            raise UnknownError
        old, new = self._sight.draft(note, first), self._sight.draft(note, last)
        self._store.audit.record(self._person.id, "note versions read", note.id)
        return Compared(
            versions=[
                Version(
                    each.number,
                    self._name(each.author_id),
                    each.created_at,
                    gone=not each.payload,
                )
                for each in versions
            ],
            before=first,
            after=last,
            facts=list(facts(old.contact, new.contact)),
            headings=list(headings(old, new)),
            removed=new.removed,
            drawings=list(hung(old, new)),
            case=self._sight.case(note.case_id),
            disagreements=disagreements(beside(self._store, note, new)),
        )

    def _name(self, person_id: str | None) -> str | None:
        return None if person_id is None else self._store.people.get(person_id).name


def facts(before: Contact, after: Contact) -> Iterator[tuple[str, object, object]]:
    """The fields of a contact that differ."""
    for name in Contact.__dataclass_fields__:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield name, old, new


def headings(before: Draft, after: Draft) -> Iterator[tuple[str, Sequence[Line]]]:
    """Every sentence of both under its newest heading, in the order of the later version."""
    kinds = (type_of(draft.kind) for draft in (before, after))
    titles = {section.key: section.heading for kind in kinds for section in kind.sections}
    lines = list(_lines(before, after, titles))
    keys = list(dict.fromkeys([*titles, *(each.statement.section for each in lines)]))
    for key in keys:
        under = [each for each in lines if each.statement.section == key]
        if under:
            yield titles.get(key, "Anything else"), under


def hung(before: Draft, after: Draft) -> Iterator[Hung]:
    """The later version's drawings in their order, then those that are gone."""
    old = {each.recording: each for each in before.drawings}
    new = {each.recording: each for each in after.drawings}
    order = [each for each in old if each in new]
    places = {each: place for place, each in enumerate(r for r in new if r in old)}
    for each in after.drawings:
        if each.recording not in old:
            yield Hung(each, (Stretch(_said(each), ADDED),), ADDED, moved=False)
            continue
        said = words(_said(old[each.recording]), _said(each))
        moved = order[places[each.recording]] != each.recording
        yield Hung(each, said, SAME, moved)
    taken = {each.drawing.recording: each for each in after.drawings_removed}
    for each in before.drawings:
        if each.recording not in new:
            went = (Stretch(_said(each), REMOVED),)
            yield Hung(each, went, REMOVED, moved=False, taken_out=taken.get(each.recording))


def _said(drawing: Drawing) -> str:
    return f"{described(drawing)}: {drawing.caption}"


def words(before: str, after: str) -> tuple[Stretch, ...]:
    """Which words went, which came and which stayed."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    found: list[Stretch] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(Stretch("".join(old[a:b]), SAME))
            continue
        gone, come = "".join(old[a:b]), "".join(new[c:d])
        found += [Stretch(gone, REMOVED)] if gone else []
        found += [Stretch(come, ADDED)] if come else []
    return tuple(found)


def _lines(before: Draft, after: Draft, titles: dict[str, str]) -> Iterator[Line]:
    """The later version's sentences, each that is gone after the one that it followed."""
    old = {each.id: each for each in before.statements}
    kept = {each.id for each in after.statements}
    follow: dict[str | None, list[Statement]] = {}
    last: str | None = None
    for each in before.statements:
        if each.id in kept:
            last = each.id
        else:
            follow.setdefault(last, []).append(each)
    taken = {each.statement.id: each for each in after.removed}
    yield from (_gone(each, taken) for each in follow.get(None, []))
    for each in after.statements:
        yield _line(old.get(each.id), each, titles)
        yield from (_gone(gone, taken) for gone in follow.get(each.id, []))


def _line(old: Statement | None, new: Statement, titles: dict[str, str]) -> Line:
    if old is None:
        return Line(new, (Stretch(new.text, ADDED),), ADDED, None)
    moved = None if old.section == new.section else titles.get(old.section, "Anything else")
    return Line(new, words(old.text, new.text), SAME, moved)


def _gone(statement: Statement, taken: Mapping[str, Removed]) -> Line:
    went = (Stretch(statement.text, REMOVED),)
    return Line(statement, went, REMOVED, None, taken.get(statement.id))
