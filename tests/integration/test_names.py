"""The real speech model on eleven seconds with names in them, made by tools/make_spoken.py."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recorder.media.readable import BytesReadable
from recorder.media.sniff import TYPES
from recorder.media.sound import pcm
from transcribe.draft import from_transcript
from transcribe.draft.taken import TAKEN, name_checks
from transcribe.engine import Engine, FasterWhisper
from transcribe.mending import mended
from transcribe.model import Person, Transcript
from transcribe.scoring import Scorer
from transcribe.unaided import put_in
from transcribe.vocabulary import GLOSSARY, hotwords
from transcribe.weighing import VERSION

PEOPLE = (Person("Tanisha", "young_person"), Person("Delroy", "parent"))


@pytest.fixture(scope="module")
def sound() -> bytes:
    file = Path(__file__).parent / "names.ogg"
    return b"".join(pcm(BytesReadable(file.read_bytes()), TYPES["ogg"]))


@pytest.fixture(scope="module")
def unaided(engine: Engine, sound: bytes) -> Transcript:
    return engine.hear([sound], language="en", hotwords=None)


def text(transcript: Transcript) -> str:
    return " ".join(segment.text for segment in transcript.segments)


def test_names_nobody_told_it_are_misspelt_by_the_model_and_put_right(
    engine: Engine, unaided: Transcript
) -> None:
    made = mended(unaided, PEOPLE, GLOSSARY, engine.common)
    assert "Delroy" not in text(unaided)
    assert "Tanisha" not in text(unaided)
    assert "Delroy kicked me out." in text(made)
    assert "it's Tanisha." in text(made)
    marked = [word for part in made.segments for word in part.words if word.heard is not None]
    assert [word.text for word in marked] == ["Tanisha.", "Delroy"]
    assert all(word.heard is not None and word.heard in text(unaided) for word in marked)
    heard = from_transcript("r", made, None)
    told = [check.code for one in heard for check in name_checks(one.names, one.text)]
    assert told == [TAKEN, TAKEN]


def test_with_the_names_as_hints_there_is_nothing_to_put_right(
    engine: Engine, sound: bytes
) -> None:
    heard = engine.hear([sound], language="en", hotwords=hotwords(PEOPLE))
    made = mended(heard, PEOPLE, GLOSSARY, engine.common)
    assert "Delroy kicked me out." in text(heard)
    assert not any(word.heard for part in made.segments for word in part.words)


def test_people_who_are_not_in_it_are_not_put_in(engine: Engine, sound: bytes) -> None:
    strangers = (Person("Siobhan", "young_person"), Person("Kwame", "peer"))
    heard = engine.hear([sound], language="en", hotwords=hotwords(strangers))
    made = text(mended(heard, strangers, GLOSSARY, engine.common))
    assert "Siobhan" not in made
    assert "Kwame" not in made


def test_spelling_becomes_british(engine: Engine, unaided: Transcript) -> None:
    assert "favorite color" in text(unaided)
    assert "favourite colour" in text(mended(unaided, PEOPLE, GLOSSARY, engine.common))


def test_a_name_that_the_search_missed_is_found_when_the_model_is_asked(
    engine: Engine, sound: bytes
) -> None:
    """Del and Roy may be two people: only that they sound the same as Delroy decides."""
    names = [person.name for person in PEOPLE]
    heard = engine.hear([sound], language="en", hotwords=None, names=names)
    words = [word for segment in heard.segments for word in segment.words]
    assert [word.text for word in words if word.perhaps == "Delroy"] == ["Del", "Roy"]
    assert "Delroy kicked me out." in text(mended(heard, PEOPLE, GLOSSARY, engine.common))


def test_a_name_that_hints_put_in_is_told_by_what_the_model_hears_without_them(
    engine: Engine, unaided: Transcript, sound: bytes
) -> None:
    """Delroy as "Del Roy" is Delroy; a stranger's name in his place is not, nor are all others."""
    assert isinstance(engine, FasterWhisper)
    model = engine._model
    samples = np.frombuffer(sound, "<i2").astype(np.float32) / 32768
    encoded = np.asarray(model.encode(model.feature_extractor(samples)))[0]
    heard = [word for segment in unaided.segments for word in segment.words]
    place = next(at for at, word in enumerate(heard) if word.text == "Del")
    for name, marks in (("Delroy", []), ("Siobhan", [True])):
        put = replace(heard[place], text=name, probability=0.1, end_ms=heard[place + 1].end_ms)
        words = [*heard[:place], put, *heard[place + 2 :]]
        ask = Scorer(model, encoded, "en", [name])
        found = list(put_in(words, [name], (), ask.unaided))
        assert [(one.heard or "").startswith("Del") for one in found] == marks


def test_a_draft_tells_with_which_names_it_was_weighed_and_by_which_rules(engine: Engine) -> None:
    """Hearing that was cut off goes on only with the same ones."""
    one, other = (engine.parameters(None, [name]) for name in ("Tanisha", "Delroy"))
    assert one["names_sha256"] != other["names_sha256"]
    assert one["names_asked"] == 1
    assert one["weighing"] == VERSION
    assert "Tanisha" not in str(one)


def test_places_of_the_team_are_put_right_without_being_hints(
    engine: Engine, tmp_path: Path
) -> None:
    said = "He was seen at the youth club in Roehampton, and then he went to Earlsfield."
    spoken = tmp_path / "said.wav"
    subprocess.run(
        ["espeak-ng", "-v", "en-gb", "-s", "150", "-w", str(spoken), said], check=True, timeout=60
    )
    sound = b"".join(pcm(BytesReadable(spoken.read_bytes()), TYPES["wav"]))
    unaided = engine.hear([sound], language="en", hotwords=None)
    assert "Roehampton" not in text(unaided)
    heard = engine.hear([sound], language="en", hotwords=None, terms=GLOSSARY)
    words = [
        word for part in mended(heard, (), GLOSSARY, engine.common).segments for word in part.words
    ]
    assert [(word.text, word.heard) for word in words if word.text.startswith("Roe")] == [
        ("Roehampton,", "Rohampton")
    ]
