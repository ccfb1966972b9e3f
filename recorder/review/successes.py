"""Celebrating success: a story told without saying whose, for the team's own wall; it takes three.

A worker writes it, its young person says yes to exactly these words, and somebody else on the case who
did not write it lets it stand. Any of them takes it away again, and then it is gone for good.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from recorder.codec import decode_draft
from recorder.errors import NotAllowedError, StateError, UnknownError
from recorder.review import theirs
from recorder.review.recognising import recognised
from recorder.review.sight import Sight
from recorder.review.states import ONLY_READS, State
from recorder.review.traces import Trace, traces
from store.cases import Case
from store.errors import ConflictError, NotFoundError
from store.people import Member
from store.store import Store
from store.stories import AGREED, ASKED, GONE, SHOWN, Stories, Story

MAX_STORY = 600
"""Characters: what one reads standing up."""

_MOST_SHOWN = 8  # lines to begin from
_BEGINS = ("strength", "young_person_words")
CHANGED = "this story stands otherwise now: look at it again"
_WRONG = "take out what could tell whose story this is: here nothing of it can be let stand"
_RESTRICTED = "this record is restricted, so nothing of it is told on a wall"
_OWN = "you wrote this story: somebody else reads it before it stands on the wall"

_STANDS = {
    ASKED: "their young person has not said yes to this yet",
    SHOWN: "this stands on the wall already",
    GONE: "this was taken away, for good: another story can be written",
}


@dataclass(frozen=True, slots=True)
class Beginning:
    """Something that went well, to begin a story from."""

    note_id: str
    at: int  # ms: when they met
    words: str


@dataclass(frozen=True, slots=True)
class Told:
    """A story as whoever sees its case sees it."""

    story: Story
    case: Case
    writer: Member
    refused: str  # why this person does not let it stand; empty where they may


@dataclass(frozen=True, slots=True)
class OfCase:
    """The stories of a young person, and what another could begin from."""

    case: Case
    stories: Sequence[Story]  # newest first
    beginnings: Sequence[Beginning]  # newest first
    refused: str  # why there can be no other just now; empty where there can


class Successes:
    """Opened for one person on the staff."""

    def __init__(self, store: Store, person: Member, sight: Sight) -> None:
        self._store = store
        self._person = person
        self._sight = sight

    # --- the wall ---

    def wall(self) -> list[Story]:
        """What stands on the wall of this person's team, newest first: its words are for all of it."""
        shown = [each for each in self._stories.all(SHOWN) if _is_whole(each)]
        self._store.audit.record(self._person.id, "wall read", self._person.id)
        reach = self._store.circles.reach(self._person.id, frozenset(), supervises=True)
        shut = self._store.circles.restricted()
        return [
            each
            for each in shown
            if each.case_id not in shut
            and (reach.holds(None, each.case_id) or self._sight.sees(each.case_id))
        ]

    def waiting(self) -> list[Story]:
        """Stories that were agreed to and that this person may let stand."""
        agreed = self._stories.all(AGREED)
        shut = self._store.circles.restricted() if agreed else ()  # most days nobody waits
        return [
            each
            for each in agreed
            if each.case_id not in shut and self._may_change(each) and not self._is_mine(each)
        ]

    # --- one case ---

    def of(self, case_id: str) -> OfCase:
        """The stories of a case; UnknownError for one that is not theirs to see."""
        case = self._case(case_id)
        self._store.audit.record(self._person.id, "stories read", case.id)
        stories = self._stories.of(case.id)
        return OfCase(case, stories, self._beginnings(case), self._refused(case, stories))

    def look(self, case_id: str, words: str) -> tuple[Trace, ...]:
        """What in a story could tell whose it is."""
        return traces(self._store, self._case(case_id), words, recognised)

    def ask(self, case_id: str, words: str) -> None:
        """Ask its young person whether this may be told; StateError, NotAllowedError."""
        case = self._case(case_id)
        if refused := self._refused(case, self._stories.of(case.id)):
            raise StateError(refused)
        plain = "\n".join(line.strip() for line in words.strip().splitlines())
        if not plain:
            raise StateError("write the story first", field="story")
        if len(plain) > MAX_STORY:
            raise StateError(
                f"that is too long for a wall: tell it in {MAX_STORY} characters", field="story"
            )
        if self.look(case.id, plain):
            raise StateError(_WRONG, field="story")
        self._stories.ask(self._person.id, case.id, plain)

    # --- one story ---

    def one(self, story_id: str) -> Told:
        """A story of a case that this person sees; UnknownError."""
        story = self._story(story_id)
        case = self._case(story.case_id)
        self._store.audit.record(self._person.id, "stories read", case.id)
        return Told(story, case, self._store.people.get(story.actor_id), self._why_not(story))

    def approve(self, story_id: str) -> None:
        """Let it stand on the wall; NotAllowedError for its writer, StateError."""
        story = self._story(story_id)
        self._sight.may_change(story.case_id)
        if self._is_mine(story):
            raise NotAllowedError(_OWN)
        if why := self._why_not(story):
            raise StateError(why)
        if self.look(story.case_id, story.words):
            raise StateError("somebody is known now whom this story could name: write another")
        with _moving():
            self._stories.approve(story.id, self._person.id)

    def take_down(self, story_id: str) -> None:
        """Tell it no more; StateError if it is gone already."""
        story = self._story(story_id)
        self._sight.may_change(story.case_id)
        with _moving():
            self._stories.take_down(story.id, self._person.id)

    # --- within ---

    @property
    def _stories(self) -> Stories:
        return self._store.young.stories

    def _case(self, case_id: str) -> Case:
        if not self._sight.sees(case_id):
            raise UnknownError
        try:
            case = self._sight.case(case_id)
        except NotFoundError as error:
            raise UnknownError from error
        if case is None:
            raise UnknownError
        return case

    def _story(self, story_id: str) -> Story:
        try:
            story = self._stories.get(story_id)
        except NotFoundError as error:
            raise UnknownError from error
        self._case(story.case_id)
        return story

    def _is_mine(self, story: Story) -> bool:
        return story.actor_id == self._person.id

    def _may_change(self, story: Story) -> bool:
        case_id = story.case_id
        return self._sight.sees(case_id) and case_id not in self._sight.only_reads

    def _refused(self, case: Case, stories: Sequence[Story]) -> str:
        """Why nobody can be asked about another story; empty where they can."""
        if case.id in self._sight.only_reads:
            return ONLY_READS
        if case.id in self._store.circles.restricted():
            return _RESTRICTED
        if not self._store.notes.all(State.APPROVED.value, case_id=case.id):
            return "no note was approved yet: a story is told of what stands in one"
        if self._store.people.of_case(case.id) is None:
            return "they were never invited, so nobody could ask them: invite them first"
        if any(each.state == ASKED for each in stories):
            return "they were asked about a story and have not answered: ask about one at a time"
        return ""

    def _why_not(self, story: Story) -> str:
        """Why this person does not let it stand."""
        if story.case_id in self._sight.only_reads:
            return ONLY_READS
        if story.case_id in self._store.circles.restricted():
            return _RESTRICTED
        if story.state != AGREED:
            return _STANDS[story.state]
        return _OWN if self._is_mine(story) else ""

    def _beginnings(self, case: Case) -> list[Beginning]:
        """What went well by the approved notes, and what the young person said and was answered."""
        notes = self._store.notes.all(State.APPROVED.value, case_id=case.id)
        by_id = {each.id: each for each in notes if self._sight.may_read(each)}
        found = []
        for note_id, payload in self._store.listing.current(by_id.values()).items():
            at = by_id[note_id].contact_at
            lines = [s.text for s in decode_draft(payload).statements if s.section in _BEGINS]
            said = (each for each in theirs.of_note(self._store, note_id) if not each.taken_back)
            lines += [each.saying.words for each in said if each.answers and each.saying.words]
            found += [Beginning(note_id, at, words) for words in lines]
        return sorted(found, key=lambda each: each.at, reverse=True)[:_MOST_SHOWN]


