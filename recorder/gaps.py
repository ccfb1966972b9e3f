"""What a note says of what it lacks: parts of a film or its sound, and speech not understood."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from recorder.chapters import goes_on, in_order, missing, numbers_of
from store.captures import Part
from transcribe.model import Check, Origin, Source, Statement

_SECTION = "what_happened"
_AROUND_MS = 5_000  # what to listen to beside a gap
_OPEN_END = (
    "The last part of this film is as long as its camera makes them, and no other came. "
    "The film may have gone on."
)
_BEFORE_MS = 8_000  # the silence at a gap, and what was said just before
_CUT = Check(
    "beside_gap",
    "look",
    "A part of the film is missing just here: this may be cut short, or put right in what is missing.",
)
_CHECK = Check(
    "part_missing",
    "look",
    "Look for the missing file. Take this sentence out once you know that nothing is lost.",
)

_LISTEN = Check(
    "unheard",
    "look",
    "Listen here, and write down what was said. Take this sentence out once nothing is missing.",
)
_DAMAGED = Check(
    "damaged",
    "look",
    "Ask for the original on the device. Take this sentence out once you know that nothing is lost.",
)
_TORN = Check(
    "beside_gap",
    "look",
    "The recording is damaged just here: this may be cut short, or put right in what is lost.",
)


def with_damage(
    statements: Sequence[Statement], recording: str, holes: Sequence[tuple[int, int]]
) -> tuple[Statement, ...]:
    """A draft's statements behind one on each hole in the sound, and a mark on each beside one.

    `holes` are (ms of sound before it, ms lost or 0 where that is not known).
    """
    told = tuple(
        Statement(
            id=f"d{number}",
            section=_SECTION,
            text=_told_of(at, lost),
            origin=Origin.MACHINE,
            speaker=None,
            sources=(Source(recording, at, at + _AROUND_MS),),
            checks=(_DAMAGED,),
        )
        for number, (at, lost) in enumerate(holes, start=1)
    )
    return (*told, *(_marked(each, told, _TORN) for each in statements))


def _told_of(at: int, lost: int) -> str:
    minutes, seconds = divmod(at // 1000, 60)
    much = "something"
    if lost:
        length = round(lost / 1000)
        much = f"about {length} seconds" if length > 1 else "up to a second and a half"
    return (
        f"Part of this recording is damaged: {much} at {minutes}:{seconds:02} could not be read. "
        "Ask for the original on the device."
    )


def unheard(recording: str, stretches: Sequence[tuple[int, int]]) -> tuple[Statement, ...]:
    """One sentence for each stretch (ms) in which somebody speaks and no word was heard."""
    return tuple(
        Statement(
            id=f"u{number}",
            section=_SECTION,
            text=f"Somebody speaks here for {round((end - start) / 1000)} seconds, and no words were made out.",
            origin=Origin.MACHINE,
            speaker=None,
            sources=(Source(recording, start, end),),
            checks=(_LISTEN,),
        )
        for number, (start, end) in enumerate(stretches, start=1)
    )


def gaps(parts: Sequence[Part], length_ms: int) -> tuple[Statement, ...]:
    """One sentence for each gap in a film, standing on where in its sound that is.

    `parts` are all that it was made from, the first alone or all; `length_ms` is of their sound.
    """
    film = in_order(part for part in parts if part.capture.chapter is not None)
    if not film:
        return ()
    said = [*_missing(film), *_late(film), *_end(film, length_ms)]
    return tuple(
        Statement(
            id=f"g{number}",
            section=_SECTION,
            text=text,
            origin=Origin.MACHINE,
            speaker=None,
            sources=(Source(film[0].recording.id, *around),),
            checks=(_CHECK,),
        )
        for number, (text, around) in enumerate(said, start=1)
    )


def with_gaps(
    statements: Sequence[Statement], parts: Sequence[Part], length_ms: int
) -> tuple[Statement, ...]:
    """A draft's statements with what `gaps` says before them, and a mark on each beside a gap."""
    told = gaps(parts, length_ms)
    return (*told, *(_marked(statement, told, _CUT) for statement in statements))


def _marked(statement: Statement, told: Sequence[Statement], mark: Check) -> Statement:
    """A sentence that a gap may have cut, or cut off from what put it right."""
    near = any(_beside(a, b) for each in told for a in each.sources for b in statement.sources)
    return replace(statement, checks=(*statement.checks, mark)) if near else statement


def _beside(gap: Source, said: Source) -> bool:
    if None in (gap.start_ms, gap.end_ms, said.start_ms, said.end_ms):
        return False
    begins, ends = (gap.start_ms or 0) - _BEFORE_MS, gap.end_ms or 0
    return (said.start_ms or 0) <= ends and begins <= (said.end_ms or 0)


def _missing(film: Sequence[Part]) -> Iterator[tuple[str, tuple[int, int]]]:
    if film[0].capture.late_for is not None:
        return  # what came before it is not lost: it is in another note
    gone = missing(numbers_of(film))
    for part in film:
        chapter = part.capture.chapter
        if chapter is None:
            continue
        before = [number for number in gone if number < chapter.number]
        gone = gone[len(before) :]
        if before:
            numbers = " and ".join(map(str, before))
            which = f"Part {numbers}" if len(before) == 1 else f"Parts {numbers}"
            verb = "is" if len(before) == 1 else "are"
            text = f"{which} of this film {verb} missing. It goes on with part {chapter.number}."
            yield text, (chapter.start_ms, chapter.start_ms + _AROUND_MS)


def _late(film: Sequence[Part]) -> Iterator[tuple[str, tuple[int, int]]]:
    capture = film[0].capture
    if capture.late_for is not None and capture.chapter is not None:
        text = (
            f"This is part {capture.chapter.number} of a film. It came when the other parts had "
            "been written down: they are in another note."
        )
        yield text, (0, _AROUND_MS)


def _end(film: Sequence[Part], length_ms: int) -> Iterator[tuple[str, tuple[int, int]]]:
    if film[0].capture.late_for is None and goes_on(film):
        yield _OPEN_END, (max(0, length_ms - _AROUND_MS), length_ms)
