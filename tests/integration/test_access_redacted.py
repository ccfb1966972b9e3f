"""What is handed over: of what somebody said is to go, not a letter, not a sample and not a dot is in any file of it."""

from __future__ import annotations

import hashlib
import io
import subprocess
import wave
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import update

from recorder.access.pack import REDACTED, marked, write_access_pack
from recorder.access.rulings import Rulings, label_key
from recorder.codec import encode
from recorder.errors import StateError, sentence_for
from recorder.home import Home
from recorder.sample import Team
from store.cases import Case, CaseDetails
from store.errors import ConflictError, ErasedError
from store.notes import Note
from store.people import Member
from store.records import DRAFTED, Arrival, Recording
from store.redactions import PICTURE, WORDS, Ruling
from store.tables import redactions
from transcribe.corrected import Correction
from transcribe.model import Contact, Draft, Origin, Segment, Source, Statement, Transcript, Word

AT = 1_762_362_300_000
ZONE = "Europe/London"
HEARD = "Then coffee Mensah waited outside."  # and the second word was put right
GONE = ("kofi", "coffee", "mensah")
_PLACE = 34_853  # the EXIF tag of where a photograph was made


@pytest.fixture
def record(home: Home, team: Team) -> dict[str, Recording]:
    """Somebody else in a note, in a voice note that was put right, in a photograph, and in what nobody heard."""
    made = {
        "voice": _recording(home, team, "audio", "ogg", _voice()),
        "photo": _recording(home, team, "picture", "jpeg", _photo()),
        "unheard": _recording(home, team, "audio", "wav", _tone()),
    }
    words = tuple(Word(1000 * n, 1000 * n + 500, f" {w}", 0.9) for n, w in enumerate(HEARD.split()))
    segments = (Segment(0, 4500, HEARD, None, 0.9, words),)
    heard = Transcript("base", "0" * 64, "en", {}, 8000, segments, unheard=((6000, 7000),))
    source = (Source(recording=made["voice"].id, start_ms=0, end_ms=4500),)
    said = Statement("s1", "what_happened", "Kofi Mensah waited.", Origin.MACHINE, None, source)
    mine = (team.case.id, team.case.id, team.practitioner.id)
    draft = encode(Draft("case_note", Contact(place="The hall"), (said,)))
    with home.store.database.write() as connection:
        home.store.recordings.keep_transcript(connection, made["voice"], encode(heard))
        new = Note("", *mine, "case_note", "draft", 0, 1, AT)
        note_id = home.store.notes.create(connection, new, draft, None)
        for each in ("voice", "photo"):
            home.store.recordings.advance(connection, made[each], DRAFTED, note_id=note_id)
    right = Correction(0, "Then Kofi Mensah waited outside.", team.practitioner.id, AT)
    home.store.corrections.add(made["voice"], 1, encode(right), team.practitioner.id)
    return made


def _recording(home: Home, team: Team, kind: str, ending: str, content: bytes) -> Recording:
    mine = (team.case.id, team.case.id, team.practitioner.id)
    arrival = Arrival(*mine, ending, kind, f"x.{ending}", AT, "file")
    sealed = home.store.recordings.seal(team.case.id, [content])
    return home.store.recordings.register(sealed, arrival)[0]


def _tone() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        at = np.arange(8 * 16_000) / 16_000
        file.writeframes((8000 * np.sin(2 * np.pi * 300 * at)).astype("<i2").tobytes())
    return out.getvalue()


def _voice() -> bytes:
    made = ["ffmpeg", "-v", "error", "-i", "-", "-c:a", "libopus", "-f", "ogg", "-"]
    return subprocess.run(made, input=_tone(), capture_output=True, check=True).stdout


def _photo() -> bytes:
    out, exif = io.BytesIO(), Image.Exif()
    exif.get_ifd(_PLACE)[1] = "N"
    exif[270] = "Kofi Mensah at home"  # what the photographer wrote
    Image.new("RGB", (200, 100), "white").save(out, "JPEG", exif=exif)
    return out.getvalue()


