from __future__ import annotations

import pytest

from recorder.errors import StateError
from recorder.review.web.served import NOT_SENT, TOO_SOON, Served, Spans

HOUR = 3_600_000  # ms
SIZE = 30_000_000  # bytes: an hour as a phone records it
SPAN = (1_800_000, 1_810_000)  # ten seconds in its middle
MIDDLE = (15_000_000, 15_100_000)  # their bytes, more or less


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def served(clock: Clock) -> Served:
    return Served(clock)


def refused(served: Served, session: str = "me", span: tuple[int, int] = SPAN) -> str:
    with pytest.raises(StateError) as error:
        served.prove(session, "r", HOUR, span)
    return error.value.sentence


def test_who_was_sent_the_bytes_and_took_the_time_is_believed(served: Served, clock: Clock) -> None:
    served.sent("me", "r", SIZE, *MIDDLE)
    clock.now += 10
    served.prove("me", "r", HOUR, SPAN)


def test_a_bare_claim_is_not_believed(served: Served, clock: Clock) -> None:
    assert refused(served) == NOT_SENT
    served.sent("somebody else", "r", SIZE, *MIDDLE)
    served.sent("me", "another recording", SIZE, 0, SIZE)
    served.sent("me", "r", SIZE, 0, 1_000_000)  # its beginning
    served.sent("me", "r", SIZE, 25_000_000, SIZE)  # its end
    served.sent("me", "r", SIZE, 15_000_000, 15_000_400)  # next to nothing of it
    clock.now += 100
    assert refused(served) == NOT_SENT


def test_what_came_in_pieces_counts_together(served: Served, clock: Clock) -> None:
    for start in range(*MIDDLE, 1000):
        served.sent("me", "r", SIZE, start, start + 1000)
    clock.now += 10
    served.prove("me", "r", HOUR, SPAN)


def test_nobody_hears_faster_than_a_player_plays(served: Served, clock: Clock) -> None:
    served.sent("me", "r", SIZE, 0, SIZE)
    clock.now += 3.9
    assert refused(served) == TOO_SOON
    clock.now += 1.1
    served.prove("me", "r", HOUR, SPAN)
    # Ten seconds more, and as much time again.
    after = (SPAN[1], SPAN[1] + 10_000)
    assert refused(served, span=after) == TOO_SOON
    clock.now += 5
    served.prove("me", "r", HOUR, after)
    served.prove("me", "r", HOUR, SPAN)  # several sentences may stand on the same words


def test_what_plays_in_its_place_is_as_good_and_is_not_added_up(
    served: Served, clock: Clock
) -> None:
    served.sent("me", "r", SIZE * 10, *MIDDLE)  # of a large original: its beginning
    clock.now += 10
    assert refused(served) == NOT_SENT
    served.sent("me", "r", SIZE, *MIDDLE)
    served.prove("me", "r", HOUR, SPAN)


def test_where_no_length_is_known_anything_of_it_will_do(served: Served, clock: Clock) -> None:
    served.sent("me", "r", SIZE, 0, 1)
    clock.now += 10
    served.prove("me", "r", None, SPAN)


def test_it_is_remembered_for_as_long_as_a_session_may_last(served: Served, clock: Clock) -> None:
    served.sent("me", "r", SIZE, 0, SIZE)
    clock.now += 11 * 3600
    served.prove("me", "r", HOUR, SPAN)
    clock.now += 2 * 3600
    assert refused(served) == NOT_SENT


def test_only_so_much_is_remembered(served: Served, clock: Clock) -> None:
    served.sent("me", "r", SIZE, 0, SIZE)
    for number in range(2000):
        served.sent("me", f"{number}", SIZE, 0, SIZE)
    clock.now += 10
    assert refused(served) == NOT_SENT


def test_spans_join_where_they_touch() -> None:
    spans = Spans()
    for each in ((0, 10), (20, 30), (10, 12), (5, 5), (40, 41), (11, 25)):
        spans.add(*each)
    assert (spans.length, spans.within(0, 100), spans.within(25, 50)) == (31, 31, 6)
    assert spans.with_(30, 40).length == 41
    assert spans.length == 31
