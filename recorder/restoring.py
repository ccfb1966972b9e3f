"""From a backup to a home: the set is proven first, and everything is opened before it is done.

The home's `config.toml` comes last, so a restore that was cut off is never taken for a home.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from msgspec import structs

from recorder.config import FILE, Settings, load, parsed
from recorder.errors import ConfigError
from recorder.home import config_text, wrappers_of
from recorder.supervising import file_all
from recorder.vaults import location
from store import keystore, private
from store.backup.examine import Report
from store.backup.folder import Folder
from store.backup.manifest import prove, unlock
from store.backup.pool import ReadOnly
from store.backup.read import WRAPPERS, Aftermath, Opened
from store.backup.restore import Later, carry, do_again, fill, later
from store.checkpoint import kept, save
from store.custody import Custody
from store.erasing import OWN_RECORD
from store.errors import BackupError, KeyUnavailableError, StoreError
from store.keystore import KeyStore
from store.ledger import Backup
from store.root import Root
from store.session import Database
from store.store import Store, assemble, connect
from store.tables import TEAM
from store.wrappers.keyfile import KeyFile

_BEFORE = "config.before-restore.toml"
_WAITING = ".config.toml.restoring"
_ASTRAY = "this supervision does not open and lies where it lay: look at it by hand"


@dataclass(frozen=True, slots=True)
class Unlocking:
    """How the root key of a set is come by."""

    ask: Callable[[], str]  # for a passphrase
    key_files: Path | None = None  # where key files lie; None: in the home's keys folder
    shares: Callable[[], Root] | None = None  # None: by wrappers

    def roots(self, settings: Settings, store: KeyStore) -> tuple[Root, ...]:
        """The roots that wrappers or shares give; ConfigError if there is none."""
        if self.shares is not None:
            return (self.shares(),)
        wrappers = wrappers_of(settings, self.ask)
        if self.key_files is not None:
            wrappers[KeyFile.kind] = KeyFile(self.key_files)
        try:
            return store.open(wrappers).roots
        except KeyUnavailableError as error:
            raise ConfigError(
                f"the backup cannot be opened: {error}. Give the folder with its key file with "
                "--keys, or use recovery shares with --shares"
            ) from error


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did, and what it found."""

    name: str  # of the set
    made_at: int  # ms
    report: Report
    redone: int  # cases, own records and recordings erased again
    later: Later
    key_file: str | None  # a new way to the root key; None where the old ones open it here
    unsigned: str | None  # why the audit log could not be signed on


@dataclass(frozen=True, slots=True)
class Drilled:
    """What a drill found."""

    name: str  # of the set
    made_at: int  # ms
    report: Report  # failures may come from the files of the set as well


def restore(source: Path, start: str, home: Path, unlocking: Unlocking) -> Restored:
    """A new home from a set; BackupError or ConfigError, and no home, if that cannot be.

    `home` must be absent, empty, or hold nothing but the `config.toml` that it is to have.
    """
    folder = Folder(source)
    settings = _settings_for(home)
    name, opened = _open_set(folder, start, settings, unlocking)
    opened.check()
    with _becoming(home, settings):
        with closing(Database(settings.database)) as database:
            fill(opened, database)
            key_file = _reachable(opened, settings, database, unlocking)
        wrappers = wrappers_of(settings, unlocking.ask)
        place = location(settings)
        store = connect(settings.database, place, settings.keys, wrappers, filled=False)
        with closing(store):
            if next(iter(store.vault.ids()), None) is not None:
                raise ConfigError("the vault to restore into is not empty: set another one")
            carry(opened, folder.pool(), store.vault)
            known = later(folder, opened)
            # What was put into an own record after the set was made goes with it when that is erased.
            astray = file_all(store, _own_records(known.aftermaths))
            redone = do_again(store.erasing, store.disposing, store.database, known.aftermaths)
            _enter_sets(store, folder, opened)
            store.audit.record("console", "home restored", opened.manifest.set)
            report = store.examination.run(opened.checkpoint(), opened.manifest.damaged)
            report.failures += [*_lost(opened), *(f"{each}: {_ASTRAY}" for each in astray)]
            unsigned = _sign_on(store, settings, opened)
        _keep_settings(opened, home)
    return Restored(
        name=name,
        made_at=opened.manifest.made_at,
        report=report,
        redone=redone,
        later=known,
        key_file=key_file,
        unsigned=unsigned,
    )


def drill(source: Path, start: str, scratch: Path, settings: Settings, way: Unlocking) -> Drilled:
    """Restore a set's rows into `scratch`, an empty folder, and open all of it, blobs where they lie.

    What cannot be opened at all is a BackupError or ConfigError; what else fails is reported.
    """
    folder = Folder(source)
    database_url = f"sqlite:///{scratch / 'drill.db'}"
    aside = structs.replace(settings, database=database_url, keys=scratch / "keys")
    name, opened = _open_set(folder, start, aside, way)
    bad, after = opened.bad_parts(), opened.aftermath()
    gone = [*after.gone(), *after.settled]
    with closing(Database(aside.database)) as database:
        fill(opened, database)
        store = assemble(database, opened.ring, ReadOnly(folder.pool()))
        report = store.examination.run(opened.checkpoint(), [*gone, *opened.manifest.damaged])
    report.failures += [f"{each}: it is not the file that was signed" for each in bad]
    report.failures += _lost(opened)
    return Drilled(name, opened.manifest.made_at, report)


