"""Whom people named: their word on whose a voice is, over the machine's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from transcribe.corrected import Correction
from transcribe.model import Transcript


@dataclass(frozen=True, slots=True)
class Given:
    """What people said of voices, the latest of each."""

    voices: dict[str, Correction]  # by the machine's label: whose it is throughout
    lines: dict[int, Correction]  # by segment: who says this one, whatever the voice


def given(heard: Transcript, corrections: Sequence[Correction]) -> Given:
    """What `corrections` say of the voices in `heard`, which has the machine's labels."""
    found = Given({}, {})
    for each in corrections:
        label = heard.segments[each.segment].speaker
        if each.speaker and each.every and label is not None:
            found.voices[label] = each
        elif each.speaker:
            found.lines[each.segment] = each
    return found


def as_named(heard: Transcript, corrections: Sequence[Correction]) -> Transcript:
    """The transcript with the speakers that people named; the others as the machine has them.

    A line that was given to another voice by its label goes by that voice's name.
    """
    found = given(heard, corrections)
    segments = []
    for place, segment in enumerate(heard.segments):
        line = found.lines.get(place)
        label = line.speaker if line else segment.speaker
        voice = found.voices.get(label or "")
        segments.append(replace(segment, speaker=voice.speaker if voice else label))
    return replace(heard, segments=tuple(segments))
