"""Finding notes by their words: which sentences match, and how a hit is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from recorder import drawings
from recorder.codec import decode_draft
from recorder.errors import UnknownError
from recorder.review.query import Query, Sieve, fold_character, squeeze
from recorder.review.sight import Sight
from store.cases import Case
from store.errors import StoreError, TamperedError
from store.notes import Note
from store.search import Damaged, Opened, Search
from templates import note_type, note_type_keys
from transcribe.model import Contact, Described, Draft

_MOST = 3  # sentences shown of one note
_BEFORE, _AFTER = 60, 160  # characters shown around the first word that was found


@dataclass(frozen=True, slots=True)
class Passage:
    """Some words of a note, and what they stand under."""

    heading: str
    text: str
    statement: str = ""  # id of the sentence that it is


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an excerpt; `found`: it is what was looked for."""

    text: str
    found: bool = False


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Part of a passage, around what was found in it."""

    heading: str
    pieces: tuple[Piece, ...]
    statement: str = ""  # id of the sentence that it is of

    @property
    def text(self) -> str:
        """Its words without the marks."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Hit:
    """A note in whose current version everything was found that was looked for."""

    note: Note
    case: Case | None  # None for a note of no case, and when its row does not open
    excerpts: tuple[Excerpt, ...]  # the best first; none when the case's own name says it all


@dataclass(frozen=True, slots=True)
class _Look:
    """What is looked for in the notes of one case: its name and reference count as found."""

    case: Case | None
    query: Query
    sieve: Sieve


class Finding:
    """One search, through one person's eyes."""

    def __init__(self, search: Search, sight: Sight, query: Query) -> None:
        self._search = search
        self._sight = sight
        self._query = query
        self._looks: dict[str | None, _Look] = {}
        self._damaged = list(sight.caseload.damaged)  # ids of cases, not passed on yet

    def found(self) -> Iterator[Hit | Damaged]:
        """Hits, newest contact first, and what could not be read, as the search comes to it."""
        yield from self._new_damage()
        for seen in self._search.notes(self._sight.reach, self._may_match):
            hit = seen if isinstance(seen, Damaged) else self._hit(seen)
            yield from self._new_damage()
            if hit is not None:
                yield hit
        yield from self._new_damage()

    def _new_damage(self) -> Iterator[Damaged]:
        while self._damaged:
            yield Damaged(self._damaged.pop())

    def _hit(self, seen: Opened) -> Hit | Damaged | None:
        look = self._look(seen.note.case_id)
        try:
            excerpts = match(look.query, decode_draft(seen.payload))
        except TamperedError:
            return Damaged(seen.note.id)
        return None if excerpts is None else Hit(seen.note, look.case, excerpts)

    def _may_match(self, case_id: str | None, payload: bytes) -> bool:
        return self._look(case_id).sieve.may_match(payload)

    def _look(self, case_id: str | None) -> _Look:
        if case_id not in self._looks:
            case = self._case(case_id)
            name = "" if case is None else squeeze(f"{case.details.name} {case.details.ref}")
            query = self._query.beside(name)
            self._looks[case_id] = _Look(case, query, Sieve(query))
        return self._looks[case_id]

    def _case(self, case_id: str | None) -> Case | None:
        known = self._sight.caseload
        if case_id is None or case_id in known.damaged:
            return None
        if case_id in known.cases:
            return known.cases[case_id]
        try:
            return self._sight.case(case_id)  # a colleague's
        except UnknownError:  # erased this moment
            return None
        except StoreError:  # its notes can be searched without its name
            self._damaged.append(case_id)
            return None


def match(query: Query, draft: Draft) -> tuple[Excerpt, ...] | None:
    """Excerpts of the passages that say most of what is looked for; None if anything is missing."""
    folded = [(passage, squeeze(passage.text)) for passage in passages(draft)]
    said = [(passage, {t for t in query.terms if t in text}) for passage, text in folded]
    if set(query.terms) - {term for _, terms in said for term in terms}:
        return None
    best = sorted(said, key=lambda pair: len(pair[1]), reverse=True)[:_MOST]
    return tuple(excerpt(passage, terms) for passage, terms in best if terms)


