"""Cutting a stream: nothing lost, nothing twice, whatever the sound and however it arrives."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transcribe.clips import RATE, Clip, Cutting, Samples, Span, Window, batches, pack, windows

SMALL = Cutting(window=2.0, clip=1.0, full=0.7, pad=0.1, apart=0.3)
LONGEST = int(SMALL.clip * RATE)
LONGEST_SPAN = int((SMALL.clip - 2 * SMALL.pad) * RATE)
TENTH = RATE // 10


def sound(layout: list[tuple[int, int]]) -> bytes:
    """Speech (ones) and silence (zeros) in turn, in tenths of a second."""
    parts = []
    for speech, silence in layout:
        parts += [np.ones(speech * TENTH, "<i2"), np.zeros(silence * TENTH, "<i2")]
    return np.concatenate(parts).tobytes() if parts else b""


def spoken(samples: Samples) -> list[Span]:
    """Every stretch of ones, cut where it is longer than a span may be."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], samples != 0, [0])).astype(int)))
    spans: list[Span] = []
    for start, end in edges.reshape(-1, 2).tolist():
        spans += [(at, min(at + LONGEST_SPAN, end)) for at in range(start, end, LONGEST_SPAN)]
    return spans


def blocks(pcm: bytes, size: int) -> Iterator[bytes]:
    return (pcm[at : at + size] for at in range(0, len(pcm), size))


def cut(pcm: bytes, size: int = 4096) -> list[Window]:
    return list(windows(blocks(pcm, size), spoken, SMALL))


def clips(found: list[Window]) -> list[Clip]:
    """All clips, counted from the start of the sound."""
    return [
        tuple((one.start + a, one.start + b) for a, b in clip)
        for one in found
        for clip in one.clips
    ]


layouts = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=12)


@settings(deadline=None, max_examples=60)
@given(layouts)
def test_windows_lie_end_to_end_and_cover_the_sound(layout: list[tuple[int, int]]) -> None:
    pcm = sound(layout)
    found = cut(pcm)
    assert found[0].start == 0
    assert [one.end for one in found[:-1]] == [one.start for one in found[1:]]
    assert found[-1].end == len(pcm) // 2


