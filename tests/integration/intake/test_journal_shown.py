"""Every state of a file, as it comes about in a real folder, at the command line and on the page."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from recorder.commands.arrivals import arrivals
from recorder.commands.home import status
from recorder.commands.journal import _STATES, journal
from recorder.errors import UsageError, sentence_for
from recorder.home import open_receiving
from recorder.intake.adopter import Adopter
from recorder.intake.keyless import Keyless
from recorder.intake.watch import Watcher
from recorder.review.web import words
from recorder.review.web.app import create_app
from store import age
from store.journal import (
    ARRIVING,
    ATTENTION,
    DROPPED,
    DUPLICATE,
    GONE,
    LEFT_OUT,
    REMOVED,
    SEALED,
    SETTLING,
    Look,
)
from store.people import Member
from store.records import QUARANTINED
from tests.integration.intake.desk import Desk, sound


@pytest.fixture
def browser(desk: Desk) -> TestClient:
    """The practitioner's."""
    return entered(desk, desk.team.practitioner)


def entered(desk: Desk, person: Member) -> TestClient:
    store = desk.home.store
    app = create_app(
        store, team="T", timezone="Europe/London", hosts=["localhost"], explain=sentence_for
    )
    made = TestClient(app, base_url="http://127.0.0.1", follow_redirects=False)
    made.post("/sign-in", data={"code": store.access.new_link(person.id, "test", 60_000)})
    return made


def said(desk: Desk, *command: str) -> str:
    group = {"arrivals": arrivals, "journal": journal}[command[0]]
    done = CliRunner().invoke(group, [*command[1:], "--home", str(desk.home.folder)])
    if done.exception is not None:
        raise done.exception
    return done.output


def listed(desk: Desk, *options: str) -> dict[str, tuple[str, str, str]]:
    """State, source and sentence of each file, by name, as a machine is told."""
    files = json.loads(said(desk, "journal", "list", "--json", *options))["files"]
    return {Path(f["path"]).name: (f["state"], f["source"], f["sentence"]) for f in files}


def shown(browser: TestClient, address: str = "/arrived") -> dict[str, str]:
    """The text beside each file on the page, by name."""
    page = browser.get(address)
    assert page.status_code == 200
    rows = re.findall(r'<li class="app-row">(.*?)</li>', page.text, re.DOTALL)
    texts = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip() for row in rows]
    return {Path(text.split(" seen ")[0].strip()).name: text for text in texts}


@pytest.fixture
def every_state(desk: Desk) -> Desk:
    """A folder with a file in each state that comes about without a stranger."""
    desk.set(after_intake="keep")
    store, folder = desk.home.store, desk.folder
    (folder / "kept.wav").write_bytes(sound(1))
    (folder / "quiet.wav").write_bytes(sound(2))
    (folder.parent / "whose.wav").write_bytes(sound(3))
    (folder / "letter.docx").write_bytes(b"dear all")
    (folder / "gone.wav").write_bytes(sound(4)[:-9])
    desk.settle()
    (folder / "again.wav").write_bytes(sound(1))
    desk.settle()
    (folder / "gone.wav").unlink()
    quiet = next(e for e in desk.entries() if e.path.endswith("quiet.wav"))
    assert quiet.recording_id is not None
    store.recordings.quarantine(store.recordings.get(quiet.recording_id), "NoSpeech")
    (folder / "removed.wav").write_bytes(sound(5))
    desk.settle()
    (folder / "removed.wav").unlink()
    (folder / "settling.wav").write_bytes(sound(6))
    desk.look(10)
    (folder / "coming.wav").write_bytes(sound(7)[:100])
    desk.look(10)
    return desk


STATES = {
    "coming.wav": ARRIVING,
    "settling.wav": SETTLING,
    "letter.docx": ATTENTION,
    "kept.wav": SEALED,
    "removed.wav": REMOVED,
    "whose.wav": "unassigned",
    "quiet.wav": QUARANTINED,
    "again.wav": DUPLICATE,
    "gone.wav": GONE,
}


