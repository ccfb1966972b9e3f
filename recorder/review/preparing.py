"""Preparing a summary for the young person, and letting it go: it takes two people.

One writes it from an approved note, and clears each name in it by hand; another reads exactly what the
young person is going to see, and lets it go or says why not. Until then the young person sees nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from recorder.errors import NotAllowedError, StateError, UnknownError
from recorder.review import prepared, summary
from recorder.review.checking import Checking
from recorder.review.kept import untrue
from recorder.review.named import Around, Found, around
from recorder.review.plainer import Reads, reads
from recorder.review.prepared import Prepared, Worded
from recorder.review.recognising import recognised
from recorder.review.revise import clean
from recorder.review.saving import at
from recorder.review.sight import Sight
from recorder.review.states import OVERTAKEN, Move, Role, State, next_state
from recorder.review.summary import Offered, Shared, Summary
from recorder.review.writing import writing
from store.cases import Case
from store.notes import Entry, Note
from store.people import Member
from store.store import Store
from transcribe.model import Draft

MAX_SAID = 500
"""Characters in who can see it, and in how long it is kept."""

CLEAR_FIRST = "look at each name and the like first, and tick it only if it may be seen"
_TEAM_ONLY = "choose at least one of the sentences offered"


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody makes of a note for the young person."""

    texts: Mapping[str, str]  # the words of each sentence chosen, by statement id
    cleared: Mapping[str, Collection[str]] = field(default_factory=dict)  # names, by statement id
    pictures: Sequence[str] = ()  # ids of recordings
    seen_by: str = ""
    kept_for: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """How a sentence stands that somebody wrote to the young person."""

    offered: Offered
    text: str
    untrue: tuple[str, ...]  # what it says otherwise than the note, a sentence each
    found: tuple[Found, ...]  # what is to be looked at in it
    reads: Reads

    def uncleared(self, cleared: Collection[str]) -> tuple[Found, ...]:
        """What nobody let stand yet."""
        return tuple(each for each in self.found if each.words not in cleared)


@dataclass(frozen=True, slots=True)
class Page:
    """What a summary is prepared from."""

    note: Note
    case: Case
    offered: Summary
    texts: Mapping[str, str]  # by statement id: what is held back, as the note says it
    before: Prepared | None  # what was prepared last of this version
    sent_back: Entry | None  # why it was not let go
    waits: bool
    shared: bool


@dataclass(frozen=True, slots=True)
class Release:
    """What waits for a second person."""

    note: Note
    case: Case
    entry: Entry  # the decision that prepared it
    prepared: Prepared
    shown: Shared  # exactly what the young person is going to see
    preparer: Member
    refused: str  # why this person does not let it go; empty where they may