@settings(deadline=None, max_examples=60)
@given(layouts)
def test_every_spoken_sample_is_in_exactly_one_clip(layout: list[tuple[int, int]]) -> None:
    pcm = sound(layout)
    times_heard = np.zeros(len(pcm) // 2, int)
    for clip in clips(cut(pcm)):
        for start, end in clip:
            times_heard[start:end] += 1
    is_speech = np.frombuffer(pcm, "<i2") != 0
    assert np.all(times_heard[is_speech] == 1)
    assert times_heard.max(initial=0) <= 1


@settings(deadline=None, max_examples=60)
@given(layouts)
def test_no_clip_is_longer_than_the_model_takes(layout: list[tuple[int, int]]) -> None:
    for clip in clips(cut(sound(layout))):
        assert all(start < end for start, end in clip)
        assert sum(end - start for start, end in clip) <= LONGEST


@settings(deadline=None, max_examples=60)
@given(layouts)
def test_silence_between_words_is_never_longer_than_two_pads(layout: list[tuple[int, int]]) -> None:
    pcm = sound(layout)
    is_speech = np.frombuffer(pcm, "<i2") != 0
    for clip in clips(cut(pcm)):
        heard = np.concatenate([is_speech[start:end] for start, end in clip])
        between = np.diff(np.flatnonzero(heard), prepend=-1, append=len(heard))
        assert between.max() <= 2 * int(SMALL.pad * RATE) + 1


@settings(deadline=None, max_examples=40)
@given(layouts, st.integers(1, 90_000))
def test_blocks_of_any_size_give_the_same_clips(layout: list[tuple[int, int]], size: int) -> None:
    pcm = sound(layout)
    assert clips(cut(pcm, size)) == clips(cut(pcm))


@settings(deadline=None, max_examples=40)
@given(layouts)
def test_only_a_few_clips_more_than_a_window_are_held(layout: list[tuple[int, int]]) -> None:
    most = int(SMALL.window * RATE) + 2 * LONGEST
    assert all(len(one.samples) <= most for one in cut(sound(layout)))


@settings(deadline=None, max_examples=40)
@given(layouts, st.integers(1, 90_000), st.data())
def test_going_on_from_where_a_window_ended_gives_the_rest(
    layout: list[tuple[int, int]], size: int, data: st.DataObject
) -> None:
    pcm = sound(layout)
    found = cut(pcm)
    done = data.draw(st.integers(0, len(found) - 1))
    start = found[done - 1].end if done else 0
    rest = list(windows(blocks(pcm, size), spoken, SMALL, start))
    assert [one.end for one in rest] == [one.end for one in found[done:]]
    assert clips(rest) == clips(found[done:])


def test_a_place_after_the_end_is_refused() -> None:
    with pytest.raises(ValueError, match="ends before"):
        list(windows([sound([(3, 3)])], spoken, SMALL, RATE))


def test_no_sound_is_one_empty_window() -> None:
    (only,) = cut(b"")
    assert (only.start, only.end, only.clips) == (0, 0, ())


def test_half_a_sample_is_refused() -> None:
    with pytest.raises(ValueError, match="middle of a sample"):
        cut(sound([(3, 3)]) + b"\0")


def test_samples_run_from_minus_one_to_one() -> None:
    pcm = np.array([-32768, 0, 16384], "<i2").tobytes()
    (only,) = cut(pcm)
    assert only.samples.tolist() == [-1.0, 0.0, 0.5]


def tenths(*spans: tuple[float, float]) -> Clip:
    return tuple((round(start * TENTH), round(end * TENTH)) for start, end in spans)


def packed(*spans: tuple[float, float]) -> list[Clip]:
    return pack(tenths(*spans), 100 * TENTH, SMALL)


def test_a_short_pause_is_shared_by_the_words_around_it() -> None:
    assert packed((3, 4), (5, 6)) == [tenths((2, 4.5), (4.5, 7))]


def test_a_long_silence_is_left_out_but_for_its_edges() -> None:
    assert packed((3, 4), (50, 51)) == [tenths((2, 5), (49, 52))]


def test_quiet_is_not_taken_from_before_the_start() -> None:
    assert packed((0.5, 2)) == [tenths((0, 3))]


def test_a_full_clip_ends_at_the_widest_pause_near_its_end() -> None:
    # Speech until 4, 5.6, 7.2, 8.8: the pause before 7.6 is the widest of those near the end.
    spans = ((1, 4), (4.2, 5.6), (5.8, 7.2), (7.6, 8.8), (9, 10.4), (10.6, 12))
    assert [clip[-1][1] for clip in packed(*spans)] == [round(7.4 * TENTH), 13 * TENTH]


def test_no_speech_makes_no_clip() -> None:
    assert packed() == []


def test_the_last_clips_are_shared_by_all_listeners() -> None:
    counted = [[len(each) for each in batches([((0, 1),)] * n, 2, 2)] for n in range(8)]
    assert counted == [
        [],
        [1],
        [1, 1],
        [2, 1],
        [2, 2],
        [2, 2, 1],
        [2, 2, 1, 1],
        [2, 2, 2, 1],
    ]


@given(st.integers(0, 40), st.integers(1, 8), st.integers(1, 4))
def test_every_clip_is_in_one_batch_in_order(number: int, size: int, listeners: int) -> None:
    all_clips: list[Clip] = [((at, at + 1),) for at in range(number)]
    found = batches(all_clips, size, listeners)
    assert [clip for batch in found for clip in batch] == all_clips
    assert all(1 <= len(batch) <= size for batch in found)
