"""Rotation, recovery and rehearsal on a real database, cut off at every step."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import combinations, count
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import event, select, update

from store import private, shares
from store.audit import Event
from store.cases import Case, CaseDetails
from store.custody import Custody, prove, unlock
from store.errors import ErasedError, KeyUnavailableError, ShareError, TamperedError
from store.keys import KeyRing, Lasting
from store.keystore import FILE, OLD_ROOT, KeyStore, Opened, Rehearsed, Wrapped, add
from store.people import Member
from store.records import Arrival
from store.root import Root, Secret, derive
from store.session import Database
from store.store import Store, connect, create
from store.tables import TEAM, identities
from store.wrappers.keyfile import KeyFile
from store.wrappers.model import Params, Place, Wrapper
from store.wrappers.passphrase import UNSAFE_TEST_ONLY_CHEAPEST as CHEAP
from store.wrappers.passphrase import Passphrase
from tests.databases import Databases, on_sqlite

SOUND = b"what was said " * 9000
WORDS = "correct horse battery staple"


class House:
    """A home with a case, a recording, a sign-in link and an erased case, opened at will."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.url, self.vault = url, folder / "vault"
        self.keys = KeyStore(folder / "keys")
        self.wrappers: dict[str, Wrapper] = {
            "file": KeyFile(self.keys.folder),
            "passphrase": Passphrase(lambda: WORDS, cost=CHEAP, floor=CHEAP),
        }

    @contextmanager
    def opened(self) -> Iterator[Store]:
        store = connect(self.url, self.vault, self.keys.folder, self.wrappers)
        try:
            yield store
        finally:
            store.close()

    def custody(self, store: Store) -> Custody:
        return Custody(store.database, self.keys, self.wrappers)

    def root(self) -> Root:
        return self.keys.open(self.wrappers).roots[-1]

    def plan(self, old: Wrapped) -> list[tuple[Wrapper, Params]]:
        return [(self.wrappers[each.kind], each.params) for each in old.entries]

    def rotate(self, store: Store) -> Root:
        return self.custody(store).rotate(store.audit, self.plan, None, "test")


class Broken(KeyFile):
    """A key file on a stick that is pulled out too early."""

    def key(self, place: Place, params: Params) -> Secret:
        self.discard(place, params)
        return super().key(place, params)


@pytest.fixture
def house(tmp_path: Path, url: str) -> House:
    made = House(tmp_path, url)
    create(made.url, made.vault, made.keys.folder).close()
    _fill(made)
    return made


def _fill(house: House) -> None:
    with house.opened() as store:
        maker = store.people.add(Member("", "practitioner", "amara", "Amara Cole", None), "test")
        case = store.cases.add(CaseDetails("EV-1", "Jordan"), maker.id, "test")
        gone = store.cases.add(CaseDetails("EV-2", "Sam"), maker.id, "test")
        store.recordings.register(store.recordings.seal(case.id, [SOUND]), _arrival(case))
        store.erasing.case(gone.id, "test")


def _bare(house: House) -> Database:
    return Database(house.url)


def _events(house: House) -> list[Event]:
    with house.opened() as store:
        return list(store.audit.events())


def _whole(house: House) -> None:
    """Everything opens, by name and by fingerprint, and goes on working."""
    with house.opened() as store:
        case = store.cases.by_ref("EV-1")
        assert case.details.name == "Jordan"
        with pytest.raises(ErasedError):
            store.cases.by_ref("EV-2")
        assert store.people.by_handle("amara").name == "Amara Cole"
        (recording,) = store.recordings.all()
        assert b"".join(store.recordings.open(recording.id)) == SOUND
        assert store.audit.verify() >= 5
        _work_on(store, case, recording.id)


def _work_on(store: Store, case: Case, recording_id: str) -> None:
    """The same bytes are found again by their fingerprint, and new cases can be made."""
    again = store.recordings.seal(case.id, [SOUND])
    found, new = store.recordings.register(again, _arrival(case))
    assert (found.id, new) == (recording_id, False)
    ref = secrets.token_hex(4)
    added = store.cases.add(CaseDetails(ref, "New"), case.practitioner_id, "test")
    assert store.cases.by_ref(ref) == added


def _arrival(case: Case) -> Arrival:
    return Arrival(
        scope=case.id,
        case_id=case.id,
        practitioner_id=case.practitioner_id,
        media_type="wav",
        kind="audio",
        name="note.wav",
        recorded_at=1_762_362_300_000,
        recorded_from="file",
    )


class Cut(BaseException):
    """The power went."""


