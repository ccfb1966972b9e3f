"""Is everything here that is needed, and does it hold? One finding a check."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from recorder import filing, identity
from recorder.config import Settings, load
from recorder.errors import RecorderError
from recorder.hearing import load_engine
from recorder.home import Home, open_home, wrappers_of
from recorder.intake.adopter import waiting_files
from recorder.languagemodel import looked_at
from recorder.lastbackup import last_backup
from recorder.media import equipment, picture
from recorder.media.sound import find_tools
from recorder.room import room_of
from recorder.sandbox.report import described, is_strong
from recorder.sandbox.runner import chosen
from recorder.status import named
from recorder.vaults import location
from recorder.voicemodels import load_voices
from store.errors import StoreError
from store.keystore import KeyStore, drill
from store.vault import open_vault

_ENOUGH_SPACE = 5 * 1024**3
_NAMED = 5  # ids that stand in one sentence


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    check: str
    well: bool
    sentence: str  # what was found, or what is wrong and what to do


def examine(folder: Path, open_it: Callable[[Path], Home] = open_home) -> list[Finding]:
    """Look at the machine, then at the home, as far as each step allows."""
    findings = [_python(), _sandbox(), *_tools(), *_seen()]
    try:
        settings = load(folder)
    except RecorderError as error:
        return [*findings, Finding("home", well=False, sentence=error.sentence)]
    return [
        *findings,
        Finding("home", well=True, sentence=str(folder)),
        _tried("speech model", lambda: _model(settings)),
        _tried("filing model", _filing),
        _tried("voices", lambda: _voices(settings)),
        _tried("language model", lambda: looked_at(settings)),
        _tried("identity provider", lambda: identity.looked_at(settings)),
        _tried("root key", lambda: _root_key(settings)),
        _tried("key files", lambda: _key_files(settings)),
        *_opened(folder, open_it),
        _tried("intake folder", lambda: _folder(settings.intake)),
        _tried("export folder", lambda: _exports(settings)),
        _tried("vault", lambda: _vault(settings)),
        _space(folder),
    ]


def _python() -> Finding:
    return Finding("Python", well=True, sentence=sys.version.split()[0])


def _sandbox() -> Finding:
    """How files from outside are opened; tried out, not read off."""
    try:
        found = chosen()
    except RecorderError as error:
        return Finding("sandbox", well=False, sentence=error.sentence)
    return Finding("sandbox", well=is_strong(found), sentence=described(found))


def _seen() -> list[Finding]:
    """What can be made of pictures and films to be looked at."""
    return [
        _tried("pictures", _pictures),
        _tried("films", equipment.films),
        _tried("sheets in photos", equipment.sheets),
        _tried("words on pictures", equipment.words),
    ]


def _pictures() -> str:
    picture.try_out()
    return "open in the sandbox"


def _tools() -> list[Finding]:
    advice = (
        "not found, or does not run in the sandbox: 'apt-get install ffmpeg' brings one that does"
    )
    return [
        Finding(name, well=version is not None, sentence=version or advice)
        for name, version in find_tools().items()
    ]


def _voices(settings: Settings) -> str:
    """Whether voices are told apart; a team can do without."""
    found = load_voices(settings)
    if found is None:
        return "not told apart: 'bash tools/setup.sh requirements.lock' installs what it takes"
    return f"told apart by {found.name}, weights match their pinned sum"


def _filing() -> str:
    """Whether sentences can be filed under headings."""
    filing.try_out()
    return "weights match their pinned sum"


def _model(settings: Settings) -> str:
    load_engine(settings)
    return f"{settings.model}, weights match their pinned sum"


def _root_key(settings: Settings) -> str:
    """Every wrapper that opens without asking anybody, and whether shares were rehearsed."""
    store = KeyStore(settings.keys)
    trials = drill(store, wrappers_of(settings))
    failed = [
        f"{each.kind} {each.wrapper} ({each.why})" for each in trials if each.outcome == "fails"
    ]
    if failed:
        raise RecorderError(
            f"a wrapper does not open: {', '.join(failed)}. Add another with 'recorder keys wrap "
            "add', then take it away with 'recorder keys wrap remove'"
        )
    content = store.load()
    opening = [each.kind for each in trials if each.outcome == "opens"]
    unasked = f"opens unasked by {', '.join(opening)}" if opening else "none opens unasked"
    said = f"{len(trials)} wrapper{'s' if len(trials) > 1 else ''}, {unasked}"
    if len(content.roots) > 1:
        return f"{said}; a rotation was cut short: run 'recorder keys drill' to settle it"
    shares = content.roots[0].shares
    if shares is None:
        return f"{said}; no recovery shares yet: run 'recorder keys init --shares 5 --threshold 3'"
    return f"{said}; any {shares.threshold} of {shares.count} shares open it"


def _key_files(settings: Settings) -> str:
    found = KeyStore(settings.keys).leftovers()
    if found:
        names = ", ".join(path.name for path in found)
        raise RecorderError(
            f"no wrapper names {names} in {settings.keys}: a command that was cut off left it. Once "
            "'recorder keys drill' says that a wrapper opens, remove it"
        )
    return "each belongs to a wrapper"


def _opened(folder: Path, open_it: Callable[[Path], Home]) -> list[Finding]:
    """What takes an open home to tell; one finding if it does not open."""
    check = "keys, database and audit log"
    try:
        home = open_it(folder)
    except (RecorderError, StoreError, OSError) as error:
        return [_failed(check, error)]
    with closing(home):
        return [
            _tried("database", home.store.database.describe),
            *_running(home),
            _tried(check, lambda: f"all open; {home.store.audit.verify()} events in the audit log"),
            _tried("sealed files", lambda: _blobs(home)),
            _tried("arrivals", lambda: _arrivals(home)),
            _tried("restricted cases", lambda: _restricted(home)),
            _tried("backup", lambda: _backup(home)),
        ]


def _running(home: Home) -> list[Finding]:
    """Who runs on a database that several machines share, and who stands by."""
    try:
        found = home.store.database.running()
    except StoreError as error:
        return [_failed("running", error)]
    return [] if found is None else [Finding("running", well=True, sentence=found.sentence)]


def _blobs(home: Home) -> str:
    """Whether every row has its file in the vault."""
    lost, orphans = home.store.strays.lost(), home.store.strays.orphans()
    if lost:
        named = ", ".join(f"{each.table} {each.id[:8]}" for each in lost[:_NAMED])
        raise RecorderError(
            f"{len(lost)} sealed files are missing from the vault ({named}): something else removed "
            "them. Stop Recorder, and bring the vault back from a backup"
        )
    if orphans:
        return (
            f"all there; {len(orphans)} more belong to no row. What a crash has left is removed by "
            "'recorder run' after a day"
        )
    return "all there"


def _arrivals(home: Home) -> str:
    """Whether what was taken in without the root key opens."""
    files, broken = waiting_files(home.store)
    if broken:
        named = ", ".join(each[:8] for each in broken[:_NAMED])
        raise RecorderError(
            f"{len(broken)} arrivals do not open ({named}): the database or the vault was changed. "
            "Keep both as they are, and look in a backup and in the synced folder's recycle bin"
        )
    return f"{len(files)} wait for 'recorder run'" if files else "none wait"


def _restricted(home: Home) -> str:
    """Whether every restriction stands as it was set."""
    room = home.store.circles.restrictions
    if undone := room.undone():
        what = ", ".join(map(named, undone[:_NAMED]))
        raise RecorderError(
            f"{len(undone)} not as they were set ({what}): somebody changed the database. They are treated "
            "as restricted. Find out who can write to it, then restrict them again with 'recorder cases "
            "restrict', which puts it right"
        )
    return f"{len(room.all())}, as they were set"


def _vault(settings: Settings) -> str:
    found = location(settings)
    if isinstance(found, Path):
        return _folder(found)
    next(open_vault(found).ids(), None)  # an answer shows that it is there and lets us in
    return f"{settings.vault} answers"


def _backup(home: Home) -> str:
    """Whether the last backup that was read back is recent."""
    found = last_backup(home)
    if found.overdue:
        raise RecorderError(found.sentence)
    return found.sentence


def _exports(settings: Settings) -> str:
    if not settings.export_at:
        return "packs are written by hand"
    return f"{_folder(settings.export)}, {settings.export_at}"


def _folder(path: Path) -> str:
    if not path.is_dir():
        raise RecorderError(f"{path} is missing: make it, or set another one in config.toml")
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        raise RecorderError(f"{path} cannot be read and written: give this user access to it")
    return str(path)


def _space(folder: Path) -> Finding:
    free = room_of(folder)
    sentence = f"{free / 1024**3:.0f} GiB free"
    if free < _ENOUGH_SPACE:
        sentence += ": make room, or recordings will have to wait in the intake folder"
    return Finding("disk", well=free >= _ENOUGH_SPACE, sentence=sentence)


def _tried(check: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(check, well=True, sentence=look())
    except (RecorderError, StoreError, OSError) as error:
        return _failed(check, error)


def _failed(check: str, error: Exception) -> Finding:
    sentence = error.sentence if isinstance(error, RecorderError) else str(error)
    return Finding(check, well=False, sentence=sentence)