def test_every_state_is_told_at_the_command_line(every_state: Desk) -> None:
    found = listed(every_state)
    assert {name: state for name, (state, _, _) in found.items()} == STATES
    assert {name for name, (_, source, _) in found.items() if source == "removed"} == {
        "removed.wav",
        "gone.wav",
    }
    wanting = {name for name, (_, _, sentence) in found.items() if sentence}
    assert wanting == {"letter.docx", "quiet.wav"}
    assert found["quiet.wav"][2] == sentence_for("NoSpeech")
    plain = said(every_state, "journal", "list")
    assert all(name in plain and state in plain for name, state in STATES.items())
    assert "9 files, page 1 of 1" in plain
    for state in STATES.values():
        (only,) = listed(every_state, "--state", state)
        assert STATES[only] == state


def test_every_state_is_told_on_the_page(every_state: Desk, browser: TestClient) -> None:
    found = shown(browser)
    assert found.keys() == _states_of(every_state)
    for name, state in STATES.items():
        assert words.FILES[state] in found[name]
    assert "Try again" in found["letter.docx"]
    assert "Try again" in found["quiet.wav"]
    assert sentence_for("NoSpeech") in found["quiet.wav"]
    assert all(
        "Try again" not in found[name] for name in ("coming.wav", "settling.wav", "kept.wav")
    )
    groups = {group: set(shown(browser, f"/arrived?show={group}")) for group in words.FILE_GROUPS}
    assert groups["all"] == STATES.keys()
    assert groups["needs"] == {"letter.docx", "quiet.wav"}
    assert groups["coming"] == {"coming.wav", "settling.wav"}
    assert set.union(*(each for name, each in groups.items() if name != "all")) == STATES.keys()


def _states_of(desk: Desk) -> set[str]:
    return {Path(entry.path).name for entry in desk.entries()}


def test_every_state_has_its_words_and_stands_in_the_guide() -> None:
    guide = (Path(__file__).parents[3] / "docs" / "INTAKE.md").read_text(encoding="utf-8")
    assert _STATES.keys() == words.FILES.keys() == set(STATES.values()) | {DROPPED, LEFT_OUT}
    assert all(f"| `{state}` |" in guide for state in _STATES)
    grouped = [state for _, states in words.FILE_GROUPS.values() for state in states]
    assert sorted(grouped) == sorted(_STATES)
    explained = said_states()
    assert all(state in explained for state in _STATES)


def said_states() -> str:
    return CliRunner().invoke(journal, ["states"]).output


def test_a_file_that_was_left_is_tried_again_from_the_page(
    every_state: Desk, browser: TestClient
) -> None:
    desk, file = every_state, every_state.folder / "letter.docx"
    desk.patience()  # what was found in it is remembered now
    entry = desk.entry(file)
    page = browser.get("/arrived").text
    token = re.findall(r'name="csrf" value="([^"]+)"', page)[0]
    address = f"/arrived/{entry.id}/again"
    assert f'action="{address}"' in page
    assert browser.post(address, data={"csrf": token}).headers["location"] == "/arrived"
    assert desk.said(file) == (ARRIVING, "again")
    assert "looked into again in a moment" in shown(browser)["letter.docx"]
    assert browser.post(address, data={"csrf": token}).status_code == 409
    desk.look(1)
    assert desk.said(file) == (ATTENTION, "not_taken")
    actors = [e.actor for e in desk.home.store.audit.events() if e.action == "file tried again"]
    assert actors == [desk.team.practitioner.id]


def test_nobody_tries_anothers_file_again(every_state: Desk) -> None:
    other = every_state.home.store.people.add(Member("", "practitioner", "ben", "B", None), "test")
    ben = entered(every_state, other)
    assert shown(ben) == {}
    token = re.findall(r'name="csrf" value="([^"]+)"', ben.get("/arrived").text)[0]
    for file_id in (every_state.entry(every_state.folder / "letter.docx").id, "0" * 32):
        assert ben.post(f"/arrived/{file_id}/again", data={"csrf": token}).status_code == 404


