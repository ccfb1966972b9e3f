from __future__ import annotations

import importlib
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from store.errors import KeyAbsentError, KeyUnavailableError, WrongKeyError
from store.root import Root
from store.wrappers import passphrase
from store.wrappers.credential import Credential
from store.wrappers.keyfile import KeyFile
from store.wrappers.model import Entry, Params, Place, Wrapper, open_entry, seal
from store.wrappers.oskeyring import OsKeyring
from store.wrappers.passphrase import Cost, Passphrase

HOME = "4f1c9a2077de0b31"
WORDS = "correct horse battery staple"
CHEAP = passphrase.UNSAFE_TEST_ONLY_CHEAPEST


def cheap(words: str = WORDS, cost: Cost = CHEAP) -> Passphrase:
    return Passphrase(lambda: words, cost=cost, floor=CHEAP)


@pytest.fixture
def credentials(tmp_path: Path) -> Path:
    folder = tmp_path / "credentials"
    folder.mkdir(mode=0o700)
    (folder / "recorder").write_text(secrets.token_hex(32) + "\n")
    (folder / "recorder").chmod(0o440)
    return folder


@pytest.fixture
def keyring() -> Iterator[dict[tuple[str, str], str]]:
    """A keyring of the library's own backend class that holds its secrets in this process."""
    library: Any = importlib.import_module("keyring")
    base = importlib.import_module("keyring.backend").KeyringBackend
    problems = importlib.import_module("keyring.errors")
    held: dict[tuple[str, str], str] = {}

    def delete(_self: object, service: str, name: str) -> None:
        if held.pop((service, name), None) is None:
            raise problems.PasswordDeleteError

    backend = type(
        "InProcess",
        (base,),
        {
            "priority": 5,
            "get_password": lambda _self, service, name: held.get((service, name)),
            "set_password": lambda _self, service, name, text: held.update({(service, name): text}),
            "delete_password": delete,
        },
    )
    before = library.get_keyring()
    library.set_keyring(backend())
    yield held
    library.set_keyring(before)
    base._classes.discard(backend)


Maker = Callable[[], Wrapper]


