"""What supervisors are told of young people's answers: people, in steps, and nothing of few."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from recorder.review.opinions import ANSWERS, QUESTIONS, STEP, counted
from store.feedback import Answers, Feedback

_ANSWER = st.sampled_from(["", *ANSWERS])
_SAID = st.tuples(st.integers(0, 14), st.integers(0, 5), _ANSWER, _ANSWER)


def given_by(person: int, at: int, sounds: str = "", helped: str = "") -> Feedback:
    return Feedback(f"p{person}", f"n{at}", 1, at, Answers(sounds, helped))


def test_of_fewer_than_five_people_nothing_is_told_however_often_they_answer() -> None:
    four = [given_by(person, at, "no") for person in range(4) for at in range(9)]
    assert counted(four) == {}
    assert counted([*four, given_by(4, 0, "no")]) == {"sounds": {"yes": 0, "partly": 0, "no": 5}}


def test_the_last_that_somebody_answered_counts_and_an_empty_answer_is_none() -> None:
    before = [given_by(person, 1, "no", "no") for person in range(5)]
    after = [given_by(person, 2, "yes") for person in range(5)]
    whole = {"yes": 0, "partly": 0, "no": 0}
    assert counted([*after, *before]) == {"sounds": whole | {"yes": 5}, "helped": whole | {"no": 5}}


@settings(max_examples=60)
@given(st.lists(_SAID, max_size=60, unique_by=lambda each: each[:2]))
def test_no_number_tells_of_fewer_people_than_it_hides(
    said: list[tuple[int, int, str, str]],
) -> None:
    found = [given_by(*each) for each in said]
    told = counted(found)
    for place, question in enumerate(QUESTIONS, start=2):
        answered = {
            each[0]: each[place] for each in sorted(said, key=lambda s: s[1]) if each[place]
        }
        people = Counter(answered.values())
        assert (question in told) == (len(answered) >= STEP)
        for answer, count in told.get(question, {}).items():
            assert count % STEP == 0
            assert count <= people[answer] < count + STEP
