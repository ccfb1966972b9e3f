"""`recorder keys`: the root key's wrappers, its recovery shares, and a new root."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import click

from recorder.commands.asking import choose, open_asking
from recorder.commands.options import CONSOLE, home_option, json_option, show
from recorder.commands.rehearsal import Making, making, rehearse, root_from
from recorder.commands.running import alone
from recorder.config import home_folder, load
from recorder.errors import UsageError
from recorder.home import Home, wrappers_of
from store import keystore
from store.custody import Custody, Uses, prove
from store.errors import KeyUnavailableError, ShareError
from store.keystore import KeyStore, Wrapped, Wrappers
from store.session import Database
from store.wrappers.keyfile import KeyFile

_KINDS = ("file", "passphrase", "keyring", "systemd", "azure")
_file = click.Path(path_type=Path, exists=True, dir_okay=False)
_folder = click.Path(path_type=Path, file_okay=False)


def _share_options(command: Any) -> Any:
    for option in (
        click.option(
            "--rehearse-from",
            "files",
            multiple=True,
            type=click.Path(path_type=Path, dir_okay=False),
            metavar="FILE",
            help="A share to rehearse with, instead of typing it. Given K times.",
        ),
        click.option(
            "--to", "folder", type=_folder, help="Write one file a share here, not the terminal."
        ),
    ):
        command = option(command)
    return command


@click.group()
def keys() -> None:
    """Wrap, recover and rotate the root key."""


@keys.command()
@home_option
@click.option("--shares", "count", required=True, type=int, help="How many people get a share.")
@click.option("--threshold", required=True, type=int, help="How many of them it takes.")
@_share_options
def init(
    home: Path | None, count: int, threshold: int, folder: Path | None, files: tuple[Path, ...]
) -> None:
    """Make recovery shares, and rehearse opening the home with them."""
    how = making(count, threshold, folder, files)
    with _opened(home) as (found, custody), _rehearsing():
        ring = custody.settle()
        restored, shares = rehearse(how, ring.root, ring.lasting.home)
        with found.store.database.read() as connection:
            prove(connection, restored)
        keystore.rehearsed(custody.store, restored, shares)
        found.store.audit.record(CONSOLE, "recovery shares rehearsed", ring.root.id)
    click.echo(f"rehearsed: {threshold} of the {count} shares open this home.")
    click.echo("Give each to another person. Earlier shares of this root key go on opening it.")


@keys.command()
@home_option
@click.option("--from", "files", multiple=True, type=_file, help="A share. May be given again.")
def recover(home: Path | None, files: tuple[Path, ...]) -> None:
    """Open a home with recovery shares when its keys are lost, and give it a new key file."""
    folder = home_folder(home)
    settings = load(folder)
    database = Database(settings.database)
    store, wrapper = KeyStore(settings.keys), KeyFile(settings.keys)
    try:
        entry = Custody(database, store, wrappers_of(settings)).recover(root_from(files), wrapper)
    except ShareError as error:
        raise UsageError(f"nothing was recovered: {error}") from error
    finally:
        database.close()
    with _opened(home) as (found, _):
        found.store.audit.record(CONSOLE, "root key recovered", entry.id)
    click.echo(f"recovered: the home opens again with the key file {entry.id}.key")
    click.echo("If the old keys may be in other hands, run 'recorder keys rotate' now.")


@keys.command()
@home_option
@click.option("--shares", "count", type=int, help="How many people get a share of the new key.")
@click.option("--threshold", type=int, help="How many of them it takes.")
@click.option("--without-shares", is_flag=True, help="Leave the new key without recovery shares.")
@click.option(
    "--drop", multiple=True, metavar="ID", help="A wrapper that the new key is not to have."
)
@_share_options
def rotate(home: Path | None, drop: tuple[str, ...], **options: Any) -> None:
    """Put a new root key in place of the old one. Old wrappers and shares then open nothing."""
    how = _shares_wanted(options)
    with _opened(home) as (found, custody), alone(found), _rehearsing():
        custody.settle()
        dropped = [_named(custody.store, each) for each in drop]

        def plan(old: Wrapped) -> Uses:
            kept = [each for each in old.entries if each.id not in dropped]
            return [(custody.wrappers[each.kind], each.params) for each in kept]

        again = None if how is None else lambda root, place: rehearse(how, root, place)
        new = custody.rotate(found.store.audit, plan, again, CONSOLE)
    click.echo(f"rotated: the root key is {new.id} now, and everything was wrapped anew.")
    click.echo("Backups made before need the keys and shares of before: keep those as long.")


@keys.command()
@home_option
@json_option
@click.pass_context
def drill(ctx: click.Context, home: Path | None, *, as_json: bool) -> None:
    """Try every wrapper that can be tried here, and say how each did."""
    with _opened(home) as (found, custody):
        custody.settle()
        trials = keystore.drill(custody.store, custody.wrappers)
        shares = custody.store.load().roots[-1].shares
        found.store.audit.record(CONSOLE, "root key drill", custody.store.load().home)
    if as_json:
        show({"wrappers": [_plain(each) for each in trials], "shares": _shares_plain(shares)})
    else:
        for each in trials:
            why = f": {each.why}" if each.why else ""
            click.echo(f"{each.outcome:<10} {each.kind:<10} {each.wrapper}{why}")
        click.echo(_shares_said(shares))
    outcomes = {each.outcome for each in trials}
    if "fails" in outcomes or "opens" not in outcomes:
        ctx.exit(1)


@keys.group()
def wrap() -> None:
    """Add, remove and list the root key's wrappers."""