class Power:
    """Goes out at the nth write step, and stays out: nothing after it takes effect either."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, store: Store, after: int) -> None:
        self.steps, self._after = 0, after
        for name in ("fsync", "replace", "unlink"):
            monkeypatch.setattr(os, name, self._cutting(getattr(os, name)))
        event.listen(store.database.engine, "before_cursor_execute", self._execute)
        event.listen(store.database.engine, "commit", lambda _connection: self._step())

    def _cutting(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def cut(*arguments: Any, **options: Any) -> Any:
            self._step()
            return call(*arguments, **options)

        return cut

    def _execute(self, *arguments: Any) -> None:
        if arguments[2].startswith(("UPDATE", "INSERT")):
            self._step()

    def _step(self) -> None:
        self.steps += 1
        if self.steps > self._after:
            raise Cut


def _cut_off_everywhere(house: House, databases: Databases, stride: int = 1) -> Iterator[House]:
    """A copy of the home for each step, or each nth, of a rotation that the power can go at."""
    for after in count(0, stride):
        folder = house.folder.with_name(f"{house.folder.name}-{after}")
        shutil.copytree(house.folder, folder)
        copy = House(folder, databases.copy(house.url, folder))
        if not _cut_off(copy, after):
            return
        yield copy


def _cut_off(house: House, after: int) -> bool:
    """Rotate until the power goes; whether it did."""
    with pytest.MonkeyPatch.context() as patch:
        store = connect(house.url, house.vault, house.keys.folder, house.wrappers)
        power = Power(patch, store, after)
        try:
            house.rotate(store)
        except Cut:
            return True
        finally:
            store.database.engine.dispose()
        assert power.steps <= after
    return False


# --- rotation ---------------------------------------------------------------------------------


def test_after_a_rotation_everything_opens_and_the_old_root_opens_nothing(house: House) -> None:
    before, old_files = house.root(), set(house.keys.folder.glob("*.key"))
    with house.opened() as store:
        tags = store.cases.all()
        new = house.rotate(store)
    assert new != before
    assert house.root() == new
    _whole(house)
    with house.opened() as store:
        assert [each.id for each in store.cases.all()][: len(tags)]
        with store.database.read() as connection:
            for row in connection.execute(select(identities)).all():
                assert (row.wrapped is None) == (row.erased_at is not None)
            home = house.keys.load().home
            with pytest.raises(KeyUnavailableError):
                unlock(connection, Opened(home, (before,)))
            with pytest.raises(ShareError):
                prove(connection, before)
    assert old_files.isdisjoint(house.keys.folder.glob("*.key"))
    assert any(each.action == "root key rotated" for each in _events(house))


def test_a_rotation_cut_off_at_any_step_leaves_everything_readable(
    house: House, databases: Databases
) -> None:
    with house.opened() as store:
        add(house.keys, house.root(), house.wrappers["passphrase"], {})
        assert store.audit.verify()
    before, cuts, rotated = house.root(), 0, 0
    # A server is copied slowly, and is one process to the power: some of the steps will do.
    stride = 1 if house.url.startswith("sqlite") else 4
    for copy in _cut_off_everywhere(house, databases, stride):
        cuts += stride
        assert len(copy.keys.load().roots) in (1, 2)
        _whole(copy)
        rotated += copy.root() != before
        with copy.opened() as store:
            ring = copy.custody(store).settle()
        assert [each.root for each in copy.keys.load().roots] == [ring.root.id]
        _whole(copy)
    assert cuts >= 15
    assert 0 < rotated < cuts


def test_a_rotation_whose_new_wrapper_fails_changes_nothing(house: House) -> None:
    before = house.root()
    broken: list[tuple[Wrapper, Params]] = [(Broken(house.keys.folder), {})]
    none: list[tuple[Wrapper, Params]] = []
    for plan in (lambda _: broken, lambda _: none):
        with house.opened() as store, pytest.raises(KeyUnavailableError):
            house.custody(store).rotate(store.audit, plan, None, "test")
        assert house.root() == before
        assert len(house.keys.load().roots) == 1
    _whole(house)


def test_a_rotation_waits_for_shares_of_the_new_root(house: House) -> None:
    def forgot(_root: Root, _home: str) -> tuple[Root, Rehearsed]:
        raise ShareError("the sheet was lost")

    def wrong(_root: Root, _home: str) -> tuple[Root, Rehearsed]:
        return Root.new(), Rehearsed(threshold=2, count=3, at=1)

    def right(root: Root, home: str) -> tuple[Root, Rehearsed]:
        made = shares.split(root.secret, 2, 3, home)
        return Root(shares.combine(made[1:])), Rehearsed(threshold=2, count=3, at=7)

    before = house.root()
    with house.opened() as store:
        for rehearse in (forgot, wrong):
            with pytest.raises(ShareError):
                house.custody(store).rotate(store.audit, house.plan, rehearse, "test")
            assert house.root() == before
    _whole(house)
    with house.opened() as store:
        house.custody(store).rotate(store.audit, house.plan, right, "test")
    assert house.keys.load().roots[0].shares == Rehearsed(threshold=2, count=3, at=7)
    assert house.root() != before
    _whole(house)


def test_a_process_from_before_a_rotation_makes_nothing_under_the_old_root(house: House) -> None:
    with house.opened() as stale:
        maker = stale.people.by_handle("amara").id
        with house.opened() as store:
            house.rotate(store)
        with pytest.raises(TamperedError):
            stale.cases.add(CaseDetails("EV-9", "Late"), maker, "test")
    _whole(house)


def test_a_changed_passphrase_opens_the_new_root_and_the_old_one_does_not(house: House) -> None:
    chosen = "another four words here"
    add(house.keys, house.root(), house.wrappers["passphrase"], {})
    house.wrappers["passphrase"] = Passphrase(
        lambda: WORDS, lambda: chosen, cost=CHEAP, floor=CHEAP
    )
    with house.opened() as store:
        new = house.rotate(store)
    with pytest.raises(KeyUnavailableError):
        house.keys.open({"passphrase": Passphrase(lambda: WORDS, cost=CHEAP, floor=CHEAP)})
    typed = {"passphrase": Passphrase(lambda: chosen, cost=CHEAP, floor=CHEAP)}
    assert house.keys.open(typed).roots == (new,)


# --- homes made before wrappers -----------------------------------------------------------------


@pytest.fixture
def old_house(tmp_path: Path, url: str) -> House:
    """A home with a bare root key, whose team's identity is wrapped alone."""
    made, root = House(tmp_path, url), Root.new()
    private.write_new(made.keys.folder / OLD_ROOT, root.secret.hex().encode() + b"\n")
    _fill(made)
    with made.opened() as store, store.database.write() as connection:
        team = identities.c.id == TEAM
        row = connection.execute(select(identities).where(team)).one()
        ring = KeyRing(root, Lasting.of_old(root))
        secret = ring.unwrap(TEAM, row.kind, row.wrapped).identity.secret
        nonce, cipher = secrets.token_bytes(12), AESGCM(derive(root.secret, b"recorder/wrap/v1"))
        wrapped = nonce + cipher.encrypt(nonce, secret, f"{TEAM}\0{row.kind}".encode())
        connection.execute(update(identities).where(team).values(wrapped=wrapped))
    return made