@pytest.fixture(params=["passphrase", "file", "systemd", "keyring"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Maker:
    """Makes one wrapper after the other of a kind, each as a new process would."""
    if request.param == "passphrase":
        return cheap
    if request.param == "file":
        return lambda: KeyFile(tmp_path / "keys")
    if request.param == "systemd":
        folder = request.getfixturevalue("credentials")
        return lambda: Credential(folder)
    request.getfixturevalue("keyring")
    return OsKeyring


def _opened(entry: Entry, root: Root, wrapper: Wrapper) -> Root:
    return open_entry(entry, HOME, root.id, wrapper)


# --- every wrapper ----------------------------------------------------------------------------


def test_a_wrapper_gives_the_root_back_to_a_later_process(make: Maker) -> None:
    root = Root.new()
    assert _opened(seal(root, HOME, make(), {}), root, make()) == root


def test_no_stored_parameter_is_secret_and_no_error_shows_one(make: Maker) -> None:
    root = Root.new()
    entry = seal(root, HOME, make(), {})
    stored = repr(entry)
    assert WORDS not in stored
    assert root.secret.hex() not in stored
    with pytest.raises(KeyUnavailableError) as caught:
        _opened(replace(entry, sealed=bytes(60)), root, make())
    assert WORDS not in str(caught.value)


def test_one_flipped_byte_of_what_is_sealed_gives_one_known_error(make: Maker) -> None:
    root = Root.new()
    entry, wrapper = seal(root, HOME, make(), {}), make()
    for place in range(len(entry.sealed)):
        changed = bytearray(entry.sealed)
        changed[place] ^= 1 << place % 8
        with pytest.raises(WrongKeyError):
            _opened(replace(entry, sealed=bytes(changed)), root, wrapper)
        with pytest.raises(WrongKeyError):
            _opened(replace(entry, sealed=entry.sealed[:place]), root, wrapper)


def test_an_entry_does_not_open_as_that_of_another_home_root_or_kind(make: Maker) -> None:
    root, wrapper = Root.new(), make()
    entry = seal(root, HOME, wrapper, {})
    with pytest.raises(KeyUnavailableError):
        open_entry(entry, "0" * 16, root.id, wrapper)
    with pytest.raises(WrongKeyError):
        open_entry(entry, HOME, Root.new().id, wrapper)
    with pytest.raises(WrongKeyError):
        open_entry(replace(entry, kind="other"), HOME, root.id, wrapper)


def test_an_entry_does_not_open_under_another_ones_id_or_with_one_parameter_more(
    make: Maker,
) -> None:
    root, wrapper = Root.new(), make()
    one, two = (seal(root, HOME, wrapper, {}) for _ in range(2))
    with pytest.raises(KeyUnavailableError):
        _opened(replace(one, id=two.id), root, wrapper)
    with pytest.raises(KeyUnavailableError):
        _opened(replace(one, params={**one.params, "more": 1}), root, wrapper)


def test_what_a_wrapper_leaves_behind_goes_with_it(make: Maker) -> None:
    root = Root.new()
    one, two = (seal(root, HOME, make(), {}) for _ in range(2))
    make().discard(Place(HOME, one.id), one.params)
    make().discard(Place(HOME, one.id), one.params)
    assert _opened(two, root, make()) == root
    if one.kind in ("file", "keyring"):
        with pytest.raises(KeyAbsentError):
            _opened(one, root, make())


# --- passphrase -------------------------------------------------------------------------------


def test_a_wrong_passphrase_is_one_known_error() -> None:
    root = Root.new()
    entry = seal(root, HOME, cheap(), {})
    for words in ("", WORDS[:-1], WORDS.upper(), WORDS + "x"):
        with pytest.raises(WrongKeyError):
            _opened(entry, root, cheap(words))


def test_the_same_words_from_another_keyboard_open() -> None:
    root = Root.new()
    entry = seal(root, HOME, cheap("caf\u00e9 noir \ufb01ve pears"), {})
    assert _opened(entry, root, cheap("cafe\u0301 noir five pears\n")) == root


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(KeyUnavailableError, match="15 characters"):
        seal(Root.new(), HOME, cheap("fourteen chars"), {})


@pytest.mark.parametrize(
    "cost",
    [
        CHEAP,
        Cost(64 * 1024 - 1, 3, 1),
        Cost(64 * 1024, 2, 1),
        Cost(2 * 1024 * 1024 + 1, 3, 4),
        Cost(64 * 1024, 17, 4),
        Cost(64 * 1024, 3, 17),
        Cost(64 * 1024, 3, 0),
    ],
)
def test_a_cost_outside_the_range_is_neither_written_nor_taken(cost: Cost) -> None:
    with pytest.raises(KeyUnavailableError, match="range"):
        seal(Root.new(), HOME, Passphrase(lambda: WORDS, cost=cost), {})
    root = Root.new()
    entry = seal(root, HOME, cheap(), {})
    asked = {"memory_kib": cost.memory_kib, "passes": cost.passes, "lanes": cost.lanes}
    with pytest.raises(KeyUnavailableError, match="range"):
        _opened(replace(entry, params={**entry.params, **asked}), root, Passphrase(lambda: WORDS))


def test_the_floor_is_written_and_taken() -> None:
    root, floor = Root.new(), passphrase.FLOOR
    entry = seal(root, HOME, Passphrase(lambda: WORDS, cost=floor), {})
    assert _opened(entry, root, Passphrase(lambda: WORDS)) == root
    assert passphrase.COST_2026.within(floor, passphrase.CEILING)


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"memory_kib": "8", "passes": 1, "lanes": 1, "salt": "00" * 16},
        {"memory_kib": 8, "passes": 1, "lanes": 1, "salt": "00" * 15},
        {"memory_kib": 8, "passes": 1, "lanes": 1, "salt": "zz" * 16},
        {"memory_kib": 8, "passes": 1, "lanes": 1, "salt": 5},
    ],
)
def test_damaged_parameters_are_refused(params: dict[str, str | int]) -> None:
    root = Root.new()
    entry = seal(root, HOME, cheap(), {})
    with pytest.raises(KeyUnavailableError, match="damaged"):
        _opened(replace(entry, params=params), root, cheap())


def test_a_passphrase_may_stand_in_a_file_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "passphrase"
    with pytest.raises(KeyAbsentError):
        passphrase.from_file(path)()
    path.write_text(WORDS + "\nnot this\n")
    path.chmod(0o600)
    assert passphrase.from_file(path)() == WORDS
    path.chmod(0o604)
    with pytest.raises(KeyUnavailableError, match="0600"):
        passphrase.from_file(path)()
    with pytest.raises(KeyAbsentError):
        passphrase.nobody()


# --- key file ---------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o610, 0o666])
def test_a_key_file_that_others_can_reach_is_refused(tmp_path: Path, mode: int) -> None:
    root, wrapper = Root.new(), KeyFile(tmp_path)
    entry = seal(root, HOME, wrapper, {})
    path = tmp_path / str(entry.params["path"])
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(mode)
    with pytest.raises(KeyUnavailableError, match="0600"):
        _opened(entry, root, wrapper)


