"""Films that a camera cut into chapters: one recording on one clock, whatever comes when."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Connection
from starlette.testclient import TestClient

from recorder import chapters
from recorder.commands.erase import erase
from recorder.commands.vault import vault
from recorder.errors import StateError, UsageError
from recorder.home import Home
from recorder.intake.receive import watcher
from recorder.pipeline import Work
from recorder.review.desk import Desk
from recorder.review.web.app import create_app
from recorder.sample import Team
from recorder.scheduler import work_off, work_through
from recorder.status import status_of
from store.agreements import Said
from store.errors import HeldError
from store.journal import ATTENTION, LEFT_OUT
from store.records import (
    AGREEMENT_NEEDED,
    CHAPTER,
    DRAFTED,
    ERASED,
    GATHERING,
    QUARANTINED,
    WITHDRAWN,
    Recording,
)
from store.session import Database
from tests.ear import Ear
from tests.gopro import Made, write
from tests.integration.films import (
    ALL,
    BEGAN,
    WALL,
    by_name,
    damaged,
    heard_in,
    lay,
    look_again,
    sentences,
    settle,
    take_in,
    with_settings,
    work,
)


@pytest.mark.parametrize("order", [ALL, ALL[::-1]], ids=["forwards", "backwards"])
def test_chapters_become_one_recording_on_one_clock(
    agreed: Home,
    folder: Path,
    shelf: Path,
    order: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # So small are the files of no camera: a lone first one would be taken for all there is.
    monkeypatch.setattr(chapters, "FULL_BYTES", (shelf / ALL[0]).stat().st_size)
    for name in order:
        lay(shelf, folder, name)
        settle(agreed)
    found = by_name(agreed)
    first, *others = (found[name] for name in ALL)
    assert [each.state for each in (first, *others)] == [DRAFTED, CHAPTER, CHAPTER]
    (note,) = agreed.store.notes.all()
    assert {each.note_id for each in found.values()} == {note.id}
    film = agreed.store.captures.film(first.id)
    assert [part.recording.id for part in film] == [each.id for each in (first, *others)]
    starts = [part.capture.chapter.start_ms for part in film if part.capture.chapter]
    assert [round(at / 1000, 1) for at in starts] == [0.0, 5.0, 10.0]
    heard = heard_in(agreed, first)
    assert round(heard.duration_ms / 1000) == 13
    assert not [text for text in sentences(agreed, first) if "film" in text]
    assert first.recorded_at == round(BEGAN.timestamp() * 1000)
    assert {part.capture.origin for part in film} == {"telemetry"}


def test_a_chapter_that_does_not_decode_stops_no_other(
    agreed: Home, folder: Path, shelf: Path
) -> None:
    lay(shelf, folder, ALL[0], ALL[2])
    (folder / ALL[1]).write_bytes(damaged(shelf / ALL[1]))
    settle(agreed)
    work_off(work(agreed))
    found = by_name(agreed)
    assert [found[name].state for name in ALL] == [DRAFTED, QUARANTINED, CHAPTER]
    assert found[ALL[1]].reason == "Undecodable"
    said = sentences(agreed, found[ALL[0]])
    assert "Part 2 of this film is missing. It goes on with part 3." in said
    assert b"".join(agreed.store.recordings.open(found[ALL[1]].id))


def test_a_film_waits_for_the_chapter_that_is_missing_and_goes_on_without_it(
    agreed: Home, folder: Path, shelf: Path
) -> None:
    lay(shelf, folder, ALL[0], ALL[2])
    settle(agreed)
    look_again(agreed)
    waiting = agreed.store.recordings.all()
    assert {(each.state, each.reason, each.attempts) for each in waiting} == {
        (GATHERING, "ChaptersAwaited", 0)
    }
    look_again(with_settings(agreed, chapter_wait_minutes=0))
    found = by_name(agreed)
    assert [found[name].state for name in (ALL[0], ALL[2])] == [DRAFTED, CHAPTER]
    (said,) = [text for text in sentences(agreed, found[ALL[0]]) if "film" in text]
    assert said == "Part 2 of this film is missing. It goes on with part 3."
    # Silence keeps the end of one part from being heard as the beginning of another's sentence.
    *_, last = agreed.store.captures.film(found[ALL[0]].id)
    assert last.capture.chapter is not None
    assert round(last.capture.chapter.start_ms / 1000) == 5 + 5


def test_a_chapter_as_full_as_the_one_before_may_be_followed_by_another(
    agreed: Home, folder: Path, shelf: Path
) -> None:
    lay(shelf, folder, ALL[0], ALL[1])
    settle(agreed)
    assert {each.state for each in agreed.store.recordings.all()} == {GATHERING}
    look_again(with_settings(agreed, chapter_wait_minutes=0))
    (said,) = [text for text in sentences(agreed, by_name(agreed)[ALL[0]]) if "film" in text]
    assert "may have gone on" in said


def test_a_chapter_that_comes_too_late_is_a_recording_of_its_own_that_says_so(
    agreed: Home, folder: Path, shelf: Path
) -> None:
    hasty = with_settings(agreed, chapter_wait_minutes=0)
    lay(shelf, folder, ALL[0], ALL[2])
    settle(hasty)
    before = by_name(agreed)[ALL[0]]
    words = sentences(agreed, before)
    lay(shelf, folder, ALL[1])
    settle(hasty)
    late = by_name(agreed)[ALL[1]]
    assert late.state == DRAFTED
    assert late.note_id != before.note_id
    capture = agreed.store.captures.of(late.id)
    assert capture is not None
    assert capture.late_for == before.id
    assert any("This is part 2 of a film" in text for text in sentences(agreed, late))
    assert sentences(agreed, before) == words
    assert [part.recording.id for part in agreed.store.captures.film(late.id)] == [late.id]


def test_a_chapter_joins_a_film_that_still_waits_for_an_agreement(
    home: Home, folder: Path, shelf: Path, team: Team
) -> None:
    hasty = with_settings(home, chapter_wait_minutes=0)
    for names in ([ALL[1]], [ALL[0]], [ALL[2]]):
        lay(shelf, folder, *names)
        settle(hasty)
    found = by_name(home)
    states = [found[name].state for name in ALL]
    assert states == [AGREEMENT_NEEDED, CHAPTER, CHAPTER]
    tray = Desk(home.store, team.practitioner).tray.arrivals()
    assert [each.id for each in tray.unagreed] == [found[ALL[0]].id]
    assert not tray.on_the_way
    consent = Desk(home.store, team.practitioner).consent
    consent.give(found[ALL[1]].id, Said("Jordan", "in person", "today"))  # who agrees, to all files
    settle(home)
    assert round(heard_in(home, found[ALL[0]]).duration_ms / 1000) == 13


def _not_joined(home: Home, folder: Path) -> None:
    settle(with_settings(home, agreement=(), chapter_wait_minutes=0, contact_gap_minutes=0))
    assert CHAPTER not in {each.state for each in home.store.recordings.all()}, folder
    assert len(home.store.notes.all()) == len(home.store.recordings.all())


def test_the_same_number_alone_joins_nothing(home: Home, folder: Path, shelf: Path) -> None:
    lay(shelf, folder, ALL[0])
    lay(shelf, folder / "another folder", ALL[1])
    # Numbers begin anew when they run out, and with every other camera.
    write(folder / "GX020034.MP4", None, 0, 1, Made(wall=WALL + timedelta(days=200)))
    write(folder / "gx030034.mp4", None, 0, 1, Made(wall=WALL, camera=bytes(range(2, 18))))
    settle(with_settings(home, agreement=(), chapter_wait_minutes=0, contact_gap_minutes=0))
    found = home.store.recordings.all()
    assert {each.state for each in found} == {DRAFTED}
    assert len({each.note_id for each in found}) == len(found) == 4


@pytest.fixture
def film(agreed: Home, folder: Path, shelf: Path) -> Recording:
    """The film's first chapter, drafted with all that belong to it."""
    lay(shelf, folder, *ALL)
    settle(agreed)
    return by_name(agreed)[ALL[0]]


