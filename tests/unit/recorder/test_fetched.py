"""A model that is brought in is kept only with the sum that was asked for, and checked ever after."""

import hashlib
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from recorder.commands.models import models
from recorder.config import FILE
from recorder.errors import ModelError, UsageError
from recorder.fetched import fetch, verify
from recorder.models import folder

WEIGHTS = b"weights " * 1000
SUM = hashlib.sha256(WEIGHTS).hexdigest()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    made = tmp_path / "brought"
    made.mkdir()
    for name, content in {
        "model.bin": WEIGHTS,
        "config.json": b"{}",
        "tokenizer.json": b"{}",
        "README.md": b"not needed",
    }.items():
        (made / name).write_bytes(content)
    return made


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def test_a_fetched_model_is_found_by_its_name(source: Path, cache: Path) -> None:
    made = fetch("small", source, SUM.upper(), cache)
    assert made == folder("small", cache)
    assert made.sha256 == SUM
    assert {path.name for path in made.path.iterdir()} >= {"model.bin", "pinned.json"}
    assert not (made.path / "README.md").exists()


def test_weights_with_another_sum_are_refused_and_nothing_is_kept(
    source: Path, cache: Path
) -> None:
    with pytest.raises(ModelError, match="SHA-256"):
        fetch("small", source, "0" * 64, cache)
    assert list(cache.iterdir()) == []


def test_a_refused_model_leaves_the_one_before(source: Path, cache: Path) -> None:
    fetch("small", source, SUM, cache)
    (source / "model.bin").write_bytes(b"other")
    with pytest.raises(ModelError):
        fetch("small", source, SUM, cache)
    assert verify("small", cache).sha256 == SUM


def test_a_folder_without_a_model_is_refused(source: Path, cache: Path) -> None:
    (source / "tokenizer.json").unlink()
    with pytest.raises(ModelError, match="no speech model"):
        fetch("small", source, SUM, cache)


@pytest.mark.parametrize("name", ["base", "../elsewhere", "", "Small", "a/b"])
def test_a_name_that_means_something_else_is_refused(name: str, source: Path, cache: Path) -> None:
    with pytest.raises(UsageError):
        fetch(name, source, SUM, cache)


@pytest.mark.parametrize("changed", ["model.bin", "tokenizer.json"])
def test_a_file_that_was_changed_is_found(changed: str, source: Path, cache: Path) -> None:
    made = fetch("small", source, SUM, cache)
    (made.path / changed).write_bytes(b"something else")
    with pytest.raises(ModelError):
        folder("small", cache)
    with pytest.raises(ModelError):
        verify("small", cache)


def test_verify_believes_no_note_of_an_earlier_look(source: Path, cache: Path) -> None:
    made = fetch("small", source, SUM, cache)
    folder("small", cache)
    before = (made.path / "model.bin").stat()
    (made.path / "model.bin").write_bytes(WEIGHTS.replace(b"w", b"v"))
    os.utime(made.path / "model.bin", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert folder("small", cache).sha256 == SUM  # it looks as it did
    with pytest.raises(ModelError):
        verify("small", cache)


def test_the_commands_bring_in_list_and_check(source: Path, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('model = "small"\nmodels = "cache"\n', encoding="utf-8")
    run, home = CliRunner(), ["--home", str(tmp_path)]
    made = run.invoke(models, ["fetch", "small", "--from", str(source), "--sha256", SUM, *home])
    assert made.exit_code == 0, made.output
    listed = run.invoke(models, ["list", *home])
    assert f"small  {SUM}  in use" in listed.output
    assert "base  905e5bf8336bcc62" in listed.output
    checked = run.invoke(models, ["verify", *home])
    assert checked.output == f"small  {SUM}  as pinned\n"