class OwnStories:
    """Opened for the young person whose they are."""

    def __init__(self, store: Store, person: Member) -> None:
        self._store = store
        self._person = person

    def all(self) -> list[Story]:
        """Those that they are asked about or said yes to, newest first."""
        if self._person.case_id is None:
            return []
        found = self._store.young.stories.of(self._person.case_id)
        return [each for each in found if each.state != GONE]

    def agree(self, story_id: str) -> None:
        """Yes: exactly these words may be told. UnknownError, StateError."""
        with _moving():
            self._store.young.stories.agree(self._one(story_id).id, self._person.id)

    def refuse(self, story_id: str) -> None:
        """No, or not any more: it is gone from the wall at once. UnknownError, StateError."""
        with _moving():
            self._store.young.stories.take_down(self._one(story_id).id, self._person.id)

    def _one(self, story_id: str) -> Story:
        found = [each for each in self.all() if each.id == story_id]
        if not found:
            raise UnknownError
        return found[0]


@contextmanager
def _moving() -> Iterator[None]:
    try:
        yield
    except ConflictError as error:
        raise StateError(CHANGED) from error


def _is_whole(story: Story) -> bool:
    """Whether it says that its young person and somebody who did not write it let it stand."""
    return None not in {story.agreed_by, story.approved_by} and story.approved_by != story.actor_id