def test_erasing_a_film_erases_every_chapter_unless_it_is_held(
    home: Home, film: Recording, team: Team
) -> None:
    ids = [part.recording.id for part in home.store.captures.film(film.id)]
    hold = home.store.holds.place(team.case.id, "an inquiry", "test")
    for each in ids:
        with pytest.raises(HeldError):
            home.store.erasing.recording(each, "test")
    home.store.holds.release(hold, "it is over", "test")
    done = home.store.erasing.recording(ids[2], "test")
    assert done.object == ids[2]
    assert home.store.erasing.recording(ids[2], "test") == done
    assert {home.store.recordings.get(each).state for each in ids} == {ERASED}
    assert {each.object for each in home.store.erasing.all()} == set(ids)
    assert [home.store.captures.of(each) for each in ids] == [None] * 3
    assert list(home.store.vault.ids()) == []
    home.store.audit.verify()


def test_what_is_said_of_a_film_holds_for_every_chapter(
    agreed: Home, film: Recording, folder: Path, shelf: Path
) -> None:
    home = agreed
    lay(shelf, folder, ALL[1])  # once more: the same bytes are the same recording
    settle(agreed)
    assert len(home.store.recordings.all()) == 3
    said = Said("Jordan", "rang", "today")
    home.store.agreements.take_back(film, said, "amara")
    aside = home.store.recordings.all()
    assert {(each.state, each.reason) for each in aside} == {(QUARANTINED, WITHDRAWN)}
    home.store.agreements.give(home.store.recordings.get(film.id), said, "amara")
    states = sorted(each.state for each in home.store.recordings.all())
    assert states == [CHAPTER, CHAPTER, DRAFTED]