def _own_records(aftermaths: Iterable[Aftermath]) -> set[str]:
    """Whose own records were erased."""
    erasures = (each for after in aftermaths for each in after.erasures)
    return {each.object for each in erasures if each.kind == OWN_RECORD}


def _open_set(
    folder: Folder, start: str, settings: Settings, unlocking: Unlocking
) -> tuple[str, Opened]:
    """A set by name, proven with a root key that its own wrappers or shares give.

    The set's wrappers are put into the keys folder, which must hold none.
    """
    found = folder.choose(start)
    if found.manifest is None:
        raise BackupError("the manifest of this set is damaged: choose another with --set")
    try:
        wrappers = (found.folder / WRAPPERS).read_bytes()
        private.write_new(settings.keys / keystore.FILE, wrappers)
    except FileExistsError as error:
        raise ConfigError(
            f"there are keys in {settings.keys} already: choose an empty folder"
        ) from error
    except FileNotFoundError as error:
        raise BackupError("this set has lost its wrappers: choose another with --set") from error
    try:
        ring = unlock(found.manifest, unlocking.roots(settings, KeyStore(settings.keys)))
        team = found.manifest.team
        identity = ring.unwrap(TEAM, team.kind, team.wrapped).identity
        return found.name, Opened.of(found.folder, found.note, ring, identity)
    except BaseException:
        private.remove(settings.keys / keystore.FILE)
        with suppress(OSError):  # not empty: somebody else's
            settings.keys.rmdir()
        raise


def _settings_for(home: Path) -> Settings:
    """The settings that a home is to have; ConfigError if there is more in it than those."""
    if home.exists() and {each.name for each in home.iterdir()} - {FILE}:
        raise ConfigError(
            f"{home} is not empty: a backup is restored into a new folder, which may hold a "
            f"{FILE} and nothing else"
        )
    return load(home) if (home / FILE).exists() else parsed(config_text(), home)


@contextmanager
def _becoming(home: Path, settings: Settings) -> Iterator[None]:
    """A home in the making; it is one once the block has ended well."""
    given, waiting = home / FILE, home / _WAITING
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    home.chmod(0o700)
    if given.exists():
        given.replace(waiting)
    yield
    for path in (settings.intake, settings.export):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if waiting.exists():
        waiting.replace(given)
    else:
        private.write_new(given, config_text(_team(home)).encode())


def _reachable(
    opened: Opened, settings: Settings, database: Database, unlocking: Unlocking
) -> str | None:
    """A new key file's name, if no wrapper of the set opens the root key in its new place."""
    store, wrappers = KeyStore(settings.keys), wrappers_of(settings, unlocking.ask)
    try:
        if opened.ring.root in store.open(wrappers).roots:
            return None
    except KeyUnavailableError:
        pass
    entry = Custody(database, store, wrappers).recover(opened.ring.root, KeyFile(settings.keys))
    return f"{entry.id}.key"


def _enter_sets(store: Store, folder: Folder, opened: Opened) -> None:
    """Let the ledger know of every set that lies there: each may hold what is erased from now on."""
    known = {each.id: each for each in store.ledger.all()}
    for found in folder.sets():
        try:
            manifest = prove(found.note, opened.ring)
        except BackupError:
            continue
        if manifest.set not in known:
            place = str(folder.path)
            entry = Backup(manifest.set, manifest.made_at, None, manifest.expires_at, place)
            store.ledger.begin(entry)
        if manifest.set not in known or known[manifest.set].verified_at is None:
            store.ledger.verified(manifest.set)


def _sign_on(store: Store, settings: Settings, opened: Opened) -> str | None:
    """Sign the log as it goes on from the set; why not, if it cannot be."""
    try:
        if not kept(settings.checkpoints):
            for each in opened.checkpoint():
                signer = store.audit.signer()
                save(settings.checkpoints, each, signer, opened.manifest.made_at)
        store.audit.checkpoint(settings.checkpoints)
    except StoreError as error:
        return str(error)
    return None


def _keep_settings(opened: Opened, home: Path) -> None:
    """The settings of before, to be looked at: what they name may not be on this machine."""
    private.write_new(home / _BEFORE, opened.settings().encode())


def _team(home: Path) -> str:
    """The team's name, as the settings of before have it."""
    try:
        before = tomllib.loads((home / _BEFORE).read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError):
        return Settings().team
    return str(before.get("team", Settings().team))


def _lost(opened: Opened) -> list[str]:
    return [
        f"{each}: its blob was damaged when the set was made" for each in opened.manifest.damaged
    ]
