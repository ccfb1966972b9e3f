"""`recorder backup` and `recorder restore`: a sealed copy elsewhere, and back from it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import msgspec

from recorder import restoring
from recorder.clock import local
from recorder.commands.asking import asking
from recorder.commands.backup_words import (
    DAY_MS,
    drilled_plain,
    kept_plain,
    restored_plain,
    say_drilled,
    say_kept,
    say_restored,
)
from recorder.commands.options import CONSOLE, home_option, json_option, opened, show
from recorder.commands.rehearsal import root_from
from recorder.config import FILE, home_folder, load, parsed
from recorder.errors import ConfigError, RecorderError, UsageError
from recorder.home import Home, config_text
from recorder.restoring import Unlocking
from recorder.vaults import location
from store.backup.folder import Folder
from store.backup.write import Extras
from store.errors import BackupError, ShareError
from store.keystore import KeyStore

_folder = click.Path(path_type=Path, file_okay=False)
_from = click.option("--from", "source", required=True, type=_folder, help="Where the backups are.")
_set = click.option("--set", "start", default="", metavar="ID", help="Which set (the newest).")


def _unlocking(command: Any) -> Any:
    for option in (
        click.option("--keys", "key_files", type=_folder, help="Where the set's key file lies."),
        click.option("--shares", is_flag=True, help="Ask for recovery shares."),
        click.option(
            "--share",
            "files",
            multiple=True,
            type=click.Path(path_type=Path, exists=True, dir_okay=False),
            help="A recovery share in a file. May be given again.",
        ),
    ):
        command = option(command)
    return command


@click.group(invoke_without_command=True)
@home_option
@click.option("--to", type=_folder, help="A folder on another disk or machine.")
@json_option
@click.pass_context
def backup(ctx: click.Context, home: Path | None, to: Path | None, *, as_json: bool) -> None:
    """Make a sealed backup, and read it back before it counts. Recorder may run meanwhile."""
    if ctx.invoked_subcommand is not None:
        return
    if to is None:
        raise UsageError("say where the backup goes with --to, a folder on another disk or machine")
    with opened(home) as found, _plainly():
        target = _outside(found, to)
        found.store.erasing.sweep()
        kept = found.store.backups.make(Folder(target), _extras(found), _keep_ms(found), CONSOLE)
        zone = found.settings.timezone
    if as_json:
        show(kept_plain(kept))
    else:
        say_kept(kept, found.settings.backup_keep_days, zone)
    if kept.made.problems or kept.damaged:
        ctx.exit(1)


@backup.command("list")
@_from
@json_option
def list_(source: Path, *, as_json: bool) -> None:
    """List the backups in a folder; opens nothing."""
    with _plainly():
        found = Folder(source).sets()
    rows = [
        {
            "set": each.name,
            "recordings": None if each.manifest is None else each.manifest.blobs,
            "expires": None if each.manifest is None else _date(each.manifest.expires_at),
        }
        for each in found
    ]
    if as_json:
        show(rows)
        return
    for row in rows:
        if row["recordings"] is None:
            click.echo(f"{row['set']}  DAMAGED")
        else:
            until = f"kept until {row['expires']}" if row["expires"] else "kept without an end"
            click.echo(f"{row['set']}  {row['recordings']} recordings, {until}")


@backup.command()
@home_option
@_from
@_set
@_unlocking
@click.option("--scratch", type=_folder, help="Where to restore to (default: a temporary folder).")
@json_option
@click.pass_context
def drill(
    ctx: click.Context, /, home: Path | None, source: Path, *, as_json: bool, **options: Any
) -> None:
    """Restore a backup to a scratch place and open every record and recording in it."""
    folder = home_folder(home)
    known = load(folder) if (folder / FILE).exists() else None
    try:
        with _scratch(options["scratch"]) as scratch, _plainly():
            settings = known or parsed(config_text(), scratch, {})
            # On the machine that made it, its key files lie where they are used from.
            way = _way(folder, options, None if known is None else known.keys)
            drilled = restoring.drill(source, options["start"], scratch, settings, way)
    except RecorderError as error:
        click.echo(f"recorder: the drill failed: {error.sentence}", err=True)
        ctx.exit(1)
    if as_json:
        show(drilled_plain(drilled))
    else:
        say_drilled(drilled, settings.timezone)
    if drilled.report.failures:
        ctx.exit(1)


@click.command()
@_from
@_set
@click.option("--home", required=True, type=_folder, help="A new folder for the home.")
@_unlocking
@json_option
@click.pass_context
def restore(
    ctx: click.Context, /, source: Path, home: Path, *, as_json: bool, **options: Any
) -> None:
    """Make a new home from a backup, and open all of it before it counts."""
    with _plainly():
        way = _way(home, options)
        done = restoring.restore(source, options["start"], home.absolute(), way)
    settings = load(home.absolute())
    if as_json:
        show(restored_plain(done))
    else:
        say_restored(done, home, settings)
    if done.report.failures:
        ctx.exit(1)


@contextmanager
def _plainly() -> Iterator[None]:
    """What cannot be done with a backup, as a sentence."""
    try:
        yield
    except BackupError as error:
        raise ConfigError(str(error)) from error
    except ShareError as error:
        raise UsageError(f"these shares cannot be used: {error}") from error


@contextmanager
def _scratch(folder: Path | None) -> Iterator[Path]:
    """A private folder that is gone afterwards."""
    if folder is not None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix="recorder-drill-", dir=folder))
    try:
        yield made
    finally:
        shutil.rmtree(made)


def _outside(home: Home, to: Path) -> Path:
    """The folder, made absolute; UsageError if it is part of what is to be backed up."""
    settings, target, vault = home.settings, to.resolve(), location(home.settings)
    inside = [home.folder, settings.intake, settings.keys, settings.export]
    inside += [vault] if isinstance(vault, Path) else []
    if any(target.is_relative_to(each.resolve()) for each in inside):
        raise UsageError(
            "a backup does not go into the home or the intake folder: choose a folder on another "
            "disk or machine"
        )
    return target


def _extras(home: Home) -> Extras:
    wrappers = msgspec.json.encode(KeyStore(home.settings.keys).load())
    return Extras(wrappers, (home.folder / FILE).read_text(encoding="utf-8"))


def _keep_ms(home: Home) -> int | None:
    days = home.settings.backup_keep_days
    return days * DAY_MS if days else None


def _way(home: Path, options: dict[str, Any], key_files: Path | None = None) -> Unlocking:
    files = options["files"]
    if options["key_files"] is not None and (files or options["shares"]):
        raise UsageError("give --keys or recovery shares, not both")
    shares = (lambda: root_from(files)) if files or options["shares"] else None
    return Unlocking(asking(home), options["key_files"] or key_files, shares)


def _date(at: int | None) -> str | None:
    return None if at is None else f"{local(at, 'UTC'):%Y-%m-%d}"
