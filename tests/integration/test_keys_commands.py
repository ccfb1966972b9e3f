"""The root key's commands on a real home, as they are typed."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from filelock import FileLock

from recorder.commands.home import doctor, init
from recorder.commands.keys import keys
from recorder.config import load
from recorder.doctor import examine
from recorder.errors import ConfigError, UsageError
from recorder.home import Home, create_home, open_home, wrappers_of
from recorder.sample import enrol
from store import shares
from store.keystore import FILE, KeyStore
from tests.invoked import good, refused

WORDS = "correct horse battery staple"
Keys = Callable[..., Result]


@pytest.fixture
def house(home: Home) -> Path:
    enrol(home)
    home.close()
    return home.folder


@pytest.fixture
def run(house: Path, monkeypatch: pytest.MonkeyPatch) -> Keys:
    # What is typed here comes without a terminal; tests/e2e/test_terminal.py has a real one.
    monkeypatch.setattr("recorder.commands.asking.has_terminal", lambda: True)

    def call(*arguments: str, typed: str = "", of: Path = house) -> Result:
        *command, last = arguments[0].split()
        argv = [*command, last, "--home", str(of), *arguments[1:]]
        return CliRunner().invoke(keys, argv, input=typed)

    return call


def _opens(house: Path) -> bool:
    found = open_home(house)
    try:
        assert found.store.audit.verify() > 0
        return found.store.cases.by_ref("EV-1001").details.ref == "EV-1001"
    finally:
        found.close()


def _made(run: Keys, folder: Path, chosen: tuple[int, ...] = (1, 4, 5)) -> list[Path]:
    """Five shares in files, three of them rehearsed."""
    sheets = [folder / f"recovery-share-{number}-of-5.txt" for number in range(1, 6)]
    back = [word for number in chosen for word in ("--rehearse-from", str(sheets[number - 1]))]
    done = run("init", "--shares", "5", "--threshold", "3", "--to", str(folder), *back)
    assert "rehearsed: 3 of the 5 shares open this home" in good(done)
    return sheets


def _state(house: Path) -> Any:
    return json.loads((house / "keys" / FILE).read_text())


# --- recovery shares --------------------------------------------------------------------------


def test_shares_are_made_and_rehearsed_without_questions(
    run: Keys, house: Path, tmp_path: Path
) -> None:
    sheets = _made(run, tmp_path / "shares")
    assert all(sheet.stat().st_mode & 0o777 == 0o600 for sheet in sheets)
    (root,) = _state(house)["roots"]
    assert (root["shares"]["threshold"], root["shares"]["count"]) == (3, 5)
    said = json.loads(good(run("wrap list", "--json")))
    assert said["shares"]["threshold"] == 3
    assert _opens(house)


def test_shares_that_were_not_given_back_do_not_count(
    run: Keys, house: Path, tmp_path: Path
) -> None:
    stopped = run("init", "--shares", "3", "--threshold", "2", typed="")
    assert stopped.exit_code == 1
    folder = tmp_path / "shares"
    back = ["--rehearse-from", str(folder / "recovery-share-1-of-3.txt")]
    few = run("init", "--shares", "3", "--threshold", "2", "--to", str(folder), *back)
    refused(few, UsageError, "2 shares are needed and 1 were given")
    old = [word for n in (1, 2) for word in ("--rehearse-from", str(folder / f"old-{n}"))]
    for n in (1, 2):
        (folder / f"recovery-share-{n}-of-3.txt").rename(folder / f"old-{n}")
    for sheet in folder.glob("recovery*"):
        sheet.unlink()
    assert "rehearsed" in good(
        run("init", "--shares", "3", "--threshold", "2", "--to", str(folder), *old)
    ), "shares of an earlier set of the same root open the home just as well"
    assert _opens(house)


def test_shares_of_another_home_are_no_rehearsal(run: Keys, house: Path, tmp_path: Path) -> None:
    create_home(tmp_path / "other").close()
    root = KeyStore(tmp_path / "other" / "keys")
    other = root.open(wrappers_of(load(tmp_path / "other"))).roots[0]
    back = []
    for share in shares.split(other.secret, 2, 2, "0" * 16):
        path = tmp_path / f"foreign-{share.number}"
        path.write_text(shares.sheet(share, 2))
        back += ["--rehearse-from", str(path)]
    to = str(tmp_path / "to")
    done = run("init", "--shares", "2", "--threshold", "2", "--to", to, *back)
    refused(done, UsageError, "the rehearsal failed")
    assert _state(house)["roots"][0]["shares"] is None


@pytest.mark.parametrize("numbers", [("1", "1"), ("17", "2"), ("3", "4"), ("3", "0")])
def test_odd_numbers_of_shares_are_refused(run: Keys, numbers: tuple[str, str]) -> None:
    done = run("init", "--shares", numbers[0], "--threshold", numbers[1])
    refused(done, UsageError, "--threshold")


def test_every_three_of_five_sheets_recover_a_home_on_a_clean_machine(
    run: Keys, house: Path, tmp_path: Path
) -> None:
    sheets = _made(run, tmp_path / "shares")
    shutil.rmtree(house / "keys")
    with pytest.raises(ConfigError, match="recorder keys recover"):
        open_home(house)
    for number, chosen in enumerate(combinations(sheets, 3)):
        clean = tmp_path / f"clean-{number}"
        shutil.copytree(house, clean)
        back = [word for sheet in chosen for word in ("--from", str(sheet))]
        assert "recovered" in good(run("recover", *back, of=clean))
        assert _opens(clean)
    for few in combinations(sheets, 2):
        back = [word for sheet in few for word in ("--from", str(sheet))]
        refused(run("recover", *back), UsageError, "3 shares are needed and 2 were given")
    assert not (house / "keys" / FILE).exists()


# --- wrappers -----------------------------------------------------------------------------------


def test_a_passphrase_opens_a_home_whose_key_file_is_gone(run: Keys, house: Path) -> None:
    good(run("wrap add", "passphrase", typed=f"{WORDS}\n{WORDS}\n"))
    entries = _state(house)["roots"][0]["entries"]
    assert [each["kind"] for each in entries] == ["file", "passphrase"]
    good(run("wrap remove", entries[0]["id"][:6], typed=f"{WORDS}\n"))
    assert not list((house / "keys").glob("*.key"))
    with pytest.raises(ConfigError, match="no passphrase was given"):
        open_home(house)
    assert "opens      passphrase" in good(run("drill", typed=f"{WORDS}\n"))
    assert WORDS not in (house / "keys" / FILE).read_text()


def test_a_passphrase_file_opens_a_home_unattended(
    run: Keys, house: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "passphrase"
    path.write_text(WORDS + "\n")
    path.chmod(0o600)
    monkeypatch.setenv("RECORDER_PASSPHRASE_FILE", str(path))
    good(run("wrap add", "passphrase"))
    good(run("wrap remove", _state(house)["roots"][0]["entries"][0]["id"]))
    assert _opens(house)
    path.chmod(0o644)
    with pytest.raises(ConfigError, match="readable by others"):
        open_home(house)


def test_a_systemd_credential_opens_a_home(
    run: Keys, house: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "run").mkdir(mode=0o700)
    (tmp_path / "run" / "root").write_bytes(os.urandom(32).hex().encode())
    (tmp_path / "run" / "root").chmod(0o400)
    refused(run("wrap add", "systemd"), UsageError, "systemd gave this process no credentials")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "run"))
    good(run("wrap add", "systemd", "--name", "root"))
    good(run("wrap remove", _state(house)["roots"][0]["entries"][0]["id"]))
    assert _opens(house)
    monkeypatch.delenv("CREDENTIALS_DIRECTORY")
    with pytest.raises(ConfigError, match="no wrapper opens the root key here"):
        open_home(house)


def test_a_key_file_on_a_stick_opens_a_home_while_it_is_in(
    run: Keys, house: Path, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    good(run("wrap add", "file", "--folder", str(stick)))
    good(run("wrap remove", _state(house)["roots"][0]["entries"][0]["id"]))
    assert _opens(house)
    stick.rename(tmp_path / "pulled out")
    with pytest.raises(ConfigError, match="its key file is not here"):
        open_home(house)


def test_the_last_wrapper_stays(run: Keys, house: Path) -> None:
    only = _state(house)["roots"][0]["entries"][0]["id"]
    refused(run("wrap remove", only), UsageError, "last wrapper")
    refused(run("wrap remove", "ffff"), UsageError, "wrap list")
    refused(run("wrap add", "azure"), UsageError, "--key")
    short = run("wrap add", "passphrase", typed="too short\ntoo short\n")
    refused(short, UsageError, "15 characters")
    assert _opens(house)


def test_a_drill_names_what_fails(run: Keys, house: Path) -> None:
    good(run("wrap add", "file"))
    damaged = _state(house)["roots"][0]["entries"][1]
    (house / "keys" / damaged["params"]["path"]).write_text("zz")
    done = run("drill", "--json")
    assert done.exit_code == 1
    outcomes = {each["id"]: each["outcome"] for each in json.loads(done.stdout)["wrappers"]}
    assert outcomes[damaged["id"]] == "fails"
    assert sorted(outcomes.values()) == ["fails", "opens"]
    (wrong,) = [each for each in examine(house) if each.check == "root key"]
    assert not wrong.well
    assert damaged["id"] in wrong.sentence


# --- rotation -----------------------------------------------------------------------------------


def test_a_rotation_voids_old_wrappers_and_shares_and_loses_nothing(
    run: Keys, house: Path, tmp_path: Path
) -> None:
    old = _made(run, tmp_path / "old")
    kept = tmp_path / "copied keys"
    shutil.copytree(house / "keys", kept)
    before = _state(house)["roots"][0]["root"]
    folder = tmp_path / "new"
    sheets = [folder / f"recovery-share-{n}-of-3.txt" for n in (1, 2, 3)]
    back = [word for sheet in sheets[1:] for word in ("--rehearse-from", str(sheet))]
    making = ["--shares", "3", "--threshold", "2", "--to", str(folder), *back]
    assert "rotated" in good(run("rotate", *making))
    assert _state(house)["roots"][0]["root"] != before
    assert _opens(house)
    shutil.move(house / "keys", tmp_path / "new keys")
    back = [word for sheet in old[:3] for word in ("--from", str(sheet))]
    refused(run("recover", *back), UsageError, "do not open this home")
    shutil.copytree(kept, house / "keys")
    with pytest.raises(ConfigError, match="of another home or time"):
        open_home(house)
    back = [word for sheet in sheets[:2] for word in ("--from", str(sheet))]
    good(run("recover", *back))
    assert _opens(house)


def test_a_rotation_takes_every_wrapper_along_but_those_dropped(run: Keys, house: Path) -> None:
    good(run("wrap add", "passphrase", typed=f"{WORDS}\n{WORDS}\n"))
    good(run("wrap add", "file"))
    last = _state(house)["roots"][0]["entries"][2]["id"]
    new = "four other words entirely"
    done = run("rotate", "--without-shares", "--drop", last, typed=f"{new}\n{new}\n")
    assert "rotated" in good(done)
    assert [e["kind"] for e in _state(house)["roots"][0]["entries"]] == ["file", "passphrase"]
    assert len(list((house / "keys").glob("*.key"))) == 1
    trials = json.loads(good(run("drill", "--json", typed=f"{new}\n")))["wrappers"]
    assert [each["outcome"] for each in trials] == ["opens", "opens"]
    assert run("drill", typed=f"{WORDS}\n").exit_code == 1


def test_a_rotation_says_what_becomes_of_recovery_and_runs_alone(run: Keys, house: Path) -> None:
    refused(run("rotate"), UsageError, "--without-shares")
    refused(run("rotate", "--shares", "3"), UsageError, "belong together")
    before = _state(house)
    with FileLock(house / "run.lock"):
        refused(run("rotate", "--without-shares"), ConfigError, "stop it first")
    stopped = run("rotate", "--shares", "3", "--threshold", "2", typed="")
    assert stopped.exit_code == 1
    assert _state(house)["roots"] == before["roots"]
    assert _opens(house)


# --- around -------------------------------------------------------------------------------------


def test_a_new_home_asks_nothing_and_says_what_comes_next(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    done = CliRunner().invoke(init, ["--home", str(folder)])
    assert done.exit_code == 0
    assert "recorder keys init --shares 5 --threshold 3" in done.stdout
    assert {path.stat().st_mode & 0o077 for path in (folder / "keys").iterdir()} == {0}
    found = CliRunner().invoke(doctor, ["--home", str(folder), "--json"])
    (key,) = [each for each in json.loads(found.stdout) if each["check"] == "root key"]
    assert key["well"]
    assert "no recovery shares yet" in key["sentence"]


def test_every_change_of_the_root_key_is_in_the_audit_log(
    run: Keys, house: Path, tmp_path: Path
) -> None:
    _made(run, tmp_path / "shares")
    good(run("wrap add", "file"))
    good(run("wrap remove", _state(house)["roots"][0]["entries"][0]["id"]))
    good(run("drill"))
    good(run("rotate", "--without-shares"))
    found = open_home(house)
    actions = [each.action for each in found.store.audit.events()]
    found.close()
    assert actions[-5:] == [
        "recovery shares rehearsed",
        "root key wrapper added",
        "root key wrapper removed",
        "root key drill",
        "root key rotated",
    ]
