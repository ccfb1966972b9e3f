"""`recorder teams`: who sees whose work."""

from __future__ import annotations

from pathlib import Path

import click

from recorder.commands.options import (
    CONSOLE,
    case,
    home_option,
    json_option,
    listing,
    member,
    opened,
    show,
)
from recorder.errors import UsageError
from recorder.home import Home
from recorder.review import teaming
from store.errors import NotFoundError
from store.teams import Team

_team = click.argument("team", metavar="TEAM")


@click.group()
def teams() -> None:
    """Make teams, and say who is in them. Without any, everybody is in one."""


@teams.command()
@home_option
@click.argument("name")
def add(home: Path | None, name: str) -> None:
    """Add a team. The first one begins with everybody in it, so that nobody loses sight of work."""
    with opened(home) as found:
        first = not found.store.teams.any()
        made = teaming.add(found.store, name, CONSOLE)
    everybody = f", with everybody in it: {len(made.people)}" if first else ""
    click.echo(f"added {made.name}{everybody}")


@teams.command()
@home_option
@_team
def remove(home: Path | None, team: str) -> None:
    """Remove a team that nobody is in any more, or the last one."""
    with opened(home) as found:
        target = _named(found, team)
        teaming.remove(found.store, target.id, CONSOLE)
        alone = not found.store.teams.any()
    last = ": there are no teams now, so every supervisor sees everybody's work"
    click.echo(f"removed {target.name}" + (last if alone else ""))


@teams.command()
@home_option
@_team
@click.argument("handle")
def join(home: Path | None, team: str, handle: str) -> None:
    """Have a practitioner or supervisor join a team. Somebody may be in several."""
    with opened(home) as found:
        person = member(found, handle)
        teaming.join(found.store, _named(found, team).id, person.id, CONSOLE)
    click.echo(f"{handle} is in {team}")


@teams.command()
@home_option
@_team
@click.argument("handle")
def leave(home: Path | None, team: str, handle: str) -> None:
    """Have somebody leave a team: it sees what they make from now on no more, nor they its work."""
    with opened(home) as found:
        teaming.leave(found.store, _named(found, team).id, member(found, handle).id, CONSOLE)
    click.echo(f"{handle} has left {team}")


@teams.command()
@home_option
@click.argument("ref")
@click.option("--to", "team", metavar="TEAM", help="Which; without it, its practitioner's again.")
def give(home: Path | None, ref: str, team: str | None) -> None:
    """Give a case to a team, whatever team its practitioner is in."""
    with opened(home) as found:
        target = case(found, ref)
        team_id = None if team is None else _named(found, team).id
        found.store.circles.give(target.id, team_id, CONSOLE)
    click.echo(f"{ref}: {team or 'the team of its practitioner'}")


@teams.command("list")
@home_option
@json_option
def list_(home: Path | None, *, as_json: bool) -> None:
    """List teams and who is in them."""
    with listing(home) as found:
        handles = {each.id: each.handle for each in found.store.people.all()}
        rows = [
            {"team": each.name, "people": sorted(handles.get(i, i) for i in each.people)}
            for each in found.store.teams.all()
        ]
    if as_json:
        show(rows)
        return
    for row in rows:
        click.echo(f"{row['team']:<24} {', '.join(row['people']) or '-'}")
    if not rows:
        click.echo("there are no teams: everybody is in one, and supervisors see all work")


def _named(home: Home, name: str) -> Team:
    try:
        return home.store.teams.named(name)
    except NotFoundError as error:
        raise UsageError("there is no such team: see 'recorder teams list'") from error