@pytest.mark.parametrize("text", ["", "zz", "ab" * 31, "ab" * 33, "é", "00" * 600])
def test_a_damaged_key_file_is_refused(tmp_path: Path, text: str) -> None:
    root, wrapper = Root.new(), KeyFile(tmp_path)
    entry = seal(root, HOME, wrapper, {})
    (tmp_path / str(entry.params["path"])).write_text(text, encoding="utf-8")
    with pytest.raises(KeyUnavailableError):
        _opened(entry, root, wrapper)


def test_a_key_file_of_another_wrapper_does_not_open(tmp_path: Path) -> None:
    root, wrapper = Root.new(), KeyFile(tmp_path)
    one, two = (seal(root, HOME, wrapper, {}) for _ in range(2))
    (tmp_path / str(two.params["path"])).replace(tmp_path / str(one.params["path"]))
    with pytest.raises(WrongKeyError):
        _opened(one, root, wrapper)


@pytest.mark.parametrize("like", ["folder", "path"])
def test_a_key_file_may_live_on_another_disk(tmp_path: Path, like: str) -> None:
    stick = tmp_path / "stick"
    wish: Params = {"folder": str(stick)} if like == "folder" else {"path": str(stick / "old.key")}
    root, wrapper = Root.new(), KeyFile(tmp_path / "keys")
    entry = seal(root, HOME, wrapper, wish)
    assert (stick / f"{entry.id}.key").exists()
    assert _opened(entry, root, wrapper) == root


# --- systemd ----------------------------------------------------------------------------------


def test_a_credential_is_taken_only_where_systemd_gave_it(credentials: Path) -> None:
    root = Root.new()
    entry = seal(root, HOME, Credential(credentials), {"name": "recorder"})
    with pytest.raises(KeyAbsentError, match="no credentials"):
        _opened(entry, root, Credential(None))
    with pytest.raises(KeyAbsentError, match="of that name"):
        seal(root, HOME, Credential(credentials), {"name": "other"})
    (credentials / "recorder").chmod(0o444)
    with pytest.raises(KeyUnavailableError, match="readable by others"):
        _opened(entry, root, Credential(credentials))


def test_another_credential_does_not_open(credentials: Path) -> None:
    root = Root.new()
    entry = seal(root, HOME, Credential(credentials), {})
    path = credentials / "recorder"
    path.chmod(0o600)
    path.write_text(secrets.token_hex(32))
    with pytest.raises(WrongKeyError):
        _opened(entry, root, Credential(credentials))


def test_a_short_credential_or_a_path_for_a_name_is_refused(credentials: Path) -> None:
    (credentials / "short").write_bytes(bytes(31))
    (credentials / "short").chmod(0o400)
    with pytest.raises(KeyUnavailableError, match="32 bytes"):
        seal(Root.new(), HOME, Credential(credentials), {"name": "short"})
    for name in ("../recorder", "/etc/shadow", "", ".", "a" * 101, 7):
        with pytest.raises(KeyUnavailableError):
            seal(Root.new(), HOME, Credential(credentials), {"name": name})


# --- keyring ----------------------------------------------------------------------------------


def test_a_keyring_that_forgot_or_holds_something_else_does_not_open(
    keyring: dict[tuple[str, str], str],
) -> None:
    root = Root.new()
    entry = seal(root, HOME, OsKeyring(), {})
    ((place, held),) = keyring.items()
    assert place == ("recorder", f"{HOME}/{entry.id}")
    for damaged in ("zz", "ab" * 31):
        keyring[place] = damaged
        with pytest.raises(KeyUnavailableError):
            _opened(entry, root, OsKeyring())
    keyring[place] = secrets.token_hex(32)
    with pytest.raises(WrongKeyError):
        _opened(entry, root, OsKeyring())
    keyring[place] = held
    assert _opened(entry, root, OsKeyring()) == root
    keyring.clear()
    with pytest.raises(KeyAbsentError):
        _opened(entry, root, OsKeyring())


def test_a_keyring_that_is_not_safe_is_refused(keyring: dict[tuple[str, str], str]) -> None:
    library = importlib.import_module("keyring")
    library.set_keyring(importlib.import_module("keyring.backends.null").Keyring())
    with pytest.raises(KeyAbsentError, match="keeps secrets safe"):
        seal(Root.new(), HOME, OsKeyring(), {})
    assert not keyring