def _decided(home: Home, case: Case) -> list[Ruling]:
    """All that is marked goes, and further words that nothing marked."""
    found = []
    for entry in marked(home.store, case, ZONE, Rulings({})):
        for line in entry.lines:
            places = [(line.key, each) for each in line.spans]
            places += [(label_key(line), each) for each in line.label_spans]
            found += [Ruling(WORDS, key, (s.start, s.end), goes=True) for key, s in places]
            at = line.text.find("coffee Mensah")
            if at >= 0:
                found.append(Ruling(WORDS, line.key, (at, at + 13), goes=True, why="misheard"))
    return found


def _pack(home: Home, team: Team, to: Path, *, redacted: bool = True) -> Path:
    made = write_access_pack(home.store, team.case, to, ZONE, "test", redacted=redacted)
    assert made.damaged == 0
    return to


def test_nothing_of_what_goes_is_in_any_file_of_what_is_handed_over(
    home: Home, team: Team, record: dict[str, Recording], tmp_path: Path
) -> None:
    box = Ruling(PICTURE, record["photo"].id, (0, 0, 500, 1000), goes=True)
    home.store.redactions.add(team.case.id, 1, [*_decided(home, team.case), box], "dora")
    whole = {
        name: text.lower()
        for name, text in _texts(_pack(home, team, tmp_path / "a", redacted=False))
    }
    for word in GONE:
        assert any(word in text for text in whole.values()), f"{word} was never there"
    out = _pack(home, team, tmp_path / "b")
    for name, text in _texts(out):
        assert [word for word in GONE if word in text.lower()] == [], name
        assert [word for word in GONE if word in name.lower()] == []
    page = (out / "index.html").read_text("utf-8")
    assert "waited outside." in page
    assert "A person listens to it" in page
    assert sorted(each.suffix for each in (out / "media").iterdir()) == [".jpg", ".wav"]
    (event,) = [e for e in home.store.audit.of_case(team.case.id, 99) if e.action == REDACTED]
    wanted = hashlib.sha256((out / "manifest.json").read_bytes()).hexdigest()
    assert home.store.audit.open(event).decode() == wanted
    original = b"".join(home.store.recordings.open(record["voice"].id))
    assert hashlib.sha256(original).digest() == hashlib.sha256(_kept(tmp_path / "a")).digest()


def _kept(pack: Path) -> bytes:
    (voice,) = (pack / "media").glob("*.ogg")
    return voice.read_bytes()


def _texts(pack: Path) -> Iterator[tuple[str, str]]:
    """Every file, and every part of a file that holds others, as text in the codings that hide nothing."""
    for path in sorted(pack.rglob("*")):
        if not path.is_file():
            continue
        parts = {path.name: path.read_bytes()}
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as held:
                parts |= {f"{path.name}/{name}": held.read(name) for name in held.namelist()}
        for name, content in parts.items():
            yield name, content.decode("latin-1") + content.decode("utf-16-le", "replace")


def test_the_sound_is_silent_where_it_was_said_and_where_nobody_could_make_it_out(
    home: Home, team: Team, record: dict[str, Recording], tmp_path: Path
) -> None:
    assert record
    home.store.redactions.add(team.case.id, 1, _decided(home, team.case), "dora")
    (path,) = (_pack(home, team, tmp_path / "out") / "media").glob("*.wav")
    with wave.open(str(path)) as file:
        sound = np.frombuffer(file.readframes(file.getnframes()), np.int16)
    loud = [
        bool(np.abs(sound[at * 16 : (at + 100) * 16]).max() > 1000) for at in range(0, 7900, 100)
    ]
    silent = {*range(1000, 1500, 100), *range(2000, 2500, 100), *range(6000, 7000, 100)}
    edges = {900, 1500, 1600, 1900, 2500, 2600}
    for place, is_loud in enumerate(loud):
        if place * 100 not in edges:
            assert is_loud is (place * 100 not in silent), place * 100


def test_a_part_of_a_photograph_is_black_and_nothing_is_written_in_it(
    home: Home, team: Team, record: dict[str, Recording], tmp_path: Path
) -> None:
    box = Ruling(PICTURE, record["photo"].id, (0, 0, 500, 1000), goes=True)
    home.store.redactions.add(team.case.id, 1, [*_decided(home, team.case), box], "dora")
    (path,) = (_pack(home, team, tmp_path / "out") / "media").glob("*.jpg")
    with Image.open(path) as made:
        assert not made.getexif()
        left, right = made.crop((0, 0, 90, 100)), made.crop((110, 0, 200, 100))
        assert max(top for _, top in left.getextrema()) < 10  # type: ignore[misc]
        assert min(low for low, _ in right.getextrema()) > 245  # type: ignore[misc]