class Preparing:
    """Opened for one person on the staff."""

    def __init__(self, store: Store, person: Member, sight: Sight, checking: Checking) -> None:
        self._store = store
        self._person = person
        self._sight = sight
        self._checking = checking

    # --- the first person ---

    def page(self, note_id: str) -> Page:
        """What may be prepared of a note; StateError or NotAllowedError where nothing may be."""
        note = self._sight.note(note_id)
        self._move(note, Move.SHARE)
        draft, case = self._draft(note), self._case(note)
        decisions = self._store.notes.decisions(note.id)
        self._store.audit.record(self._person.id, "note read", note.id)
        return Page(
            note,
            case,
            self._offered(note, draft, self._around(note, case)),
            {each.id: each.text for each in draft.statements},
            prepared.last_prepared(decisions, note),
            prepared.sent_back(decisions, note),
            prepared.waiting(decisions, note) is not None,
            prepared.released(decisions, note) is not None,
        )

    def offered(self, note_id: str) -> Summary:
        """What may be prepared of the current version, and what is held back and why."""
        note = self._sight.note(note_id)
        return self._offered(note, self._draft(note), self._around(note, self._case(note)))

    def look(self, note_id: str, texts: Mapping[str, str]) -> dict[str, Looked]:
        """How sentences stand, by statement id; UnknownError for one that is not offered."""
        note = self._sight.note(note_id)
        near = self._around(note, self._case(note))
        lines = {each.id: each for each in self._offered(note, self._draft(note), near).lines}
        if texts.keys() - lines.keys():
            raise UnknownError
        return {key: _looked(lines[key], near, text) for key, text in texts.items()}

    def prepare(self, note_id: str, number: int, choice: Choice) -> None:
        """Have a second person read it; StateError for the field that stops it."""
        note = at(self._sight, note_id, number)
        state = self._move(note, Move.SHARE)
        near, draft = self._around(note, self._case(note)), self._draft(note)
        offered = self._offered(note, draft, near)
        made = _made(offered, near, choice)
        self._decide(note, prepared.PREPARED, prepared.encode_prepared(made), state)

    def stop(self, note_id: str, number: int) -> None:
        """Take it away from the young person again, or from whoever was to let it go."""
        note = at(self._sight, note_id, number)
        state = self._move(note, Move.SHARE)
        decisions = self._store.notes.decisions(note.id)
        if prepared.waiting(decisions, note) is None and not prepared.released(decisions, note):
            raise StateError("this note is not shared")
        self._decide(note, prepared.UNSHARED, b"", state)

    # --- the second ---

    def release_page(self, note_id: str) -> Release:
        """What waits, as the young person will see it; StateError while nothing does."""
        note = self._sight.note(note_id)
        decisions = self._store.notes.decisions(note.id)
        entry = prepared.waiting(decisions, note)
        if entry is None or note.state != State.APPROVED.value:
            raise StateError("no summary of this note waits for anybody")
        made = prepared.content(entry)
        self._store.audit.record(self._person.id, "note read", note.id)
        return Release(
            note,
            self._case(note),
            entry,
            made,
            summary.as_shown(self._store, note, self._draft(note), made),
            self._store.people.get(entry.actor_id),
            self._why_not(note),
        )

    def release(self, note_id: str, number: int, entry_id: str) -> None:
        """Show it to the young person; StateError if it is not what this person read."""
        note, entry, state = self._to_release(note_id, number, entry_id)
        self._still_safe(note, prepared.content(entry))
        self._decide(note, prepared.SHARED, prepared.encode_release(entry), state)

    def send_back(self, note_id: str, number: int, entry_id: str, why: str) -> None:
        """Say why not; StateError without a reason."""
        if not why.strip():
            raise StateError("say what should be changed first", field="why")
        note, _, state = self._to_release(note_id, number, entry_id)
        self._decide(note, prepared.HELD, clean(why, "why").encode(), state)

    # --- either ---

    def marked(self, note_id: str) -> frozenset[str]:
        """Ids of the sentences that could put someone at risk."""
        note = self._sight.note(note_id)
        return summary.at_risk(self._store, note, self._sight.draft(note, note.number))

    def mark(self, note_id: str, statement_ids: Collection[str]) -> None:
        """Say which sentences could put someone at risk, and that the others could not."""
        note = self._sight.note(note_id)
        self._sight.may_change(note.case_id)
        draft = self._sight.draft(note, note.number)
        words = {each.id: each.text for each in draft.statements}
        if set(statement_ids) - words.keys():
            raise UnknownError
        before = summary.at_risk(self._store, note, draft)
        changed = [(prepared.AT_RISK, key) for key in words if key in set(statement_ids) - before]
        changed += [(prepared.NO_RISK, key) for key in words if key in before - set(statement_ids)]
        with writing(self._store) as connection:
            for kind, key in changed:
                entry = (kind, self._person.id, prepared.encode_mark(key, words[key]))
                self._store.notes.decide(connection, note, entry, note.state)

    # --- within ---

    def _to_release(self, note_id: str, number: int, entry_id: str) -> tuple[Note, Entry, str]:
        note = at(self._sight, note_id, number)
        state = self._move(note, Move.RELEASE)
        entry = prepared.waiting(self._store.notes.decisions(note.id), note)
        if entry is None or entry.id != entry_id:
            raise StateError(OVERTAKEN)
        return note, entry, state

    def _still_safe(self, note: Note, made: Prepared) -> None:
        """StateError once somebody is known of whom nobody knew when it was prepared."""
        near = self._around(note, self._case(note))
        risky = summary.at_risk(self._store, note, self._sight.draft(note, note.number))
        for line in made.lines:
            new = {each.words for each in near.found(line.text)} - set(line.cleared)
            if new or line.id in risky:
                raise StateError(
                    "something is known now that was not when this was prepared: send it back, so "
                    "that each sentence is looked at again"
                )

    def _why_not(self, note: Note) -> str:
        try:
            self._move(note, Move.RELEASE)
        except (NotAllowedError, StateError) as error:
            return error.sentence
        return ""

    def _move(self, note: Note, move: Move) -> str:
        waits = prepared.waiting(self._store.notes.decisions(note.id), note)
        by = waits.actor_id if waits else ""
        standing = replace(self._sight.standing(note), prepared_by=by)
        return next_state(standing, move, self._person.id, Role(self._person.role)).value

    def _offered(self, note: Note, draft: Draft, near: Around) -> Summary:
        pictures = [each.id for each in summary.pictures_of(self._store, note)]
        return summary.of(draft, near, pictures, summary.at_risk(self._store, note, draft))

    def _around(self, note: Note, case: Case) -> Around:
        return around(self._store, case.details, note.practitioner_id, recognised)

    def _draft(self, note: Note) -> Draft:
        return self._checking.looked_at(note, self._sight.draft(note, note.number))

    def _case(self, note: Note) -> Case:
        case = self._sight.case(note.case_id)
        if case is None:
            raise StateError("this note belongs to no case yet")
        return case

    def _decide(self, note: Note, kind: str, words: bytes, state: str) -> None:
        with writing(self._store) as connection:
            entry = (kind, self._person.id, words)
            self._store.notes.decide(connection, note, entry, state)


def _looked(line: Offered, near: Around, text: str) -> Looked:
    return Looked(line, text, untrue(text, line.drafted), near.found(text), reads(text))


def _made(offered: Summary, near: Around, choice: Choice) -> Prepared:
    """What is kept of a choice; NotAllowedError for what is not offered, StateError for a field."""
    lines = {each.id: each for each in offered.lines}
    pictures = {each.recording for each in offered.pictures}
    nothing = not choice.texts and not choice.pictures
    if nothing or choice.texts.keys() - lines.keys() or set(choice.pictures) - pictures:
        raise NotAllowedError(_TEAM_ONLY)
    return Prepared(
        tuple(_worded(lines[key], near, choice) for key in lines if key in choice.texts),
        tuple(choice.pictures),
        _said(choice.seen_by, "seen-by"),
        _said(choice.kept_for, "kept-for"),
    )


def _worded(line: Offered, near: Around, choice: Choice) -> Worded:
    text = clean(choice.texts[line.id], f"text-{line.id}")
    if wrong := untrue(text, line.drafted):
        raise StateError(wrong[0].rstrip("."), field=f"text-{line.id}")
    found = near.found(text)
    cleared = choice.cleared.get(line.id, ())
    if any(each.words not in cleared for each in found):
        raise StateError(CLEAR_FIRST, field=f"clear-{line.id}")
    kept = tuple(each.words for each in found)
    return Worded(line.id, line.section, line.original, line.drafted, text, kept)


def _said(words: str, field_: str) -> str:
    if len(words) > MAX_SAID:
        raise StateError("that is too long: say it in two short sentences", field=field_)
    return words.strip()
