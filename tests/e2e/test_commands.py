"""Each command as somebody would type it."""

from __future__ import annotations

import json
import re
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from difflib import SequenceMatcher
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from store.age import HybridIdentity, read_recipient, seal_file

if TYPE_CHECKING:
    from tests.e2e.conftest import House, Running

Houses = Callable[[str], "House"]
PEOPLE = [
    {"id": "amara", "name": "Amara Cole", "role": "practitioner"},
    {"id": "jordan", "name": "Jordan", "role": "young_person"},
    {"id": "tyrell", "name": "Tyrell", "role": "peer"},
]
SCRIPT = """\
AMARA COLE: Okay, this is Amara Cole, case note for Jordan, Thursday the fifth of November.
AMARA COLE: I saw Jordan at the library at four o'clock and he was seen alone.
AMARA COLE: The purpose of the visit was to go over his safety plan.
JORDAN: I am not going back there.
AMARA COLE: He was quiet and kept looking at the door.
AMARA COLE: Actions. I will ring his tutor at college tomorrow.
"""
CONTACT = {"date", "start_time", "method", "place", "present", "seen", "seen_alone"}
STATEMENT = {"section", "text", "origin", "speaker", "sources", "checks"}
SEGMENT = {"start_ms", "end_ms", "text", "speaker", "probability", "names"}
TRANSCRIPT = {"model", "model_sha256", "parameters", "language", "segments"}
SECTIONS = set(
    "header purpose what_happened young_person_words observation strength worry analysis decision "
    "action wellbeing".split()
)


@pytest.fixture(scope="module")
def demo(house: Houses) -> tuple[House, dict[str, Any]]:
    """A house in which the demo ran once, and what it said."""
    made = house("demo")
    return made, made.json("demo", "--once", "--home", made.home)


@pytest.fixture(scope="module")
def team(house: Houses) -> House:
    """A house with a team, a case, and a draft note of a drawing: no speech is needed for it."""
    made = house("team")
    made.said("init")
    for handle, role in (("amara", "practitioner"), ("ruth", "supervisor")):
        made.said("people", "add", handle, "--name", handle.title(), "--role", role)
    made.said("cases", "add", "EV-1001", "--name", "Jordan", "--by", "amara")
    drawing = made.scratch / "drawing.jpg"
    drawing.write_bytes((resources.files("recorder.sample") / "drawing.jpg").read_bytes())
    said = made.json("process", drawing, "--case", "EV-1001", "--by", "amara")
    assert said["note"]["case"] == "EV-1001"
    return made


# --- process and draft ---


def test_process_without_a_case_prints_a_note_and_leaves_nothing_behind(house: Houses) -> None:
    made = house("try")
    voice, people = made.scratch / "voice.ogg", made.scratch / "people.json"
    _cut(voice, "20")
    people.write_text(json.dumps({"people": PEOPLE}))
    before = sorted(made.scratch.iterdir())
    said = made.json("process", voice, "--people", people, "--recorded-at", "2026-11-05T17:05")
    _is_format_1(said)
    assert said["note"]["case"] is None
    assert said["note"]["contact"]["date"] == "2026-11-05"
    assert said["transcript"]["model"] == "base"
    assert said["transcript"]["language"] == "en"
    _nothing_is_lost(said)
    assert said["transcript"]["parameters"]["beam_size"]  # it says how it heard
    assert sorted(made.scratch.iterdir()) == before
    assert not made.home.exists()


def test_process_that_is_told_to_end_leaves_nothing_behind(house: Houses, recorder: Path) -> None:
    made = house("told")
    voice = made.scratch / "voice.ogg"
    _cut(voice, "20")
    command = [str(recorder), "process", str(voice)]
    with subprocess.Popen(command, env=made.environ, stdout=subprocess.DEVNULL) as running:
        while not list(made.scratch.glob("recorder-*/home/recorder.db")):
            assert running.poll() is None
        running.send_signal(signal.SIGTERM)
    assert running.returncode == 128 + signal.SIGTERM
    assert list(made.scratch.iterdir()) == [voice]


