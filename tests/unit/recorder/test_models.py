"""Models joined from small packages made here; the real weights are joined in an integration test."""

import hashlib
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from recorder import models
from recorder.errors import ModelError, RecorderError
from recorder.models import PACKAGED, ModelFolder, Packaged, folder, packaged

ONE, TWO, CONFIG = b"first half, " * 1000, b"second half", b"{}"


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def wanted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Packaged]:
    """A model in two installed packages, as the real one is."""
    site = tmp_path / "site"
    for package, files in {
        "pieces_one": {"model.bin.part1": ONE},
        "pieces_two": {"model.bin.part2": TWO, "config.json": CONFIG},
    }.items():
        (site / package / "data").mkdir(parents=True)
        (site / package / "__init__.py").touch()
        for name, content in files.items():
            (site / package / "data" / name).write_bytes(content)
    monkeypatch.syspath_prepend(site)
    yield Packaged(
        files={
            "model.bin": (("pieces_one", "model.bin.part1"), ("pieces_two", "model.bin.part2")),
            "config.json": (("pieces_two", "config.json"),),
        },
        sums={"model.bin": digest(ONE + TWO), "config.json": digest(CONFIG)},
    )
    for package in ("pieces_one", "pieces_two"):
        sys.modules.pop(package, None)


def everything(path: Path) -> list[Path]:
    return sorted(path.rglob("*"))


def test_the_pieces_become_one_checked_file(wanted: Packaged, tmp_path: Path) -> None:
    made = packaged("tiny", wanted, tmp_path / "cache")
    assert made == ModelFolder(tmp_path / "cache" / "tiny", "tiny", digest(ONE + TWO))
    assert (made.path / "model.bin").read_bytes() == ONE + TWO
    assert (made.path / "config.json").read_bytes() == CONFIG
    assert {path.name for path in everything(made.path)} == {
        "model.bin",
        "config.json",
        "verified.json",
    }


@pytest.mark.parametrize("wrong", ["model.bin", "config.json"])
def test_a_wrong_sum_is_refused_and_leaves_nothing(
    wanted: Packaged, wrong: str, tmp_path: Path
) -> None:
    bad = replace(wanted, sums={**wanted.sums, wrong: digest(b"something else")})
    with pytest.raises(ModelError) as refused:
        packaged("tiny", bad, tmp_path / "cache")
    assert isinstance(refused.value, RecorderError)
    assert everything(tmp_path / "cache") == []


@pytest.mark.parametrize("missing", [("pieces_one", "no-such-file"), ("no_such_package", "x")])
def test_a_missing_piece_is_refused_and_leaves_nothing(
    wanted: Packaged, missing: tuple[str, str], tmp_path: Path
) -> None:
    bad = replace(wanted, files={**wanted.files, "config.json": (missing,)})
    with pytest.raises(ModelError):
        packaged("tiny", bad, tmp_path / "cache")
    assert everything(tmp_path / "cache") == []


def test_a_second_start_does_not_hash_again(
    wanted: Packaged, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = packaged("tiny", wanted, tmp_path / "cache")
    hashed: list[Path] = []
    monkeypatch.setattr(models, "sum_of", hashed.append)
    assert packaged("tiny", wanted, tmp_path / "cache") == first
    assert hashed == []


@pytest.mark.parametrize("harm", [ONE, b"", ONE + TWO[:-1] + b"!"])
def test_a_changed_file_is_found_and_made_again(
    wanted: Packaged, harm: bytes, tmp_path: Path
) -> None:
    made = packaged("tiny", wanted, tmp_path / "cache")
    (made.path / "model.bin").write_bytes(harm)
    packaged("tiny", wanted, tmp_path / "cache")
    assert (made.path / "model.bin").read_bytes() == ONE + TWO


def test_a_missing_file_is_made_again(wanted: Packaged, tmp_path: Path) -> None:
    made = packaged("tiny", wanted, tmp_path / "cache")
    (made.path / "config.json").unlink()
    packaged("tiny", wanted, tmp_path / "cache")
    assert (made.path / "config.json").read_bytes() == CONFIG


@pytest.mark.parametrize("marker", [b"", b"{", b"[]", b'{"seen": {}, "sums": {}}'])
def test_a_marker_that_proves_nothing_is_not_believed(
    wanted: Packaged, marker: bytes, tmp_path: Path
) -> None:
    made = packaged("tiny", wanted, tmp_path / "cache")
    (made.path / "model.bin").write_bytes(b"something else")
    (made.path / "verified.json").write_bytes(marker)
    packaged("tiny", wanted, tmp_path / "cache")
    assert (made.path / "model.bin").read_bytes() == ONE + TWO


def test_many_first_uses_at_once_all_end_well(wanted: Packaged, tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: packaged("tiny", wanted, tmp_path / "cache"), range(16)))
    assert len(set(made)) == 1
    assert (made[0].path / "model.bin").read_bytes() == ONE + TWO
    assert not list((tmp_path / "cache").rglob(".joining-*"))


def test_a_cache_that_cannot_be_written_is_said_in_a_sentence(
    wanted: Packaged, tmp_path: Path
) -> None:
    (tmp_path / "cache").write_text("a file, where a folder should be")
    with pytest.raises(ModelError, match="200 MB free"):
        packaged("tiny", wanted, tmp_path / "cache")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A CTranslate2 folder that somebody else made."""
    path = tmp_path / "own-model"
    path.mkdir()
    for name in ("model.bin", "config.json", "tokenizer.json"):
        (path / name).write_bytes(name.encode())
    return path


def test_a_folder_can_be_named_by_its_path(own: Path, tmp_path: Path) -> None:
    found = folder(str(own), tmp_path / "cache")
    assert found == ModelFolder(own, "own-model", digest(b"model.bin"))
    assert {path.name for path in own.iterdir()} == {"model.bin", "config.json", "tokenizer.json"}


def test_other_weights_in_the_same_folder_have_their_own_sum(own: Path, tmp_path: Path) -> None:
    folder(str(own), tmp_path / "cache")
    (own / "model.bin").write_bytes(b"other weights")
    assert folder(str(own), tmp_path / "cache").sha256 == digest(b"other weights")


@pytest.mark.parametrize("missing", ["model.bin", "config.json", "tokenizer.json"])
def test_a_folder_with_a_file_missing_is_refused(own: Path, missing: str, tmp_path: Path) -> None:
    (own / missing).unlink()
    with pytest.raises(ModelError):
        folder(str(own), tmp_path / "cache")


def test_an_unknown_name_is_refused_without_saying_it(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as refused:
        folder("large-v9", tmp_path / "cache")
    assert "large-v9" not in str(refused.value)


def test_every_packaged_file_has_a_pinned_sum() -> None:
    assert PACKAGED
    for one in PACKAGED.values():
        assert one.files.keys() == one.sums.keys()
        assert all(len(pin) == 64 for pin in one.sums.values())