def test_an_old_home_opens_as_it_is_and_after_a_rotation(old_house: House) -> None:
    _whole(old_house)
    assert {each.name for each in old_house.keys.folder.iterdir()} == {OLD_ROOT}
    with old_house.opened() as store:
        old_house.rotate(store)
    assert not (old_house.keys.folder / OLD_ROOT).exists()
    _whole(old_house)


@on_sqlite
def test_an_old_home_rotated_under_a_power_cut_stays_readable(
    old_house: House, databases: Databases
) -> None:
    cuts = 0
    for copy in _cut_off_everywhere(old_house, databases):
        cuts += 1
        _whole(copy)
    assert cuts > 10


def test_shares_of_an_old_home_open_it(old_house: House) -> None:
    root = old_house.root()
    (old_house.keys.folder / OLD_ROOT).unlink()
    store = _bare(old_house)
    Custody(store, old_house.keys, old_house.wrappers).recover(root, old_house.wrappers["file"])
    store.close()
    _whole(old_house)


# --- recovery ---------------------------------------------------------------------------------


@pytest.mark.parametrize("lost", ["all", "key file", "damaged"])
def test_any_k_shares_open_a_home_whose_keys_are_lost(house: House, lost: str) -> None:
    root, home = house.root(), house.keys.load().home
    made = shares.split(root.secret, 3, 5, home)
    for path in house.keys.folder.iterdir():
        if lost == "all" or path.suffix == ".key":
            path.unlink()
    if lost == "damaged":
        (house.keys.folder / FILE).write_text("{")
    with pytest.raises(KeyUnavailableError):
        house.root()
    store = _bare(house)
    for chosen in combinations(made, 3):
        with store.read() as connection:
            assert prove(connection, Root(shares.combine(chosen))).home == home
    Custody(store, house.keys, house.wrappers).recover(root, house.wrappers["file"])
    store.close()
    assert house.keys.load().home == home
    assert house.root() == root
    _whole(house)


def test_shares_of_another_home_recover_nothing(house: House) -> None:
    before = (house.keys.folder / FILE).read_bytes()
    store = _bare(house)
    with pytest.raises(ShareError, match="do not open this home"):
        Custody(store, house.keys, house.wrappers).recover(Root.new(), house.wrappers["file"])
    store.close()
    assert (house.keys.folder / FILE).read_bytes() == before
    _whole(house)


def test_a_team_with_another_public_key_is_found(house: House) -> None:
    root = house.root()
    with house.opened() as store, store.database.write() as connection:
        team = identities.c.id == TEAM
        connection.execute(update(identities).where(team).values(recipient=bytes(32)))
    store_again = _bare(house)
    with store_again.read() as connection, pytest.raises(ShareError, match="changed"):
        prove(connection, root)
    store_again.close()
