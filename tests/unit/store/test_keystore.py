from __future__ import annotations

import json
from pathlib import Path

import pytest

from store.errors import KeyAbsentError, KeyUnavailableError, NotFoundError
from store.keystore import FILE, OLD_ROOT, KeyStore, Rehearsed, Wrappers, add, drill, rehearsed
from store.keystore import remove as remove_wrapper
from store.root import Root, old_home_id
from store.wrappers.keyfile import KeyFile
from store.wrappers.passphrase import UNSAFE_TEST_ONLY_CHEAPEST as CHEAP
from store.wrappers.passphrase import Passphrase, nobody

WORDS = "correct horse battery staple"


@pytest.fixture
def keys(tmp_path: Path) -> KeyStore:
    return KeyStore(tmp_path / "keys")


@pytest.fixture
def wrappers(keys: KeyStore) -> Wrappers:
    return {
        "file": KeyFile(keys.folder),
        "passphrase": Passphrase(lambda: WORDS, cost=CHEAP, floor=CHEAP),
    }


@pytest.fixture
def root(keys: KeyStore, wrappers: Wrappers) -> Root:
    made = Root.new()
    keys.create(made, wrappers["file"])
    return made


def _old_home(keys: KeyStore) -> Root:
    root = Root.new()
    keys.folder.mkdir(mode=0o700)
    (keys.folder / OLD_ROOT).write_text(root.secret.hex() + "\n")
    (keys.folder / OLD_ROOT).chmod(0o600)
    return root


def test_any_one_wrapper_opens_the_root(keys: KeyStore, root: Root, wrappers: Wrappers) -> None:
    add(keys, root, wrappers["passphrase"], {})
    for kind in ("file", "passphrase"):
        assert keys.open({kind: wrappers[kind]}).roots == (root,)
    with pytest.raises(KeyUnavailableError, match=r"root key here: file .*; passphrase "):
        keys.open({})


def test_the_file_is_its_owners_and_holds_no_secret(
    keys: KeyStore, root: Root, wrappers: Wrappers
) -> None:
    add(keys, root, wrappers["passphrase"], {})
    path = keys.folder / FILE
    assert path.stat().st_mode & 0o777 == 0o600
    assert root.secret.hex() not in path.read_text()
    assert json.loads(path.read_text())["format"] == "recorder keys 1"
    path.chmod(0o644)
    with pytest.raises(KeyUnavailableError, match="0600"):
        keys.open(wrappers)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("recorder keys 1", "recorder keys 2"),
        ('"entries"', '"others"'),
        ("{", ""),
        ('"roots": [', '"more": 1, "roots": ['),
    ],
)
def test_a_damaged_or_unknown_file_is_refused(
    keys: KeyStore, root: Root, wrappers: Wrappers, old: str, new: str
) -> None:
    assert keys.open(wrappers).roots == (root,)
    path = keys.folder / FILE
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(KeyUnavailableError, match="root key's wrappers file is damaged"):
        keys.open(wrappers)


@pytest.mark.parametrize("roots", [[], [{"root": "00", "created_at": 1, "entries": []}]])
def test_a_file_without_a_wrapper_is_refused(
    keys: KeyStore, root: Root, roots: list[object]
) -> None:
    assert root.id in (keys.folder / FILE).read_text()
    said = {"format": "recorder keys 1", "home": "0" * 16, "roots": roots}
    (keys.folder / FILE).write_text(json.dumps(said))
    with pytest.raises(KeyUnavailableError, match="damaged"):
        keys.load()


def test_what_is_read_is_written_as_the_same_bytes(
    keys: KeyStore, root: Root, wrappers: Wrappers
) -> None:
    add(keys, root, wrappers["passphrase"], {})
    rehearsed(keys, root, Rehearsed(threshold=2, count=3, at=7))
    before = (keys.folder / FILE).read_bytes()
    keys.save(keys.load())
    assert (keys.folder / FILE).read_bytes() == before


@pytest.mark.parametrize("flip", [0x01, 0x80, 0xFF])
def test_every_changed_byte_of_the_file_either_changes_nothing_secret_or_is_refused(
    keys: KeyStore, root: Root, wrappers: Wrappers, flip: int
) -> None:
    path = keys.folder / FILE
    good = path.read_bytes()
    for place in range(len(good)):
        changed = bytearray(good)
        changed[place] ^= flip
        path.write_bytes(bytes(changed))
        try:
            assert keys.open(wrappers).roots == (root,)
        except KeyUnavailableError:
            continue


def test_keys_are_never_overwritten(keys: KeyStore, root: Root, wrappers: Wrappers) -> None:
    before = (keys.folder / FILE).read_bytes()
    with pytest.raises(KeyUnavailableError, match="already"):
        keys.create(Root.new(), wrappers["file"])
    assert (keys.folder / FILE).read_bytes() == before
    assert keys.open(wrappers).roots == (root,)


def test_a_folder_without_keys_says_so(keys: KeyStore, wrappers: Wrappers) -> None:
    with pytest.raises(KeyUnavailableError, match="the root key is not here"):
        keys.open(wrappers)