def test_what_came_after_all_was_decided_is_not_handed_over(
    home: Home, team: Team, record: dict[str, Recording], tmp_path: Path
) -> None:
    home.store.redactions.add(team.case.id, 1, _decided(home, team.case), "dora")
    right = Correction(0, "Then Kofi Mensah waited for Kofi.", team.practitioner.id, AT + 1)
    home.store.corrections.add(record["voice"], 2, encode(right), team.practitioner.id)
    with pytest.raises(StateError, match=r"nobody has decided yet in [1-9]"):
        _pack(home, team, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("record")
def test_a_sentence_of_our_own_is_never_marked_whatever_people_are_called(
    home: Home, team: Team
) -> None:
    home.store.people.add(Member("", "practitioner", "said", "Said", None), "test")
    home.store.cases.add(CaseDetails("EV-9", "Person Handed Written"), team.practitioner.id, "test")
    found = [
        line
        for entry in marked(home.store, team.case, ZONE, Rulings({}))
        for line in entry.lines
        if "A person listens to it" in line.text
    ]
    assert [line.spans for line in found] == [()]


@pytest.mark.usefixtures("record")
def test_what_comes_between_the_check_and_the_writing_is_not_handed_over(
    home: Home, team: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recorder.access.pack.marked", lambda *_: iter(()))  # nothing, just then
    with pytest.raises(StateError, match=r"nobody has decided yet in [1-9]"):
        _pack(home, team, tmp_path / "out")
    assert [each.name for each in tmp_path.iterdir()] == ["home"]


def test_how_a_recording_stands_is_said_in_words(
    home: Home, team: Team, record: dict[str, Recording]
) -> None:
    home.store.recordings.quarantine(record["unheard"], "NoSpeech")
    said = {
        line.text: line.spans
        for entry in marked(home.store, team.case, ZONE, Rulings({}))
        for line in entry.lines
        if line.heading == "State" and entry.media
    }
    assert said == {"In a note.": (), f"Set aside. {sentence_for('NoSpeech')}": ()}


def test_of_two_who_decide_at_once_the_second_is_told(home: Home, team: Team) -> None:
    ruling = Ruling(WORDS, "k", (0, 4), goes=True)
    home.store.redactions.add(team.case.id, 1, [ruling], "dora")
    with pytest.raises(ConflictError):
        home.store.redactions.add(team.case.id, 1, [ruling], "dan")
    assert [each.actor_id for each in home.store.redactions.of(team.case.id)] == ["dora"]


@pytest.mark.usefixtures("record")
@pytest.mark.parametrize("how", ["changed", "removed"])
def test_a_decision_that_was_tampered_with_hands_nothing_over(
    home: Home, team: Team, tmp_path: Path, how: str
) -> None:
    rulings = _decided(home, team.case)
    home.store.redactions.add(team.case.id, 1, rulings, "dora")
    stays = [Ruling(WORDS, "k", (0, 4), goes=False)]
    home.store.redactions.add(team.case.id, 2, stays, "dora")
    first = (redactions.c.case_id == team.case.id) & (redactions.c.number == 1)
    with home.store.database.write() as connection:
        if how == "changed":
            connection.execute(update(redactions).where(first).values(sealed=b"broken"))
        else:
            connection.execute(redactions.delete().where(first))
    with pytest.raises(StateError, match="restore a backup beside it"):
        _pack(home, team, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    made = write_access_pack(home.store, team.case, tmp_path / "all", ZONE, "test")
    assert made.damaged == 1, "what is held is there all the same, and it is said"


def test_decisions_are_erased_with_the_record(home: Home, team: Team) -> None:
    ruling = Ruling(WORDS, "k", (0, 4), goes=True)
    home.store.redactions.add(team.case.id, 1, [ruling], "dora")
    home.store.erasing.case(team.case.id, "test")
    with pytest.raises(ErasedError):
        home.store.redactions.of(team.case.id)
