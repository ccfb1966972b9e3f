"""Speech that was not understood is told, with where to listen."""

from recorder.gaps import unheard
from transcribe.model import Origin, Source


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
