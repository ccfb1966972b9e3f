"""`recorder cases name`, `restrict` and the like: who sees a case."""

from __future__ import annotations

from pathlib import Path

import click

from recorder.clock import local
from recorder.commands.options import (
    CONSOLE,
    asked,
    case,
    home_option,
    json_option,
    listing,
    member,
    opened,
    show,
)
from recorder.errors import UsageError
from recorder.review import circling, emergency

_ref = click.argument("ref")


@click.command()
@home_option
@_ref
@click.argument("handle")
def name(home: Path | None, ref: str, handle: str) -> None:
    """Let somebody see a case as its practitioner does: to share it, or to stand in for them."""
    with opened(home) as found:
        circling.name(found.store, case(found, ref), member(found, handle).id, CONSOLE)
    click.echo(f"{handle} sees {ref}")


@click.command()
@home_option
@_ref
@click.argument("handle")
def unname(home: Path | None, ref: str, handle: str) -> None:
    """Take somebody off a case again."""
    with opened(home) as found:
        circling.unname(found.store, case(found, ref), member(found, handle).id, CONSOLE)
    click.echo(f"{handle} is not named on {ref} any more")


@click.command()
@home_option
@_ref
@click.option(
    "--for",
    "handles",
    multiple=True,
    metavar="HANDLE",
    help="Who sees it beside its practitioner, and a supervisor among them. May be given again.",
)
def restrict(home: Path | None, ref: str, handles: tuple[str, ...]) -> None:
    """Shut a case to all but its practitioner and those named on it.

    The reason is asked for, or read from standard input. It is sealed with the case.
    """
    with opened(home) as found:
        target = case(found, ref)
        people = [member(found, each).id for each in handles]
        circling.restrict(found.store, target, people, asked("Reason"), CONSOLE)
    click.echo(f"{ref} is restricted")


@click.command()
@home_option
@_ref
def lift(home: Path | None, ref: str) -> None:
    """Open a restricted case to its team again. The reason is asked for, or read likewise."""
    with opened(home) as found:
        circling.lift(found.store, case(found, ref), asked("Reason"), CONSOLE)
    click.echo(f"{ref} is open to its team")


@click.command()
@home_option
@json_option
def emergencies(home: Path | None, *, as_json: bool) -> None:
    """List the cases that somebody opened in an emergency, newest first."""
    with listing(home) as found:
        zone = found.settings.timezone
        notices = [
            emergency.notice(found.store, each, by_ref=True)
            for each in found.store.emergencies.all()
        ]
    rows = [
        {
            "id": each.emergency.id,
            "case": each.case,
            "who": each.who,
            "at": local(each.emergency.at, zone).isoformat(timespec="minutes"),
            "until": local(each.emergency.over_at, zone).isoformat(timespec="minutes"),
            "reason": each.emergency.reason,
            "looked_into": each.emergency.reviewed_at is not None,
        }
        for each in notices
    ]
    if as_json:
        show(rows)
        return
    for row in rows:
        seen = "looked into" if row["looked_into"] else "NOT looked into"
        first = str(row["id"])[:8]
        click.echo(f"{first} {row['case']:<16} {row['at']} {row['who']}, {seen}: {row['reason']}")


@click.command("looked-into")
@home_option
@click.argument("start", metavar="ID")
def looked_into(home: Path | None, start: str) -> None:
    """Say that somebody has looked into an emergency: its notices go. Its first digits are enough."""
    with opened(home) as found:
        matching = [each for each in found.store.emergencies.unseen() if each.id.startswith(start)]
        if len(matching) != 1:
            raise UsageError("that is no one emergency: see 'recorder cases emergencies'")
        emergency.review(found.store, matching[0].id, CONSOLE)
    click.echo(f"looked into: {matching[0].id[:8]}")