@wrap.command()
@home_option
@click.argument("kind", type=click.Choice(_KINDS))
@click.option("--folder", type=_folder, help="file: where the key file goes, e.g. a USB stick.")
@click.option("--name", help="systemd: the credential's name (default: recorder).")
@click.option("--key", help="azure: the vault key's address, https://...")
def add(home: Path | None, kind: str, **wishes: Any) -> None:
    """Add one more way to open the root key."""
    like = {name: str(value) for name, value in wishes.items() if value is not None}
    if "folder" in like:
        like["folder"] = str(Path(like["folder"]).absolute())
    if kind == "azure" and "key" not in like:
        raise UsageError("azure needs --key, the address of the vault key")
    with _opened(home) as (found, custody):
        root = custody.settle().root
        try:
            entry = keystore.add(custody.store, root, custody.wrappers[kind], like)
        except KeyUnavailableError as error:
            raise UsageError(f"the wrapper was not added: {error}") from error
        found.store.audit.record(CONSOLE, "root key wrapper added", entry.id)
    click.echo(f"added {kind} {entry.id}")


@wrap.command()
@home_option
@click.argument("wrapper_id", metavar="ID")
def remove(home: Path | None, wrapper_id: str) -> None:
    """Remove a wrapper. The last one, and the last one that opens here, always stay."""
    with _opened(home) as (found, custody):
        custody.settle()
        whole = _named(custody.store, wrapper_id)
        try:
            keystore.remove(custody.store, whole, custody.wrappers)
        except KeyUnavailableError as error:
            raise UsageError(f"the wrapper was not removed: {error}") from error
        found.store.audit.record(CONSOLE, "root key wrapper removed", whole)
    click.echo(f"removed {whole}")


@wrap.command("list")
@home_option
@json_option
def list_(home: Path | None, *, as_json: bool) -> None:
    """List the wrappers; opens nothing."""
    content = KeyStore(load(home_folder(home)).keys).load()
    found = [
        {"id": entry.id, "kind": entry.kind, "root": each.root}
        for each in content.roots
        for entry in each.entries
    ]
    shares = content.roots[-1].shares
    if as_json:
        show({"home": content.home, "wrappers": found, "shares": _shares_plain(shares)})
        return
    click.echo(f"home {content.home}")
    for each in found:
        click.echo(f"{each['kind']:<10} {each['id']}")
    if len(content.roots) > 1:
        click.echo("A rotation was cut short: any other 'recorder keys' command settles it.")
    click.echo(_shares_said(shares))


@contextmanager
def _opened(home: Path | None) -> Iterator[tuple[Home, Custody]]:
    """The home, and what may change its root key."""
    found = open_asking(home_folder(home))
    try:
        wrappers: Wrappers = wrappers_of(found.settings, found.asked, cache(choose))
        store = KeyStore(found.settings.keys)
        yield found, Custody(found.store.database, store, wrappers)
    finally:
        found.close()


def _shares_wanted(options: dict[str, Any]) -> Making | None:
    count, threshold = options["count"], options["threshold"]
    if (count is None) != (threshold is None):
        raise UsageError("--shares and --threshold belong together")
    if (count is None) != options["without_shares"]:
        raise UsageError("give --shares and --threshold for the new key, or --without-shares")
    if count is None:
        return None
    return making(count, threshold, options["folder"], options["files"])


@contextmanager
def _rehearsing() -> Iterator[None]:
    try:
        yield
    except ShareError as error:
        raise UsageError(
            f"the rehearsal failed: {error}. The shares do not count: destroy them and try again"
        ) from error


def _named(store: KeyStore, start: str) -> str:
    """The one wrapper whose id starts like this."""
    known = [entry.id for each in store.load().roots for entry in each.entries]
    found = [each for each in known if start and each.startswith(start)]
    if len(found) != 1:
        raise UsageError(
            "no wrapper, or more than one, has an id that begins so: see 'recorder keys wrap list'"
        )
    return found[0]


def _plain(trial: keystore.Trial) -> dict[str, str]:
    return {"id": trial.wrapper, "kind": trial.kind, "outcome": trial.outcome, "why": trial.why}


def _shares_plain(shares: keystore.Rehearsed | None) -> dict[str, int] | None:
    if shares is None:
        return None
    return {"threshold": shares.threshold, "shares": shares.count, "rehearsed_at": shares.at}


def _shares_said(shares: keystore.Rehearsed | None) -> str:
    if shares is None:
        return "No recovery shares yet: 'recorder keys init --shares 5 --threshold 3'."
    return f"Recovery: any {shares.threshold} of {shares.count} shares, rehearsed."
