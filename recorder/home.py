"""A home: the folder that holds everything, opened for work."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import templates
from recorder.config import FILE, Settings, credentials_folder, load
from recorder.entrance import require_agreed
from recorder.errors import ConfigError
from recorder.export import codes
from recorder.export.codes import CodesError
from recorder.modeladdress import require_private
from recorder.vaults import location
from store import receiving
from store.errors import KeyAbsentError, KeyUnavailableError
from store.receiving import Receiving
from store.root import Secret
from store.store import Store, connect, create
from store.wrappers.azure import AzureKeyVault
from store.wrappers.credential import Credential
from store.wrappers.keyfile import KeyFile
from store.wrappers.model import Wrapper
from store.wrappers.oskeyring import OsKeyring
from store.wrappers.passphrase import Passphrase, from_file, nobody
from templates import NoteTypeError, note_type_keys, recorded_keys

_MEMORY = "receive.json"  # of 'recorder receive', which must not need the keys folder
_CONFIG = """\
# Recorder's settings. Every key that is left out has its default; see docs/SETTINGS.md.
# Paths are relative to this folder unless they are absolute.
team = "{team}"
intake = "intake"              # or the synced folder that practitioners drop files into
after_intake = "remove"        # "keep" leaves the source in the folder once it is sealed
"""


_PIPE = Path("/dev/stdin")  # as passphrase_file: what comes through it can be read once only


class Asked:
    """A passphrase that is asked for once, and only when nothing else opens the root key."""

    def __init__(self, ask: Callable[[], str], answer: Secret | None = None) -> None:
        self._ask = ask
        self.answer = answer  # None: not asked yet

    def __call__(self) -> str:
        """The passphrase; KeyAbsentError if none was given."""
        if self.answer is None:
            self.answer = Secret(self._ask().encode())
        if not self.given:
            raise KeyAbsentError("no passphrase was given")
        return self.answer.value.decode()

    @property
    def given(self) -> bool:
        """Whether there is an answer, which may be wrong."""
        return self.answer is not None and bool(self.answer.value)


@dataclass(frozen=True, slots=True)
class Home:
    """An open home."""

    folder: Path
    settings: Settings
    store: Store
    asked: Asked = field(default_factory=lambda: Asked(nobody), repr=False)

    def close(self) -> None:
        """Let go of the database."""
        self.store.close()


def take_note_types(settings: Settings) -> None:
    """Make the home's own note types and Mosaic's codes known; ConfigError names file, line, reason."""
    folder = settings.note_types
    try:
        templates.use(None if folder == Path() else folder)
    except NoteTypeError as error:
        raise ConfigError(f"a note type cannot be used: {error}") from error
    try:
        codes.use(settings.mosaic)
    except CodesError as error:
        raise ConfigError(f"the codes for Mosaic cannot be used: {error}") from error
    for name in ("speakers", "careful_kinds"):
        if not set(getattr(settings, name)) <= set(note_type_keys()):
            raise ConfigError(
                f"'{name}' names no note type: use those of {', '.join(note_type_keys())}"
            )
    if settings.default_kind not in recorded_keys():
        raise ConfigError(
            f"'default_kind' names no note type that is made from recordings: use one of "
            f"{', '.join(recorded_keys())}"
        )


def create_home(folder: Path, team: str = "Our team") -> Home:
    """Make a new home; ConfigError if there is one already."""
    if (folder / FILE).exists():
        raise ConfigError(f"there is a Recorder home in {folder} already: choose another folder")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / FILE).write_text(config_text(team), encoding="utf-8")
    try:
        return _furnished(folder)
    except BaseException:
        (folder / FILE).unlink()  # no home was made: the next try must not find one
        raise


def _furnished(folder: Path) -> Home:
    settings = load(folder)
    take_note_types(settings)
    _apart(settings, folder)
    for path in (settings.intake, settings.export):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        opened = create(settings.database, location(settings), settings.keys)
    except KeyUnavailableError as error:
        raise ConfigError(f"{error}: move it away or choose another 'keys' folder") from error
    return Home(folder, settings, opened)


def config_text(team: str = Settings().team) -> str:
    """What a new home's settings file says."""
    return _CONFIG.format(team=team.replace("\\", "").replace('"', "'"))


def wrappers_of(
    settings: Settings,
    ask: Callable[[], str] | None = None,
    choose: Callable[[], str] | None = None,
) -> dict[str, Wrapper]:
    """Every way to the root key that can be used here, by kind.

    `ask` and `choose` give a passphrase and a new one, where no file is set for it. Without them
    nobody is asked.
    """
    path = settings.passphrase_file
    known = None if path in (Path(), _PIPE) else from_file(path)
    found: tuple[Wrapper, ...] = (
        KeyFile(settings.keys),
        Credential(credentials_folder()),
        OsKeyring(),
        AzureKeyVault(),
        Passphrase(known or ask or nobody, known or choose or ask or nobody),
    )
    return {each.kind: each for each in found}


def open_home(folder: Path, asked: Asked | None = None) -> Home:
    """Open an existing home; ConfigError says what is missing. `asked` gives a passphrase."""
    settings = _settings(folder)
    take_note_types(settings)
    require_private(settings)
    require_agreed(settings)
    asked = asked or Asked(nobody)
    if settings.passphrase_file == _PIPE and not asked.given:
        asked = Asked(from_file(_PIPE))
    try:
        wrappers = wrappers_of(settings, asked)
        opened = connect(settings.database, location(settings), settings.keys, wrappers)
    except KeyUnavailableError as error:
        raise ConfigError(
            f"{error} (looked in {settings.keys}). With recovery shares: 'recorder keys recover'"
        ) from error
    return Home(folder, settings, opened, asked)


def open_receiving(folder: Path) -> tuple[Settings, Receiving]:
    """A home as a process without the root key has it; nothing in its keys folder is looked at."""
    settings = _settings(folder)
    try:
        return settings, receiving.open_receiving(
            settings.database, location(settings), folder / _MEMORY
        )
    except KeyUnavailableError as error:
        raise ConfigError(
            f"{error}: remove {folder / _MEMORY}, and a new one is made. Files that were taken "
            "already and still lie in the folder are then taken once more, and told apart later"
        ) from error


def _settings(folder: Path) -> Settings:
    settings = load(folder)
    _apart(settings, folder)
    if os.name == "posix" and folder.stat().st_mode & 0o007:
        raise ConfigError(
            f"{folder} is open to every user of this machine: run 'chmod 700 {folder}'"
        )
    return settings


def _apart(settings: Settings, folder: Path) -> None:
    """ConfigError if what Recorder writes would be taken in again, or lie in a synced folder."""
    intake, vault = settings.intake.resolve(), location(settings)
    written = {
        "keys": settings.keys,
        "export": settings.export,
        "checkpoints": settings.checkpoints,
    }
    if isinstance(vault, Path):
        written["vault"] = vault
    for name, path in written.items():
        there = path.resolve()
        if there.is_relative_to(intake) or intake.is_relative_to(there):
            raise ConfigError(
                f"'{name}' and 'intake' must not lie in one another: what is written to the one "
                "would be taken in from the other. Set another one in config.toml"
            )
    if folder.resolve().is_relative_to(intake):
        raise ConfigError(
            "the home must not lie in the intake folder: set another 'intake' in config.toml"
        )