def test_a_file_that_was_left_can_be_tried_again_where_the_work_is(
    every_state: Desk, browser: TestClient
) -> None:
    entry = every_state.entry(every_state.folder / "letter.docx")
    assert f'action="/arrived/{entry.id}/again"' in browser.get("/work").text


def test_a_source_that_stays_does_not_hide_why_its_recording_was_set_aside(
    desk: Desk, browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = desk.folder / "quiet.wav"
    file.write_bytes(sound())

    def refuse(path: Path, *_: bool) -> None:
        raise PermissionError(13, str(path))

    with monkeypatch.context() as read_only:
        read_only.setattr(Path, "unlink", refuse)
        desk.settle()
    (recording,) = desk.home.store.recordings.all()
    desk.home.store.recordings.quarantine(recording, "NoSpeech")
    for told in (listed(desk)["quiet.wav"][2], shown(browser)["quiet.wav"]):
        assert sentence_for("NoSpeech") in told
        assert "remove it by hand" in told


def test_files_are_tried_again_at_the_command_line(every_state: Desk) -> None:
    entry = every_state.entry(every_state.folder / "letter.docx")
    assert said(every_state, "journal", "again", entry.id[:10]) == "1 to be looked into again\n"
    every_state.look(1)
    assert said(every_state, "journal", "again", "--all") == "1 to be looked into again\n"
    for wrong in (["x"], [], [entry.id, "--all"]):
        with pytest.raises(UsageError):
            said(every_state, "journal", "again", *wrong)


def test_thousands_of_files_are_shown_a_page_at_a_time(desk: Desk, browser: TestClient) -> None:
    who, case = desk.team.practitioner, desk.team.case
    looks = [
        Look(f"amara/EV-1001/{number}.wav", case.id, who.id, ATTENTION, 1, "damaged", "Again.")
        for number in range(2_345)
    ]
    desk.home.store.journal.keep(looks, {})
    pages = [shown(browser, f"/arrived?show=needs&page={page}") for page in (1, 2, 47)]
    assert [len(page) for page in pages] == [50, 50, 45]
    assert not pages[0].keys() & pages[1].keys()
    first = browser.get("/arrived?show=needs").text
    assert "page 2 of 47" in first
    assert len(first) < 200_000
    assert shown(browser, "/arrived?show=needs&page=99999") == pages[2]
    assert shown(browser, "/arrived?show=nothing&page=-3").keys() == pages[0].keys()
    assert shown(browser, "/arrived?show=safe") == {}
    told = json.loads(said(desk, "journal", "list", "--json", "--page", "24"))
    assert (told["total"], len(told["files"])) == (2_345, 45)


def test_odd_names_are_shown_and_do_nothing(desk: Desk, browser: TestClient) -> None:
    names = [b"caf\xe9\xff.txt", b"\x1b[31mred.txt", "\u202egpj.txt".encode(), b"<b>bold.txt"]
    for name in names:
        Path(os.fsdecode(os.fsencode(desk.folder) + b"/" + name)).write_bytes(b"dear all")
    desk.settle()
    page, plain = browser.get("/arrived").text, said(desk, "journal", "list")
    seen = CliRunner().invoke(status, ["--home", str(desk.home.folder)])
    assert seen.exit_code == 0
    for text in (page, plain, seen.output, said(desk, "journal", "list", "--json")):
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert "red.txt" in text
        text.encode()
    assert "<b>bold" not in page
    assert r"caf\xe9\xff.txt" in page
    assert browser.get("/work").status_code == 200


# --- a stranger's file, taken in without the root key --------------------------------------------


@pytest.fixture
def stranger(desk: Desk) -> Iterator[Desk]:
    """A home with a file from a stranger's folder, sealed and waiting."""
    (desk.root / "newcomer").mkdir()
    (desk.root / "newcomer" / "visit.wav").write_bytes(sound())
    settings, receiving = open_receiving(desk.home.folder)
    with closing(receiving):
        desk.watcher = Watcher(settings, Keyless(settings, receiving), desk.clock)
        desk.settle()
        Adopter(desk.home).look()
        yield desk


def test_a_strangers_file_is_refused_for_good(stranger: Desk) -> None:
    (waiting,) = json.loads(said(stranger, "arrivals", "list", "--json"))["files"]
    assert "'recorder arrivals drop'" in stranger.entries()[0].sentence
    asked = CliRunner().invoke(
        arrivals, ["drop", waiting["id"][:9], "--home", str(stranger.home.folder)], input="n\n"
    )
    assert asked.exit_code == 1
    assert len(stranger.home.store.arrivals.ids()) == 1
    assert said(stranger, "arrivals", "drop", waiting["id"][:9], "--yes").startswith("removed")
    assert list(stranger.home.store.vault.ids()) == []
    assert said(stranger, "arrivals", "list") == "nothing waits\n"
    assert listed(stranger)["visit.wav"][:2] == (DROPPED, "removed")
    *_, last = stranger.home.store.audit.events()
    assert (last.action, last.object) == ("arrival dropped", waiting["id"])
    stranger.settle()
    Adopter(stranger.home).look()
    assert listed(stranger)["visit.wav"][0] == DROPPED
    with pytest.raises(UsageError, match="no one file"):
        said(stranger, "arrivals", "drop", waiting["id"], "--yes")


def test_a_strangers_sealed_file_does_not_come_back_once_it_is_refused(desk: Desk) -> None:
    """Its source lies there until somebody could open it: then it goes as well."""
    recipient = desk.home.store.laptops.recipients()[0]
    (desk.root / "newcomer").mkdir()
    file = desk.root / "newcomer" / "visit.wav.age"
    file.write_bytes(b"".join(age.seal_file([recipient], [sound()])))
    settings, receiving = open_receiving(desk.home.folder)
    with closing(receiving):
        desk.watcher = Watcher(settings, Keyless(settings, receiving), desk.clock)
        desk.settle()
        Adopter(desk.home).look()
        assert file.exists()
        (waiting,) = json.loads(said(desk, "arrivals", "list", "--json"))["files"]
        said(desk, "arrivals", "drop", waiting["id"], "--yes")
        desk.settle()
        Adopter(desk.home).look()
        assert not file.exists()
        assert [entry.state for entry in desk.entries()] == [DROPPED]
        assert said(desk, "arrivals", "list") == "nothing waits\n"


def test_a_sealed_file_that_did_not_open_is_passed_on_again_when_somebody_asks(desk: Desk) -> None:
    file = desk.folder / "visit.wav.age"
    file.write_bytes(b"".join(age.seal_file([age.new_identity().recipient], [sound()])))
    settings, receiving = open_receiving(desk.home.folder)
    with closing(receiving):
        desk.watcher = Watcher(settings, Keyless(settings, receiving), desk.clock)
        refused = []
        for _ in range(2):
            desk.settle()
            Adopter(desk.home).look()
            assert desk.said(file) == (ATTENTION, "not_taken")
            events = [event.action for event in desk.home.store.audit.events()]
            refused.append(events.count("arrival refused"))
            desk.home.store.files.again(desk.entry(file).id, "test")
        assert refused == [1, 2]
        assert file.exists()


@pytest.mark.parametrize("keyless", [False, True])
def test_a_file_with_a_hole_is_offered_to_be_taken_as_it_is_where_it_can_be(
    desk: Desk, *, keyless: bool
) -> None:
    whole, file = sound(size=2_000_000), desk.folder / "note.wav"
    file.write_bytes(whole[:1_024_000])
    os.truncate(file, len(whole))
    settings, receiving = open_receiving(desk.home.folder)
    with closing(receiving):
        if keyless:
            desk.watcher = Watcher(settings, Keyless(settings, receiving), desk.clock)
        desk.settle()
        desk.patience()
        Adopter(desk.home).look()
    (entry,) = desk.entries()
    assert (entry.state, entry.reason) == (ATTENTION, "sparse")
    assert "Copy it into the folder again" in entry.sentence
    assert ("try again here" in entry.sentence) is not keyless