# --- homes made before wrappers -----------------------------------------------------------------


def test_an_old_root_key_opens_and_nothing_is_written(keys: KeyStore, wrappers: Wrappers) -> None:
    root = _old_home(keys)
    for _ in range(2):
        opened = keys.open(wrappers)
        assert (opened.home, opened.roots) == (old_home_id(root), (root,))
    assert [each.name for each in keys.folder.iterdir()] == [OLD_ROOT]
    with pytest.raises(KeyUnavailableError, match="already"):
        keys.create(Root.new(), wrappers["file"])


def test_an_old_root_key_becomes_one_wrapper_of_several(keys: KeyStore, wrappers: Wrappers) -> None:
    root = _old_home(keys)
    add(keys, root, wrappers["passphrase"], {})
    assert keys.open({"file": wrappers["file"]}).roots == (root,)
    assert keys.open({"passphrase": wrappers["passphrase"]}).roots == (root,)
    remove_wrapper(keys, root.id, wrappers)
    assert not (keys.folder / OLD_ROOT).exists()
    assert keys.open(wrappers).roots == (root,)


@pytest.mark.parametrize("text", ["", "zz", "ab" * 31, "é"])
def test_a_damaged_old_root_key_is_refused(keys: KeyStore, wrappers: Wrappers, text: str) -> None:
    _old_home(keys)
    (keys.folder / OLD_ROOT).write_text(text, encoding="utf-8")
    with pytest.raises(KeyUnavailableError):
        keys.open(wrappers)


def test_an_old_root_key_is_for_its_owner_only(keys: KeyStore, wrappers: Wrappers) -> None:
    _old_home(keys)
    (keys.folder / OLD_ROOT).chmod(0o640)
    with pytest.raises(KeyUnavailableError, match="0600"):
        keys.open(wrappers)


# --- adding, removing, trying -------------------------------------------------------------------


def test_the_last_wrapper_is_never_removed(keys: KeyStore, root: Root, wrappers: Wrappers) -> None:
    (only,) = keys.load().roots[0].entries
    with pytest.raises(KeyUnavailableError, match="last wrapper"):
        remove_wrapper(keys, only.id, wrappers)
    assert keys.open(wrappers).roots == (root,)


def test_a_wrapper_goes_only_while_another_one_opens(
    keys: KeyStore, root: Root, wrappers: Wrappers
) -> None:
    (first,) = keys.load().roots[0].entries
    second = add(keys, root, wrappers["passphrase"], {})
    with pytest.raises(KeyUnavailableError, match="no other wrapper opens"):
        remove_wrapper(keys, first.id, {"file": wrappers["file"]})
    with pytest.raises(NotFoundError):
        remove_wrapper(keys, "0" * 16, wrappers)
    remove_wrapper(keys, first.id, wrappers)
    assert [each.id for each in keys.load().roots[0].entries] == [second.id]
    assert not list(keys.folder.glob("*.key"))
    with pytest.raises(KeyUnavailableError):
        keys.open({"file": wrappers["file"]})


def test_a_wrapper_is_not_added_to_another_root(
    keys: KeyStore, root: Root, wrappers: Wrappers
) -> None:
    with pytest.raises(KeyUnavailableError, match="rotated meanwhile"):
        add(keys, Root.new(), wrappers["file"], {})
    with pytest.raises(KeyUnavailableError, match="rotated meanwhile"):
        rehearsed(keys, Root.new(), Rehearsed(threshold=2, count=3, at=1))
    assert keys.open(wrappers).roots == (root,)


def test_a_drill_tells_what_opens_what_fails_and_what_was_not_tried(
    keys: KeyStore, root: Root, wrappers: Wrappers
) -> None:
    damaged = add(keys, root, wrappers["file"], {})
    add(keys, root, wrappers["passphrase"], {})
    (keys.folder / str(damaged.params["path"])).write_text("zz")
    asked = {**wrappers, "passphrase": Passphrase(nobody)}
    # The cost of the test's passphrase is below the floor of a real one.
    assert [each.outcome for each in drill(keys, asked)] == ["opens", "fails", "fails"]
    asked = {**wrappers, "passphrase": Passphrase(nobody, floor=CHEAP)}
    assert [each.outcome for each in drill(keys, asked)] == ["opens", "fails", "not tried"]
    assert [each.outcome for each in drill(keys, wrappers)] == ["opens", "fails", "opens"]
    assert [each.outcome for each in drill(keys, {})] == ["not tried"] * 3


def test_one_writer_at_a_time(
    keys: KeyStore, root: Root, wrappers: Wrappers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.keystore._PATIENCE_SECONDS", 0)
    with (
        keys.locked(),
        pytest.raises(KeyUnavailableError, match="another command"),
    ):
        add(KeyStore(keys.folder), root, wrappers["passphrase"], {})


def test_what_cannot_be_asked_is_not_an_answer() -> None:
    assert issubclass(KeyAbsentError, KeyUnavailableError)
