from __future__ import annotations

from transcribe.corrected import Correction, changes, corrected, said, text_of
from transcribe.model import Segment, Transcript
from transcribe.naming import as_named, given
from transcribe.spoken import UNSURE, label

HEARD = Transcript(
    "model",
    "",
    "en",
    {},
    9000,
    (
        Segment(0, 900, "How are you?", label(0)),
        Segment(1000, 1900, "Fine.", label(1)),
        Segment(2000, 2900, "Good.", label(0)),
        Segment(3000, 3900, "Door.", UNSURE),
    ),
)


def who(*corrections: Correction) -> list[str | None]:
    return [each.speaker for each in as_named(HEARD, corrections).segments]


def voice(place: int, name: str) -> Correction:
    return Correction(place, None, speaker=name, every=True)


def line(place: int, name: str) -> Correction:
    return Correction(place, None, speaker=name)


def test_a_name_for_a_voice_stands_wherever_it_speaks_and_the_latest_counts() -> None:
    assert who(voice(0, "Margaret")) == ["Margaret", "Speaker 2", "Margaret", UNSURE]
    assert who(voice(0, "Margaret"), voice(2, "Ruth"))[:3] == ["Ruth", "Speaker 2", "Ruth"]


def test_a_line_can_be_somebody_elses_and_stays_so_when_its_voice_is_named() -> None:
    assert who(line(2, "Tomasz"), voice(0, "Margaret")) == [
        "Margaret",
        "Speaker 2",
        "Tomasz",
        UNSURE,
    ]


def test_a_line_given_to_a_voice_goes_by_that_voices_name() -> None:
    assert who(line(3, "Speaker 2"), voice(1, "Tomasz"))[1:] == ["Tomasz", "Speaker 1", "Tomasz"]


def test_words_and_names_are_put_right_beside_each_other() -> None:
    both = (Correction(1, "Fine, thanks."), voice(1, "Tomasz"), line(1, "Ruth"))
    assert text_of(said(HEARD.segments[1], 1, both)) == "Fine, thanks."
    assert as_named(corrected(HEARD, both), both).segments[1].speaker == "Ruth"
    assert changes(HEARD, (voice(0, "Margaret"),)) == ()


def test_who_said_so_is_kept_with_each_name() -> None:
    told = Correction(0, None, by="ruth", at=7, speaker="Margaret", every=True)
    assert given(HEARD, (told,)).voices == {"Speaker 1": told}
    assert HEARD.segments[0].speaker == "Speaker 1"  # the machine's word stays
