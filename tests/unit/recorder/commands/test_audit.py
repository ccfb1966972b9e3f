"""`recorder audit` and the checkpoints that `recorder run` writes, on a real home."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from recorder.commands.audit import audit
from recorder.commands.serve import _Upkeep
from recorder.home import Home
from store.checkpoint import kept, load
from store.errors import CheckpointError
from tests.homes import new_home


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = new_home(tmp_path / "home")
    for number in range(5):
        made.store.audit.record("somebody", f"did {number}", "thing")
    yield made
    made.close()


def _run(home: Home, *words: str) -> Result:
    return CliRunner().invoke(audit, [*words, "--home", str(home.folder)])


def _rewrite(home: Home) -> None:
    """What somebody with the database file might do."""
    with home.store.database.write() as connection:
        connection.execute(text("DROP TRIGGER audit_no_update"))
        connection.execute(text("UPDATE audit SET actor = 'other' WHERE seq = 4"))


class _Once(threading.Event):
    """Told to stop at the first pause."""

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout == 3600
        self.set()
        return True


def test_a_whole_log_agrees_with_the_checkpoints_in_the_folder(home: Home) -> None:
    written = Path(_run(home, "checkpoint").output.strip())
    assert written.parent == home.folder / "checkpoints"
    home.store.audit.record("somebody", "did more", "thing")
    assert _run(home, "verify").output == "the audit log is whole: 6 events, 1 checkpoints agree\n"
    told = json.loads(_run(home, "verify", "--json").output)
    assert told == {"whole": True, "events": 6, "checkpoints": 1}
    assert _run(home, "verify", "--checkpoint", str(written)).exit_code == 0


def test_a_row_that_was_put_back_is_named(home: Home) -> None:
    home.store.audit.record("somebody", "case erased", "team")
    found = _run(home, "verify", "--json")
    assert found.exit_code == 1
    assert json.loads(found.stdout) == {"whole": False, "put_back": "team"}
    assert "erased and put back" in found.stderr


def test_a_tampered_log_is_named_by_its_first_bad_event(home: Home) -> None:
    _rewrite(home)
    found = _run(home, "verify", "--json")
    assert found.exit_code == 1
    assert json.loads(found.stdout) == {"whole": False, "first_bad_event": 4}
    assert found.stderr == "recorder: the audit log does not verify: event 4 was changed\n"


def test_a_log_shorter_than_a_checkpoint_elsewhere_is_found(home: Home, tmp_path: Path) -> None:
    signer = home.store.audit.signer()
    path = home.store.audit.checkpoint(tmp_path)
    longer = load(path, signer).text().replace("\n5\n", "\n6\n")
    path.write_bytes(signer.sign(longer))
    found = _run(home, "verify", "--checkpoint", str(path))
    assert found.exit_code == 1
    assert "ends at event 5" in found.stderr


def test_a_file_that_is_no_checkpoint_is_refused(home: Home, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("something else\n", encoding="utf-8")
    found = _run(home, "verify", "--checkpoint", str(tmp_path / "note.txt"))
    assert isinstance(found.exception, CheckpointError)


def test_the_printed_key_is_the_one_that_signs(home: Home) -> None:
    key = _run(home, "key").output.strip()
    assert json.loads(_run(home, "key", "--json").output) == {"key": key}
    note = Path(json.loads(_run(home, "checkpoint", "--json").output)["file"]).read_text("utf-8")
    assert note.splitlines()[0] == key.split("+")[0]


def test_running_signs_the_log_every_hour(home: Home) -> None:
    _Upkeep(home).run(_Once())
    (path,) = kept(home.settings.checkpoints)
    assert load(path, home.store.audit.signer()).size == 5


def test_a_checkpoint_that_fails_is_logged_and_tried_again(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    _rewrite(home)
    with caplog.at_level(logging.ERROR, logger="recorder"):
        _Upkeep(home).run(_Once())
    (record,) = caplog.records
    assert (record.message, vars(record)["reason"]) == ("checkpoint not written", "AuditError")
    assert record.exc_info is None
    assert kept(home.settings.checkpoints) == []
