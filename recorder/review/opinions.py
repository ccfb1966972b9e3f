"""What young people think of their summaries: two questions, and for supervisors only counts of people.

Nobody on the staff is shown who answered what. So that it can hardly be worked out either, nothing is told
of fewer than five people, and numbers go in steps of five: one more answer shows only at a step.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict

from recorder.errors import UnknownError
from recorder.review.sight import Sight
from recorder.review.summary import Shared
from store.feedback import Answers, Feedback
from store.people import Member
from store.session import now_ms
from store.store import Store

QUESTIONS = ("sounds", "helped")
ANSWERS = ("yes", "partly", "no")
STEP = 5
"""People: fewer are not told of."""
DAYS = 180
_DAY_MS = 24 * 60 * 60_000

Counts = Mapping[str, Mapping[str, int]]
"""By question and answer: people, rounded down to whole steps."""


class TheirOpinion:
    """Opened for one young person."""

    def __init__(self, store: Store, person: Member, shown: Callable[[], Sequence[Shared]]) -> None:
        """`shown` gives what they are shown just now."""
        self._store = store
        self._person = person
        self._shown = shown

    def of(self, summary: Shared) -> Answers:
        """What they answered about what they are shown."""
        for each in self._store.young.feedback.of(summary.note_id):
            if each.person_id == self._person.id and each.number == summary.number:
                return each.answers
        return Answers()

    def give(self, note_id: str, question: str, answer: str) -> None:
        """Answer one question; the other stays as it was. UnknownError."""
        shown = next((each for each in self._shown() if each.note_id == note_id), None)
        if shown is None or question not in QUESTIONS or answer not in ANSWERS:
            raise UnknownError
        note = self._store.notes.get(note_id)
        answers = Answers(**{question: answer})
        self._store.young.feedback.give(note, shown.number, self._person.id, answers)


class Opinions:
    """Opened for one supervisor."""

    def __init__(self, store: Store, sight: Sight) -> None:
        self._store = store
        self._sight = sight

    def counts(self) -> Counts:
        """What the young people of this supervisor's teams think, as far as enough of them said."""
        since = now_ms() - DAYS * _DAY_MS
        return counted(self._store.young.feedback.since(self._sight.reach, since))


def counted(found: Iterable[Feedback]) -> Counts:
    """Each young person once, by the last that they answered; no question that too few answered."""
    oldest_first = sorted(found, key=lambda each: each.at)
    told = {}
    for question in QUESTIONS:
        said = [(each.person_id, asdict(each.answers)[question]) for each in oldest_first]
        last = dict(each for each in said if each[1])
        if len(last) >= STEP:
            people = Counter(last.values())
            told[question] = {each: people[each] // STEP * STEP for each in ANSWERS}
    return told
