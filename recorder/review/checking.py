"""The checks on a note's sentences: run anew on what somebody writes, and answered by people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from recorder.around import people_of
from recorder.clock import local
from recorder.codec import encode
from recorder.correcting import CODE, looked_at_again, made_in
from recorder.errors import NotAllowedError, StateError, UnknownError
from recorder.review.revise import clean
from recorder.review.saving import at
from recorder.review.sight import Sight, still_agreed
from recorder.review.standing import follow
from recorder.review.states import Move, Role, State, next_state
from recorder.review.writing import writing
from store.notes import Note
from store.people import Member
from store.records import Recording
from store.store import Store
from templates import type_of
from transcribe.corrected import corrected
from transcribe.draft import from_transcript
from transcribe.draft.cast import Cast, make_cast
from transcribe.draft.checks import Said, checks, unsourced
from transcribe.draft.checks.spans import Stretches
from transcribe.draft.checks.whole import remarks
from transcribe.model import (
    Check,
    Confirmed,
    Draft,
    Origin,
    Remark,
    Source,
    Statement,
    Transcript,
    Utterance,
)

_BEFORE_MS = 20_000  # how far back somebody may have been named whom "she" means
_NOT_SPEECH = {"part_missing", "damaged"}  # what the machine says of a file, not of what was said
_OF_NAMES = {
    "name_taken",
    "name_perhaps",
    "harm_perhaps",
}  # each names in quotation marks what it is about
_UNHEARD = Check(
    "unheard",
    "look",
    "What was said here cannot be read, so this sentence was not compared with it. Check it.",
)


@dataclass(frozen=True, slots=True)
class _Behind:
    """What stands behind a note."""

    cast: Cast
    heard: dict[str, tuple[Recording, Stretches]]  # by recording id, as far as they may be heard


class Checking:
    """For one person's desk."""

    def __init__(self, store: Store, person: Member, sight: Sight, timezone: str) -> None:
        self._store = store
        self._person = person
        self._sight = sight
        self._timezone = timezone

    def checked(self, note: Note, before: Draft, after: Draft) -> Draft:
        """`after` with every sentence that is new or changed since `before` checked anew."""
        old = {each.id: each for each in before.statements}
        fresh = {each.id for each in after.statements if _changed(old.get(each.id), each)}
        if not fresh:
            return after
        behind = self._behind(note, after)
        statements = tuple(
            replace(each, checks=self._checks(each, old.get(each.id), behind))
            if each.id in fresh
            else each
            for each in after.statements
        )
        return replace(after, statements=statements)

    def looked_at(self, note: Note, draft: Draft) -> Draft:
        """The draft with what somebody put right in the recordings since counted in.

        A statement that stood on the old words says so, and is checked anew against the new ones.
        """
        flagged = looked_at_again(self._store, draft, list(self._hearable(draft)))
        if not any(map(_was_put_right, flagged.statements)):
            return draft
        behind = self._behind(note, draft)
        # Words may be put right again, after the statement was flagged for the first time.
        statements = (
            replace(each, checks=self._anew(each, behind)) if _was_put_right(each) else each
            for each in flagged.statements
        )
        return replace(draft, statements=tuple(statements))

    def _anew(self, statement: Statement, behind: _Behind) -> tuple[Check, ...]:
        """What stood there, and what else there is to check; what was answered for stays so."""
        known = {each.code for each in statement.checks}
        told = {each.message for each in statement.checks}
        found = self._checks(statement, None, behind)
        # Nobody has yet answered for what stops the note for another reason than before.
        new = (
            one
            for one in found
            if one.message not in told and (one.blocks or one.code not in known)
        )
        return (*statement.checks, *new)

    def _hearable(self, draft: Draft) -> Iterator[str]:
        for recording_id in {s.recording for each in draft.statements for s in each.sources}:
            with suppress(UnknownError, NotAllowedError):
                recording = self._sight.recording(recording_id or "")
                still_agreed(recording)
                yield recording.id

    def remarks(self, note: Note, draft: Draft) -> tuple[Remark, ...]:
        """What somebody who finishes this note should know of it as a whole."""
        spoken: list[Utterance] = []
        for recording in self._store.recordings.of_note(note.id):
            with suppress(UnknownError, NotAllowedError):
                heard = self._heard(recording)
                spoken += [] if heard is None else from_transcript(recording.id, heard, None)
        return remarks(draft, type_of(draft.kind), spoken)

    def confirm(self, note_id: str, number: int, statement_id: str, why: str) -> int:
        """Keep a sentence as it stands, whatever a check says, and say who knows it to be right.

        The new version's number. Kept with the sentence, among the decisions and in the audit log.
        StateError when there is nothing to answer, or no reason.
        """
        note = at(self._sight, note_id, number)
        move = (Move.EDIT, self._person.id, Role(self._person.role))
        state = next_state(self._sight.standing(note), *move)
        draft = self.looked_at(note, self._sight.draft(note, number))
        answer = Confirmed(self._person.id, self._person.name, clean(why, "why"))
        answered = replace(
            draft, statements=tuple(_answered(s, statement_id, answer) for s in draft.statements)
        )
        if answered == draft:
            raise StateError("there is nothing to answer for in this sentence any more")
        return self._keep(note, answered, answer, state)

    def _keep(self, note: Note, draft: Draft, answer: Confirmed, state: State) -> int:
        with writing(self._store) as connection:
            payload, actor = encode(draft), self._person.id
            number = self._store.notes.add_version(connection, note, payload, actor, state.value)
            now = replace(note, number=number, state=state.value)
            entry = ("confirmed", actor, answer.why.encode())
            self._store.notes.decide(connection, now, entry, state.value)
            follow(self._store, connection, note, state.value, actor)
        return number

    def _behind(self, note: Note, draft: Draft) -> _Behind:
        ids = {source.recording for each in draft.statements for source in each.sources}
        heard = {}
        texts: list[str] = []
        for recording_id in ids - {None}:
            with suppress(UnknownError, NotAllowedError):
                recording = self._sight.recording(recording_id or "")
                transcript = self._heard(recording)
                if transcript is not None:
                    heard[recording.id] = (recording, Stretches(transcript))
                    texts += [each.text for each in transcript.segments]
        people = people_of(self._store, note.practitioner_id, note.case_id)
        return _Behind(make_cast(people, texts), heard)

    def _heard(self, recording: Recording) -> Transcript | None:
        """What was said, as people left it; UnknownError or NotAllowedError if it is not to be heard."""
        transcript = self._sight.transcript(recording)
        return transcript and corrected(transcript, made_in(self._store, recording.id))

    def _checks(
        self, statement: Statement, old: Statement | None, behind: _Behind
    ) -> tuple[Check, ...]:
        before = old.checks if old else ()
        # How the sentence would have read otherwise is about its old words.
        kept = tuple(replace(each, instead=None) for each in before if _holds(each, statement))
        spoken = [
            each for each in statement.sources if each.recording and each.start_ms is not None
        ]
        silent = old is not None and any(each.code in _NOT_SPEECH for each in old.checks)
        if not spoken or silent:
            return unsourced(statement.text)
        if any(each.recording not in behind.heard for each in spoken):
            return (_UNHEARD, *unsourced(statement.text))
        said = self._said(spoken, statement, behind)
        return (*kept, *(checks(statement.text, said) if said.text else unsourced(statement.text)))

    def _said(self, sources: Sequence[Source], statement: Statement, behind: _Behind) -> Said:
        """What was said where a statement stands; of several places, one after the other."""
        found = [(behind.heard[each.recording or ""], each) for each in sources]
        words = [heard.within(each.start_ms or 0, each.end_ms or 0) for (_, heard), each in found]
        (recording, heard), first = found[0]
        began = first.start_ms or 0
        return Said(
            text=" ".join(each.text for each in words),
            recorded=local(recording.recorded_at, self._timezone).date(),
            cast=behind.cast,
            speaker=statement.speaker or next(iter(behind.cast.practitioners), None),
            probability=min(
                (each.probability for each in words if each.probability is not None), default=None
            ),
            before=heard.within(max(0, began - _BEFORE_MS), began - 1).text,
        )


