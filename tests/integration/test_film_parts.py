"""What people do about films of which a part is missing, late or damaged; and workers that are killed."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from recorder.commands.work import work as command
from recorder.errors import UsageError, sentence_for
from recorder.home import Home
from recorder.review.desk import Desk
from recorder.review.web.app import create_app
from recorder.sample import Team
from recorder.scheduler import Scheduler, work_off
from recorder.workers import Pool
from store.agreements import Said
from store.people import Member
from store.records import (
    AGREEMENT_NEEDED,
    CHAPTER,
    DRAFTED,
    GATHERING,
    QUARANTINED,
    WITHDRAWN,
)
from tests.integration import dying
from tests.integration.films import (
    ALL,
    BEGAN,
    by_name,
    damaged,
    heard_in,
    lay,
    sentences,
    settle,
    take_in,
    with_settings,
    work,
)


@pytest.fixture
def enter(home: Home) -> Callable[[Member], TestClient]:
    app = create_app(home.store, team="T", timezone="UTC", hosts=["a"], explain=sentence_for)

    def entered(person: Member) -> TestClient:
        browser = TestClient(app, base_url="http://127.0.0.1", follow_redirects=False)
        code = home.store.access.new_link(person.id, "test", 60_000)
        browser.post("/sign-in", data={"code": code})
        return browser

    return entered


def press(browser: TestClient, path: str) -> int:
    token = re.search(r'name="csrf" value="([^"]+)"', browser.get("/search").text)
    assert token is not None
    return browser.post(path, data={"csrf": token[1]}).status_code


def states(home: Home, *names: str) -> list[str]:
    found = by_name(home)
    return [found[name].state for name in names]


@pytest.mark.parametrize("role", ["practitioner", "supervisor"])
def test_a_person_has_a_film_go_on_without_what_is_missing(
    agreed: Home,
    folder: Path,
    shelf: Path,
    team: Team,
    enter: Callable[[Member], TestClient],
    role: str,
) -> None:
    lay(shelf, folder, ALL[0], ALL[2])
    settle(agreed)
    browser, ids = enter(getattr(team, role)), by_name(agreed)
    for page in ("/work", "/arrived"):
        text = browser.get(page).text
        assert text.count("Part 2 of this film is not here.") == 2
        assert f'action="/recordings/{ids[ALL[2]].id}/go-on"' in text
    path = f"/recordings/{ids[ALL[2]].id}/go-on"
    assert press(browser, path) == 303
    work_off(work(agreed))
    assert states(agreed, ALL[0], ALL[2]) == [DRAFTED, CHAPTER]
    assert press(browser, path) == 409
    assert "film hurried" in [each.action for each in agreed.store.audit.events()]
    assert agreed.store.audit.verify()


def test_nobody_else_has_it_go_on(
    agreed: Home, folder: Path, shelf: Path, enter: Callable[[Member], TestClient]
) -> None:
    lay(shelf, folder, ALL[0])
    settle(with_settings(agreed, chapter_wait_minutes=120))
    lay(shelf, folder, ALL[2])
    settle(agreed)
    ben = agreed.store.people.add(Member("", "practitioner", "ben", "Ben", None), "test")
    late = by_name(agreed)[ALL[2]]
    assert press(enter(ben), f"/recordings/{late.id}/go-on") == 404
    assert agreed.store.recordings.get(late.id).state == GATHERING


def test_the_command_says_what_is_missing_and_goes_on(
    agreed: Home, folder: Path, shelf: Path
) -> None:
    lay(shelf, folder, ALL[1])
    settle(agreed)
    at = ["go-on", "--home", str(agreed.folder), by_name(agreed)[ALL[1]].id[:9]]
    said = CliRunner().invoke(command, at)
    assert said.output.startswith("Part 1 of this film is not here."), said.exception
    work_off(work(agreed))
    assert states(agreed, ALL[1]) == [DRAFTED]
    assert isinstance(CliRunner().invoke(command, at).exception, UsageError)


def test_a_full_last_part_is_said_to_be_followed_by_another_perhaps(
    agreed: Home, folder: Path, shelf: Path, team: Team
) -> None:
    lay(shelf, folder, ALL[0], ALL[1])
    settle(agreed)
    tray = Desk(agreed.store, team.practitioner).tray
    said = tray.wanting(by_name(agreed)[ALL[0]])
    assert said == "Part 2 is as long as its camera makes them, so another may follow."
    tray.go_on(by_name(agreed)[ALL[0]].id)
    work_off(work(agreed))
    assert states(agreed, ALL[0], ALL[1]) == [DRAFTED, CHAPTER]
    assert tray.wanting(by_name(agreed)[ALL[0]]) == ""


def test_the_notes_of_a_film_and_of_its_late_part_lead_to_each_other(
    agreed: Home,
    folder: Path,
    shelf: Path,
    team: Team,
    enter: Callable[[Member], TestClient],
) -> None:
    hasty = with_settings(agreed, chapter_wait_minutes=0)
    lay(shelf, folder, ALL[0], ALL[2])
    settle(hasty)
    browser, link = enter(team.practitioner), 'href="/notes/{}">The note with another part'
    first = by_name(agreed)[ALL[0]].note_id
    assert "another part of it" not in browser.get(f"/notes/{first}").text
    lay(shelf, folder, ALL[1])
    settle(hasty)
    late = by_name(agreed)[ALL[1]].note_id
    assert late != first
    assert link.format(late) in browser.get(f"/notes/{first}").text
    assert link.format(first) in browser.get(f"/notes/{late}").text


def test_a_first_part_that_does_not_decode_stops_no_other(
    home: Home, folder: Path, shelf: Path, team: Team
) -> None:
    lay(shelf, folder, ALL[1], ALL[2])
    (folder / ALL[0]).write_bytes(damaged(shelf / ALL[0]))
    settle(home)
    assert states(home, *ALL) == [AGREEMENT_NEEDED, CHAPTER, CHAPTER]
    consent = Desk(home.store, team.practitioner).consent
    consent.give(by_name(home)[ALL[0]].id, Said("Jordan", "in person", "today"))
    settle(home)
    found = by_name(home)
    assert [found[name].state for name in ALL] == [QUARANTINED, DRAFTED, CHAPTER]
    assert found[ALL[0]].reason == "Undecodable"
    first = found[ALL[1]]
    assert first.recorded_at == round(BEGAN.timestamp() * 1000)  # when the film began
    film = home.store.captures.film(first.id)
    assert [each.recording.id for each in film] == [found[name].id for name in ALL[1:]]
    starts = [part.capture.chapter.start_ms for part in film if part.capture.chapter]
    assert [round(at / 1000) for at in starts] == [0, 5]
    assert round(heard_in(home, first).duration_ms / 1000) == 8
    said = sentences(home, first)
    assert "Part 1 of this film is missing. It goes on with part 2." in said
    # Who agreed to the film agreed to what is left of it, and can take it back.
    assert [each.said.who for each in consent.standing(first.id).entries] == ["Jordan"]
    consent.take_back(first.id, Said("Jordan", "rang", "today"))
    assert {each.reason for each in by_name(home).values()} == {WITHDRAWN}  # what is left out, too
    assert home.store.audit.verify()


def test_a_film_of_which_nothing_decodes_is_set_aside_part_by_part(
    agreed: Home, folder: Path, shelf: Path
) -> None:
    lay(shelf, folder)
    for name in ALL:
        (folder / name).write_bytes(damaged(shelf / name))
    settle(agreed)
    work_off(work(agreed))
    assert states(agreed, *ALL) == [QUARANTINED] * 3
    assert {each.reason for each in by_name(agreed).values()} == {"Undecodable"}
    assert agreed.store.notes.all() == []


def test_a_film_whose_workers_are_killed_in_its_middle_is_drafted_once(
    agreed: Home, folder: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECORDER_AGREEMENT", "")  # for the workers, which open the home themselves
    monkeypatch.setattr("recorder.retrying._FIRST_WAIT_MS", 10)
    lay(shelf, folder, *ALL)
    take_in(agreed)
    killed = ["before 2", "within 2", "heard 8000"]  # between two files, in one, between windows
    dying.deaths(agreed.folder).write_text("\n".join(killed))
    stop, pool = threading.Event(), Pool(agreed, dying.job, 1)
    going = threading.Thread(target=Scheduler(agreed, pool).run, args=(stop, 0.1))
    going.start()
    try:
        for _ in range(2400):
            if DRAFTED in states(agreed, *ALL):
                break
            stop.wait(0.1)
    finally:
        stop.set()
        going.join()
    assert dying.deaths(agreed.folder).read_text() == ""
    assert states(agreed, *ALL) == [DRAFTED, CHAPTER, CHAPTER]
    (note,) = agreed.store.notes.all()
    assert note.number == 1
    heard = heard_in(agreed, by_name(agreed)[ALL[0]])
    assert round(heard.duration_ms / 1000) == 13
    assert len({segment.text for segment in heard.segments}) == 4
    drafted = [each for each in agreed.store.audit.events() if each.action == "recording drafted"]
    assert len(drafted) == 1
    assert agreed.store.audit.verify()