def test_a_film_that_is_linked_to_a_case_takes_its_chapters_along(
    agreed: Home, folder: Path, shelf: Path, team: Team
) -> None:
    nobodys = folder.parent
    lay(shelf, nobodys, *ALL)
    settle(agreed)
    (note,) = agreed.store.notes.all()
    assert note.case_id is None
    agreed.store.assigning.assign(note, team.case.id, "test")
    moved = agreed.store.recordings.all()
    assert {each.case_id for each in moved} == {team.case.id}
    first = by_name(agreed)[ALL[0]]
    film = agreed.store.captures.film(first.id)
    assert [part.recording.scope for part in film] == [team.case.id] * 3
    assert all(b"".join(agreed.store.recordings.open(each.id)) for each in moved)


def test_a_film_that_is_cut_off_between_chapters_says_the_same_in_the_end(
    agreed: Home, folder: Path, shelf: Path
) -> None:
    lay(shelf, folder, *ALL)
    take_in(agreed)
    while by_name(agreed)[ALL[0]].state != DRAFTED:
        heard: list[int] = []
        cut = Work(agreed, Ear, heard.append, stopping=partial(bool, heard))
        for each in agreed.store.recordings.all():
            work_through(cut, each.id)
    first = by_name(agreed)[ALL[0]]
    assert first.state == DRAFTED
    whole = heard_in(agreed, first)
    assert len(whole.segments) == 4
    assert len({segment.text for segment in whole.segments}) == 4


class Cut(BaseException):
    """The process is gone."""