@pytest.mark.parametrize(
    ("name", "content", "code", "words"),
    [
        ("letter.txt", b"Dear team, here is the plan.", 1, "text file"),
        ("voice.wav", b"RIFF\xff\xff\xff\x00WAVEfmt \x10\x00\x00\x00", 1, "end is missing"),
        ("clip.mp4", b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", 1, "playlist"),
        ("nothing.ogg", b"", 1, ""),
        ("absent.ogg", None, 2, "check its name"),
    ],
)
def test_process_says_in_one_line_why_a_file_is_no_good(
    team: House, name: str, content: bytes | None, code: int, words: str
) -> None:
    path = team.scratch / name
    if content is not None:
        path.write_bytes(content)
    exit_code, line = team.refused("process", path)
    path.unlink(missing_ok=True)
    assert exit_code == code
    assert words in line
    assert name not in line


def test_process_opens_what_was_sealed_for_the_team_and_keeps_nothing(team: House) -> None:
    team = _copy(team, "sealed")
    recipient = read_recipient(team.said("recipient").strip())
    voice, sealed = team.scratch / "voice.ogg", team.scratch / "voice.ogg.age"
    _cut(voice, "7")
    sealed.write_bytes(b"".join(seal_file([recipient], [voice.read_bytes()])))
    voice.unlink()
    before = team.json("status")["recordings"]
    _is_format_1(team.json("process", sealed))
    assert team.json("status")["recordings"] == before
    said = team.json("process", sealed, "--case", "EV-1001", "--by", "amara")
    assert said["note"]["case"] == "EV-1001"
    assert sealed.exists()
    sealed.unlink()


def test_process_of_what_was_sealed_for_somebody_else_says_so(team: House) -> None:
    sealed = team.scratch / "voice.wav.age"
    sealed.write_bytes(b"".join(seal_file([HybridIdentity.new().recipient], [b"RIFF"])))
    exit_code, line = team.refused("process", sealed)
    sealed.unlink()
    assert (exit_code, "not for this team" in line) == (1, True)


def test_process_of_a_file_without_speech_says_so_in_one_line(team: House) -> None:
    silence = team.scratch / "silence.wav"
    _ffmpeg("-f", "lavfi", "-i", "anullsrc=r=16000:cl=mono", "-t", "3", str(silence))
    exit_code, line = team.refused("process", silence, "--json")
    silence.unlink()
    assert exit_code == 1
    assert "No words were heard" in line


def test_draft_makes_a_note_from_a_script(team: House) -> None:
    script, people = team.scratch / "script.txt", team.scratch / "people.json"
    script.write_text(SCRIPT)
    people.write_text(json.dumps(PEOPLE))
    options = ("--kind", "case_note", "--recorded-at", "2026-11-05T16:30", "--people", people)
    said = team.json("draft", script, *options)
    _is_format_1(said)
    _nothing_is_lost(said)
    assert {each["start_ms"] for each in _sources(said)} <= {None}
    (action,) = said["note"]["actions"]
    assert action["due"] == "2026-11-06"
    assert "library" in team.said("draft", script, *options)


# --- demo ---


def test_demo_once_shows_the_whole_path_and_prints_where_things_are(
    demo: tuple[House, dict[str, Any]],
) -> None:
    house, said = demo
    assert said["home"] == str(house.home)
    files = [Path(path) for path in said["files"]]
    assert {path.name for path in files} >= {"case_notes.csv", "manifest.json"}
    assert {path.suffix for path in files} == {".csv", ".json", ".docx"}
    assert all(path.stat().st_size > 0 for path in files)
    assert house.json("status")["notes"] == {"approved": 1}
    assert house.json("audit", "verify")["whole"] is True


def test_demo_once_again_exports_nothing_new(demo: tuple[House, dict[str, Any]]) -> None:
    house, said = demo
    before = house.json("status")
    assert house.json("demo", "--once", "--home", house.home) == said
    assert "nothing new to export" in house.said("demo", "--once", "--home", house.home)
    assert house.json("status") == before
    assert not list((house.home / "intake").rglob("*.*"))


# --- notes, export, erase, audit ---


def test_a_note_is_submitted_returned_and_approved_at_the_command_line(team: House) -> None:
    team = _copy(team, "reviewed")
    (line,) = team.json("notes", "list", "--by", "amara")
    note = line["id"]
    assert (line["case"], line["state"], line["version"]) == ("EV-1001", "draft", 1)
    _is_format_1(team.json("notes", "show", note[:8], "--by", "amara"))
    assert "A picture was added" in team.said("notes", "show", note, "--by", "ruth")
    assert team.refused("notes", "approve", note, "--by", "ruth")[0] == 1  # still a draft
    assert team.said("notes", "submit", note, "--by", "amara") == "submitted version 1\n"
    code, sentence = team.refused("notes", "approve", note, "--by", "amara")
    assert code == 1
    assert "cannot approve" in sentence
    assert team.refused("notes", "return", note, "--by", "ruth")[0] == 1  # without a reason
    returned = team.said("notes", "return", note, "--by", "ruth", typed="Who drew it?")
    assert returned == "returned version 1\n"
    (hit,) = json.loads(team.said("notes", "find", "--as", "ruth", "--json", typed="picture"))[
        "hits"
    ]
    assert hit["id"] == note
    team.said("notes", "submit", note, "--by", "amara")
    assert team.said("notes", "approve", note, "--by", "ruth") == "approved version 1\n"
    assert team.json("notes", "list", "--by", "ruth")[0]["state"] == "approved"


def test_a_note_that_does_not_fit_mosaic_is_refused_with_the_reason(
    team: House, tmp_path: Path
) -> None:
    team = _copy(team, "unfit")
    (line,) = team.json("notes", "list", "--by", "amara")
    team.said("notes", "submit", line["id"], "--by", "amara")
    team.said("notes", "approve", line["id"], "--by", "ruth")
    done = team.run("export", "mosaic", "--to", tmp_path / "pack", "--json")
    assert done.returncode == 1
    said = json.loads(done.stdout)
    assert said["written"] == []
    (refused,) = said["refused"]
    assert any("Mosaic" in reason for reason in refused["reasons"])
    assert any('the line amara = "USERNAME" under [workers]' in r for r in refused["reasons"])
    assert not (tmp_path / "pack").exists()
    checked = team.run("export", "check")
    assert checked.returncode == 1
    lines = checked.stdout.splitlines()
    assert {'case_note = "CODE"', 'amara = "USERNAME"', 'ruth = "USERNAME"'} <= set(lines)


def test_an_erased_case_takes_its_notes_along_and_the_log_still_holds(team: House) -> None:
    after = _copy(team, "erased")
    (line,) = after.json("notes", "list", "--by", "amara")
    erased = after.said("erase", "case", "EV-1001", "--yes")
    assert after.json("notes", "list", "--by", "amara") == []
    assert after.json("cases", "list") == []
    assert after.refused("notes", "show", line["id"], "--by", "ruth")[0] == 1
    # Once more is harmless, and shows the same certificate.
    assert (
        after.said("erase", "case", "EV-1001", "--yes").splitlines()[:2] == erased.splitlines()[:2]
    )
    assert after.json("status")["notes"] == {}
    assert after.json("audit", "verify")["whole"] is True


def test_a_change_to_the_audit_log_is_found(team: House) -> None:
    changed = _copy(team, "changed")
    with closing(sqlite3.connect(changed.home / "recorder.db")) as database, database:
        database.execute("DROP TRIGGER audit_no_delete")
        database.execute("DELETE FROM audit WHERE seq = (SELECT max(seq) - 2 FROM audit)")
    done = changed.run("audit", "verify", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["whole"] is False
    assert "Traceback" not in done.stderr


# --- the house ---


def test_work_is_paused_resumed_and_listed(team: House) -> None:
    assert team.json("work", "list") == {"paused": False, "tasks": []}
    assert "paused" in team.said("work", "pause")
    assert team.json("work", "list")["paused"] is True
    assert "Paused" in team.said("work", "list")
    team.said("work", "resume")
    assert team.said("work", "list") == ""
    assert team.said("work", "retry", "--all").startswith("0 ")
    for words in (["retry"], ["retry", "abc", "--all"]):
        assert team.refused("work", *words)[0] == 2
    assert team.refused("work", "cancel", "abc")[0] == 1


def test_doctor_finds_everything_well_or_says_what_is_not(team: House, house: Houses) -> None:
    findings = team.json("doctor")
    assert {"home", "ffmpeg", "ffprobe", "Python", "disk"} <= {each["check"] for each in findings}
    # How far a file can be closed off is up to the machine; a weak one says what to install.
    assert all(each["well"] or each["check"] == "sandbox" for each in findings)
    bare = house("bare").run("doctor", "--json")
    assert bare.returncode == 1
    wrong = next(each for each in json.loads(bare.stdout) if each["check"] == "home")
    assert not wrong["well"]
    assert "recorder init" in wrong["sentence"]


def test_a_home_open_to_everyone_is_refused(team: House) -> None:
    open_home = _copy(team, "open")
    open_home.home.chmod(0o755)
    code, sentence = open_home.refused("status")
    assert code == 2
    assert "chmod 700" in sentence


def test_a_second_run_on_the_same_home_is_refused(system: Running) -> None:
    second = replace(system.house, environ=system.house.environ | {"RECORDER_PORT": "8499"})
    code, sentence = second.refused("run")
    assert code == 2
    assert "running on this home already" in sentence


def test_a_port_in_use_is_refused(system: Running, team: House) -> None:
    code, sentence = team.refused("run", "--port", str(system.house.port))
    assert code == 2
    assert "something else may be using it" in sentence


@pytest.mark.parametrize(
    "words",
    [
        "bogus",
        "notes bogus",
        "status --bogus",
        "notes list --by nobody",
        "process x.ogg --case EV-9 --by amara",
        "process x.ogg --case EV-1001 --by nobody",
        "process x.ogg --case EV-1001",
        "erase case EV-9 --yes",
        "people add amara --name Another --role supervisor",
        "people add a/b --name Another --role supervisor",
        "cases add EV-1001 --name Other --by amara",
        "cases add EV-2 --name Other --by amara --mosaic-id x1",
        "init",
        "run --port 99999",
        "export mosaic --to",
    ],
)
def test_what_cannot_be_done_as_typed_is_one_line_and_exit_code_2(team: House, words: str) -> None:
    code, _ = team.refused(*words.split())
    assert code == 2


def test_a_missing_home_is_one_line_that_says_how_to_make_one(house: Houses) -> None:
    bare = house("missing")
    for words in ("status", "run", "notes list --by amara", "audit verify", "people list"):
        code, sentence = bare.refused(*words.split())
        assert code == 2
        assert "recorder init" in sentence
    assert not bare.home.exists()


# --- what they have in common ---


def _is_format_1(said: dict[str, Any]) -> None:
    assert said["format"] == 1
    note = said["note"]
    assert set(note) >= {"kind", "case", "contact", "statements", "actions", "quotes", "left_out"}
    assert set(note["contact"]) >= CONTACT
    assert note["statements"]
    for statement in note["statements"]:
        assert set(statement) == STATEMENT
        assert statement["section"] in SECTIONS
        assert statement["sources"]
    assert all(set(each) == {"what", "who", "due"} for each in note["actions"])
    assert all(set(each) == {"text", "why", "start_ms", "end_ms"} for each in note["left_out"])
    assert set(said["transcript"]) == TRANSCRIPT
    assert all(
        len(each) == 64 for each in (note["made_with"]["template"], *note["made_with"]["models"])
    )
    assert all(set(each) == SEGMENT for each in said["transcript"]["segments"])


def _nothing_is_lost(said: dict[str, Any]) -> None:
    """Every sentence that was heard stands in a statement or among what was left out."""
    note = said["note"]
    kept = [_words(each["text"]) for each in (*note["statements"], *note["left_out"])]
    heard = " ".join(each["text"] for each in said["transcript"]["segments"])
    for sentence in re.split(r"(?<=[.!?])\s+", heard):
        assert any(_holds(each, _words(sentence)) for each in kept), sentence


def _holds(kept: list[str], sentence: list[str]) -> bool:
    """Whether the words of a sentence are there in their order, but for hesitations and repairs."""
    matcher = SequenceMatcher(None, kept, sentence, autojunk=False)
    same = sum(block.size for block in matcher.get_matching_blocks())
    return same >= 0.8 * len(sentence)


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"[\w’']+", text.lower()) if word not in {"um", "uh", "er"}]


def _sources(said: dict[str, Any]) -> list[dict[str, Any]]:
    return [source for each in said["note"]["statements"] for source in each["sources"]]


def _copy(house: House, name: str) -> House:
    """Another house just like this one, to do harm to."""
    target = house.home.with_name(name)
    shutil.copytree(house.home, target)
    return replace(house, home=target)


def _cut(target: Path, seconds: str) -> None:
    """The beginning of the sample's voice note."""
    with resources.as_file(resources.files("recorder.sample") / "voice-note.ogg") as whole:
        _ffmpeg("-i", str(whole), "-t", seconds, "-c", "copy", str(target))


def _ffmpeg(*words: str) -> None:
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *words], check=True)
