"""Speech that was not understood and sound that is lost are told, with where to listen."""

from recorder.gaps import unheard, with_damage
from transcribe.model import Origin, Source, Statement


def test_each_stretch_without_words_is_a_sentence_to_listen_to() -> None:
    first, second = unheard("r1", [(1000, 8200), (60_000, 62_400)])
    assert first.sources == (Source("r1", 1000, 8200),)
    assert first.text == "Somebody speaks here for 7 seconds, and no words were made out."
    assert [check.code for check in first.checks] == ["unheard"]
    assert first.origin is Origin.MACHINE
    assert first.id != second.id
    assert "2 seconds" in second.text


def test_where_all_was_heard_nothing_is_said() -> None:
    assert unheard("r1", ()) == ()


def test_sound_that_is_lost_is_told_and_what_was_said_beside_it_is_marked() -> None:
    said = [
        Statement(f"s{at}", "worry", "He said so.", Origin.MACHINE, None, (Source("r1", at, end),))
        for at, end in [(0, 1000), (60_000, 66_000), (80_000, 81_000)]
    ]
    lost, unknown, *others = with_damage(said, "r1", [(67_400, 7000), (200_000, 0)])
    assert lost.text == (
        "Part of this recording is damaged: about 7 seconds at 1:07 could not be read. "
        "Ask for the original on the device."
    )
    assert lost.sources == (Source("r1", 67_400, 72_400),)
    assert "something at 3:20 could not be read" in unknown.text
    marked = [[check.code for check in each.checks] for each in others]
    assert marked == [[], ["beside_gap"], []]


def test_a_short_loss_is_not_made_longer_and_none_is_not_told() -> None:
    (told,) = with_damage((), "r1", [(0, 46)])
    assert "up to a second and a half at 0:00" in told.text
    assert with_damage((), "r1", ()) == ()
