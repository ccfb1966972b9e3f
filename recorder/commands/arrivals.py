"""`recorder arrivals`: files that were taken in without the root key and wait."""

from __future__ import annotations

from pathlib import Path

import click

from recorder.clock import local
from recorder.commands.options import CONSOLE, case, home_option, json_option, member, opened, show
from recorder.errors import UsageError
from recorder.home import Home
from recorder.intake.adopt import File, adopt, drop
from recorder.intake.adopter import waiting_files
from recorder.intake.owner import Owner
from recorder.shown import shown


@click.group()
def arrivals() -> None:
    """List files that were taken in without the root key; say whose they are, or refuse them."""


@arrivals.command("list")
@home_option
@json_option
def list_(home: Path | None, *, as_json: bool) -> None:
    """List the files that wait. Where a folder belongs to somebody, 'recorder run' files them."""
    with opened(home) as found:
        files, broken = waiting_files(found.store)
        zone = found.settings.timezone
    rows = [
        {
            "id": each.waiting.id,
            "path": shown(each.letter.path),
            "size": each.sealed.size,
            "received_at": local(each.waiting.received_at, zone).isoformat(),
        }
        for each in files
    ]
    if as_json:
        show({"files": rows, "do_not_open": broken})
        return
    for row in rows:
        click.echo(f"{row['id']}  {row['path']}")
    for arrival_id in broken:
        click.echo(f"{arrival_id}  does not open: 'recorder doctor' says more")
    if not rows and not broken:
        click.echo("nothing waits")


@arrivals.command()
@home_option
@click.argument("arrival_id", metavar="ID")
@click.option("--to", "handle", required=True, metavar="HANDLE", help="Who made it.")
@click.option("--case", "ref", help="The case it belongs to (default: none yet).")
def give(home: Path | None, arrival_id: str, handle: str, ref: str | None) -> None:
    """File what came from a folder that belongs to nobody. The first digits of its id are enough."""
    with opened(home) as found:
        file = _named(found, arrival_id)
        case_id = None if ref is None else case(found, ref).id
        whose = Owner(member(found, handle).id, case_id)
        found.store.audit.record(CONSOLE, "arrival given", file.waiting.id)
        recording_id = adopt(found.store, file, whose)
    if recording_id is None:
        click.echo("it came sealed and cannot be taken: 'recorder status' says why")
        return
    click.echo(f"filed as recording {recording_id}")


@arrivals.command("drop")
@home_option
@click.argument("arrival_id", metavar="ID")
@click.option("--yes", is_flag=True, help="Do not ask.")
def drop_(home: Path | None, arrival_id: str, *, yes: bool) -> None:
    """Refuse what came from a folder that belongs to nobody: it is removed for good."""
    with opened(home) as found:
        file = _named(found, arrival_id)
        if not yes:
            click.confirm(f"This cannot be undone. Remove {shown(file.letter.path)}?", abort=True)
        drop(found.store, file, CONSOLE)
    click.echo("removed; the journal and the audit log say so")


def _named(home: Home, start: str) -> File:
    files, _ = waiting_files(home.store)
    found = [each for each in files if start and each.waiting.id.startswith(start)]
    if len(found) != 1:
        raise UsageError("there is no one file of that id: see 'recorder arrivals list'")
    return found[0]