def require_clear(draft: Draft) -> None:
    """StateError while a sentence is not safe to use and nobody answers for it."""
    count = sum(any(each.blocks for each in one.checks) for one in draft.statements)
    if count:
        what = "one sentence" if count == 1 else f"{count} sentences"
        raise StateError(
            f"{what} must be put right first: change what it says, or say who knows it to be right"
        )


def _changed(old: Statement | None, new: Statement) -> bool:
    return new.origin is not Origin.MACHINE and (old is None or old.text != new.text)


def _was_put_right(statement: Statement) -> bool:
    """Whether somebody put right the words that it stands on."""
    return any(each.code == CODE for each in statement.checks)


def _holds(check: Check, statement: Statement) -> bool:
    """Whether a check on a name that was heard is about a word that still stands there."""
    if check.instead is not None and check.instead.split() == statement.text.split():
        return False  # somebody listened, and changed it
    named = check.message.replace("”", "“").split("“")[1::2]
    return check.code in _OF_NAMES and any(each in statement.text for each in named)


def _answered(statement: Statement, statement_id: str, answer: Confirmed) -> Statement:
    if statement.id != statement_id:
        return statement
    checked = tuple(replace(c, confirmed=answer) if c.blocks else c for c in statement.checks)
    return replace(statement, checks=checked)