def test_gathering_that_is_cut_off_at_any_commit_joins_a_film_once(
    agreed: Home, folder: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(shelf, folder, *ALL)
    take_in(agreed)
    left, real = [0], Database.write

    def write_or_die(self: Database) -> AbstractContextManager[Connection]:
        @contextmanager
        def dying() -> Iterator[Connection]:
            with real(self) as connection:
                yield connection
                left[0] -= 1
                if not left[0]:
                    raise Cut  # all was said, and nothing committed

        return dying()

    monkeypatch.setattr(Database, "write", write_or_die)
    deaths = 0
    for step in range(1, 60):
        left[0] = step % 4 + 1
        try:
            work_off(work(agreed))
        except Cut:
            deaths += 1
            continue
        if left[0] > 0:
            break
    assert deaths > 5
    left[0] = 10**9
    work_off(work(agreed))
    found = by_name(agreed)
    assert [found[name].state for name in ALL] == [DRAFTED, CHAPTER, CHAPTER]
    assert len(agreed.store.notes.all()) == 1
    assert round(heard_in(agreed, found[ALL[0]]).duration_ms / 1000) == 13


def test_no_film_is_erased_while_a_file_of_it_lies_in_the_folder(
    home: Home, film: Recording, folder: Path, shelf: Path
) -> None:
    keeping = watcher(with_settings(home, after_intake="keep"))
    lay(shelf, folder, ALL[2])
    for _ in range(3):
        keeping.look()
    said = ["recording", "--home", str(home.folder), "--yes", film.id]
    refused = CliRunner().invoke(erase, said)
    assert isinstance(refused.exception, StateError)
    (folder / ALL[2]).unlink()
    assert CliRunner().invoke(erase, said).exit_code == 0
    assert home.store.recordings.all() == []


def test_previews_are_left_out_and_ask_for_nothing(home: Home, folder: Path, shelf: Path) -> None:
    for name in ("GX010034.LRV", "GX010034.THM", "GS010035.360"):
        (folder / name).write_bytes((shelf / ALL[2]).read_bytes())
    take_in(home)
    seen = {Path(each.path).name: each for each in home.store.journal.waiting()}
    assert {name: each.state for name, each in seen.items()} == {
        "GX010034.LRV": LEFT_OUT,
        "GX010034.THM": LEFT_OUT,
        "GS010035.360": ATTENTION,
    }
    assert "delete it once the recording is kept safe" in seen["GX010034.LRV"].sentence
    (item,) = status_of(home).attention
    assert "360-degree" in item.sentence
    assert len(list(folder.iterdir())) == 3
    assert home.store.recordings.all() == []


def test_a_film_is_written_out_as_the_files_it_came_in(
    home: Home, film: Recording, shelf: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    said = ["export", "--home", str(home.folder), "--by", "amara", film.id]
    refused = CliRunner().invoke(vault, [*said, "--to", str(out / "one.mp4")])
    assert isinstance(refused.exception, UsageError)
    assert CliRunner().invoke(vault, [*said, "--into", str(out)]).exit_code == 0
    assert {path.name: path.read_bytes() for path in out.iterdir()} == {
        name: (shelf / name).read_bytes() for name in ALL
    }


def test_a_press_on_a_sentence_plays_it_from_its_own_file(
    home: Home, film: Recording, team: Team
) -> None:
    assert film.note_id is not None
    app = create_app(home.store, team="T", timezone="Europe/London", hosts=["a"], explain=str)
    browser = TestClient(app, base_url="http://127.0.0.1", follow_redirects=False)
    code = home.store.access.new_link(team.practitioner.id, "test", 60_000)
    browser.post("/sign-in", data={"code": code})
    page = browser.get(f"/notes/{film.note_id}").text
    parts = home.store.captures.film(film.id)
    ids = [part.recording.id for part in parts]
    assert [f'data-play="{each}"' in page for each in ids] == [True] * 3
    assert "3 July 2026, 3:05pm (from the camera, by satellite), in 3 files" in page
    assert "Recording 1, file 2 of 3" in page
    _, second, third = (part.capture.chapter.start_ms for part in parts if part.capture.chapter)
    # What is heard from 8 to 12 seconds into the film lies in two files.
    assert f'data-start="{8000 - second}" data-end="{third - second}"' in page
    assert f'data-start="0" data-end="{12_000 - third}"' in page
    part = browser.get(f"/recordings/{ids[1]}")
    assert part.headers["location"] == f"/recordings/{ids[0]}"
    assert browser.get(f"/recordings/{ids[1]}/media").status_code == 200
