"""Ten thousand arrivals in a watched folder: each whole file once, no part of one, none passed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from recorder.home import Home, create_home
from recorder.intake.identify import is_ignored
from store.cases import Case, CaseDetails
from store.journal import ARRIVING, ATTENTION, DUPLICATE, SEALED, SETTLING
from store.people import Member
from tests.attacks.arrivals import Folder, held, left, tell_all
from tests.attacks.oracle import Attack, Attacks
from tests.attacks.stories import STORIES

_IN_A_HOME = 500  # arrivals


@pytest.mark.parametrize(
    ("way", "full"),
    [("sources removed", 4_000), ("sources kept", 3_000), ("without the root key", 3_000)],
)
def test_each_whole_file_is_held_once_and_no_other(
    way: str, full: int, attack: Attacks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECORDER_AFTER_INTAKE", "keep" if way == "sources kept" else "remove")
    with attack(f"30 arrivals, {way}", full) as arrivals, attack("30 kills in between", 1) as kills:
        while arrivals.attempts < arrivals.planned:
            name = f"{arrivals.attempts}-{kills.attempts}"
            home = create_home(tmp_path / name)
            count = min(_IN_A_HOME, arrivals.planned - arrivals.attempts)
            _try(home, count, arrivals, keyless=way == "without the root key", kills=kills)
            home.close()


def _try(home: Home, count: int, arrivals: Attack, *, keyless: bool, kills: Attack) -> None:
    folder = Folder(home, _cases(home), "amara", arrivals.chance, keyless)
    tell_all(folder, count, STORIES)
    kills.attempts += folder.happened["kills"]
    found = held(home)
    whole = set[tuple[str | None, str]]()
    for made in folder.made:
        # Of each recording that must be, there is one.
        arrivals.check(made.kind, well=all(found[key] == 1 for key in made.must))
        whole |= made.must
    assert not found.keys() - whole - folder.may, "what was never whole is held"
    assert set(found.values()) == {1}
    _every_file_is_accounted_for(folder)
    assert home.store.strays.lost() == []
    home.store.audit.verify()


def _every_file_is_accounted_for(folder: Folder) -> None:
    entries = folder.home.store.journal.recent(1_000_000)
    assert not folder.seen - {entry.path for entry in entries}, "a file was passed over in silence"
    assert not [each for each in entries if each.state in (ARRIVING, SETTLING)]
    states = {entry.path: entry.state for entry in reversed(entries)}
    root, keeps = folder.home.settings.intake, folder.home.settings.after_intake == "keep"
    for path in left(folder.home):
        if not is_ignored(path.name):
            state = states[str(path.relative_to(root))]
            assert state == ATTENTION or (keeps and state in (SEALED, DUPLICATE))


def _cases(home: Home) -> tuple[Case, ...]:
    amara = home.store.people.add(Member("", "practitioner", "amara", "Amara", None), "test")
    return tuple(
        home.store.cases.add(CaseDetails(ref, f"Child {ref}"), amara.id, "test")
        for ref in ("EV-1001", "EV-1002", "Évé 3")
    )