def passages(draft: Draft) -> Iterator[Passage]:
    """Everything that a reader of the note can read in it."""
    known = draft.kind in note_type_keys()
    headings = {s.key: s.heading for s in note_type(draft.kind).sections} if known else {}
    for statement in draft.statements:
        yield Passage(
            headings.get(statement.section, "Anything else"), statement.text, statement.id
        )
    spoken = {statement.text for statement in draft.statements}
    for action in draft.actions:
        if action.what not in spoken:
            yield Passage("Actions", action.what)
        if action.who is not None:
            yield Passage("Actions", action.who)
    yield from _of_contact(draft.contact)
    yield from _of_pictures(draft.pictures)
    yield from (Passage("Drawing", said) for said in drawings.texts(draft))
    for left_out in draft.left_out:
        yield Passage("Left out of the note", left_out.text)
    for removed in draft.removed:
        yield Passage("Taken out of the note", removed.statement.text)
        yield Passage("Taken out of the note", removed.why)


def _of_contact(contact: Contact) -> Iterator[Passage]:
    for said in (contact.method, contact.place, ", ".join(contact.present)):
        if said:
            yield Passage("This contact", said)


def _of_pictures(pictures: Iterable[Described]) -> Iterator[Passage]:
    for picture in pictures:
        for said in (picture.title, picture.caption, picture.drawn_by):
            if said:
                yield Passage("Picture", said)


def excerpt(passage: Passage, terms: Iterable[str]) -> Excerpt:
    """The passage around the first of `terms`, with each marked where it stands."""
    text = passage.text
    spans = _spans(text, terms)
    start = max(0, spans[0][0] - _BEFORE)
    end = min(len(text), spans[0][1] + _AFTER)
    # Cut between words where there is one to cut between.
    if start:
        start = text.find(" ", start, spans[0][0]) + 1 or start
    if end < len(text):
        end = max(text.rfind(" ", spans[0][1], end), spans[0][1])
    shown = [(first, last) for first, last in spans if last <= end]
    pieces = [Piece("…")] if start else []
    for first, last in shown:
        pieces += [Piece(text[start:first]), Piece(text[first:last], found=True)]
        start = last
    pieces += [Piece(text[start:end]), Piece("…" if end < len(text) else "")]
    shown_pieces = tuple(piece for piece in pieces if piece.text)
    return Excerpt(passage.heading, shown_pieces, passage.statement)


def _spans(text: str, terms: Iterable[str]) -> list[tuple[int, int]]:
    """Where in `text` any of the folded terms stands: start and end, in order, apart."""
    folded, places = _aligned(text)
    found = sorted(
        (places[at][0], places[at + len(term) - 1][1])
        for term in terms
        for at in _occurrences(folded, term)
    )
    apart: list[tuple[int, int]] = []
    for first, last in found:
        if apart and first < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(last, apart[-1][1]))
        else:
            apart.append((first, last))
    return apart


def _occurrences(folded: str, term: str) -> Iterator[int]:
    at = folded.find(term)
    while at >= 0:
        yield at
        at = folded.find(term, at + len(term))


def _aligned(text: str) -> tuple[str, Sequence[tuple[int, int]]]:
    """`text` squeezed but for its ends, and where in it each character comes from."""
    folded: list[str] = []
    places: list[tuple[int, int]] = []
    for place, character in enumerate(text):
        parts = fold_character(character)
        if not parts and places:  # an accent belongs to the letter before it
            places[-1] = (places[-1][0], place + 1)
        for part in parts:
            if part.isspace() and folded[-1:] == [" "]:
                places[-1] = (places[-1][0], place + 1)
                continue
            folded.append(" " if part.isspace() else part)
            places.append((place, place + 1))
    return "".join(folded), places
