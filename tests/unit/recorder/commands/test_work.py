"""`recorder work` on a real home."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result

from recorder.commands.work import work
from recorder.errors import UsageError
from recorder.home import Home
from store.agreements import Said
from store.cases import CaseDetails
from store.people import Member
from store.records import QUARANTINED, RECEIVED, Arrival, Recording


@pytest.fixture
def aside(home: Home) -> list[Recording]:
    """Three recordings that were set aside; the agreement to the middle one was taken back."""
    amara = home.store.people.add(Member("", "practitioner", "amara", "Amara Cole", None), "test")
    case = home.store.cases.add(CaseDetails("EV-1", "Jordan"), amara.id, "test")
    for number in range(3):
        sealed = home.store.recordings.seal(case.id, [bytes(number + 1)])
        arrival = Arrival(case.id, case.id, amara.id, "wav", "audio", "note.wav", number, "file")
        made, _ = home.store.recordings.register(sealed, arrival)
        if number == 1:
            home.store.agreements.take_back(made, Said("Jordan", "no", "today"), "test")
        else:
            home.store.recordings.quarantine(made, "TooManyTries")
    return sorted(home.store.recordings.all(), key=lambda each: each.recorded_at)


def _work(home: Home, *words: str) -> Result:
    return CliRunner().invoke(work, [*words, "--home", str(home.folder)])


def test_everything_is_tried_again_but_what_somebody_took_their_agreement_back_from(
    home: Home, aside: list[Recording]
) -> None:
    assert _work(home, "retry", "--all").output == "2 to be tried again\n"
    states = [home.store.recordings.get(each.id).state for each in aside]
    assert states == [RECEIVED, QUARANTINED, RECEIVED]


def test_why_a_recording_is_not_tried_again_is_said(home: Home, aside: list[Recording]) -> None:
    refused = _work(home, "retry", aside[1].id).exception
    assert isinstance(refused, UsageError)
    assert "has to agree" in str(refused)
    home.store.recordings.cancel(home.store.recordings.retry(aside[0].id, "test").id, "test")
    assert _work(home, "retry", aside[0].id[:12]).output == "1 to be tried again\n"
