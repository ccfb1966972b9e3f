"""`recorder arrivals`: files that were taken in without the root key and wait."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from recorder.clock import local
from recorder.commands.options import CONSOLE, case, home_option, json_option, member, opened, show
from recorder.errors import UsageError
from recorder.home import Home
from recorder.intake.adopt import File, adopt, drop
from recorder.intake.adopter import waiting_files
from recorder.intake.owner import Owner, is_maker
from recorder.shown import shown
from recorder.suggest import Suggesting


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
        suggested = {each.waiting.id: _suggested(found, each.waiting.id) for each in files}
    rows = [
        {
            "id": each.waiting.id,
            "path": shown(each.letter.path),
            "size": each.sealed.size,
            "received_at": local(each.waiting.received_at, zone).isoformat(),
            "suggested": suggested[each.waiting.id],
        }
        for each in files
    ]
    if as_json:
        show({"files": rows, "do_not_open": broken})
        return
    for row in rows:
        click.echo(f"{row['id']}  {row['path']}")
        for each in suggested[str(row["id"])]:
            click.echo(f"{'':32}  perhaps --to {' --case '.join([each['by'], *each['cases'][:1]])}")
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
        maker = member(found, handle)
        if not is_maker(maker):
            raise UsageError("a recording is a practitioner's or a supervisor's: give it to one")
        whose = Owner(maker.id, case_id)
        recording_id = adopt(found.store, file, whose, CONSOLE)
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


def _suggested(home: Home, arrival_id: str) -> list[dict[str, Any]]:
    """Whose it may be by what was heard at its beginning, for a person to confirm."""
    opening = home.store.openings.of(arrival_id)
    claims = [] if opening is None else Suggesting(home.store).claims(opening.words)
    return [
        {"by": each.maker.handle, "cases": [case.details.ref for case in each.cases]}
        for each in claims
    ]


def _named(home: Home, start: str) -> File:
    files, _ = waiting_files(home.store)
    found = [each for each in files if start and each.waiting.id.startswith(start)]
    if len(found) != 1:
        raise UsageError("there is no one file of that id: see 'recorder arrivals list'")
    return found[0]
