"""What lies in a folder for sessions waits until somebody in it agreed."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest

from recorder.pipeline import Work
from recorder.review.desk import Desk as ReviewDesk
from recorder.scheduler import work_off
from store.agreements import Said
from store.records import AGREEMENT_NEEDED, DRAFTED
from tests.ear import Saying
from tests.integration.intake.desk import Desk, sound


def states(desk: Desk, **files: bytes) -> dict[str, str]:
    """What becomes of files at these places below the case's folder, by name."""
    for name, content in files.items():
        path = desk.folder / Path(name.replace("__", "/")).with_suffix(
            ".jpg" if content[:2] == b"\xff\xd8" else ".wav"
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    desk.settle()
    work_off(Work(desk.home, lambda: Saying("We talked about school.")))
    store = desk.home.store
    found = store.recordings.all()
    return {Path(store.recordings.details(each.id).name).stem: each.state for each in found}


def test_only_what_is_heard_in_a_session_waits(desk: Desk) -> None:
    drawing = (resources.files("recorder.sample") / "drawing.jpg").read_bytes()
    found = states(
        desk,
        own=sound(1),
        session__talk=sound(2),
        SESSION__later__more=sound(3),
        sessions__other=sound(4),
        session__drawn=drawing,
    )
    assert found == {
        "own": DRAFTED,
        "talk": AGREEMENT_NEEDED,
        "more": AGREEMENT_NEEDED,
        "other": DRAFTED,
        "drawn": DRAFTED,
    }


def test_it_is_written_down_once_they_agreed(desk: Desk) -> None:
    assert states(desk, session__talk=sound(1)) == {"talk": AGREEMENT_NEEDED}
    (waiting,) = desk.home.store.recordings.all()
    consent = ReviewDesk(desk.home.store, desk.team.practitioner).consent
    consent.give(waiting.id, Said("Jordan", "in person", "today"))
    assert states(desk) == {"talk": DRAFTED}


@pytest.mark.parametrize("names", [(), ("Gespräch", "room 2")])
def test_the_names_of_such_folders_are_a_setting(desk: Desk, names: tuple[str, ...]) -> None:
    desk.set(agreement_folders=names)
    found = states(desk, **{"session__a": sound(1), "Room 2__b": sound(2)})
    assert found == {"a": DRAFTED, "b": AGREEMENT_NEEDED if names else DRAFTED}
