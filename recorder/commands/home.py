"""`recorder init`, `status` and `doctor`: the house itself."""

from __future__ import annotations

from pathlib import Path

import click

from recorder.commands.asking import open_asking
from recorder.commands.options import home_option, json_option, opened, show
from recorder.config import home_folder
from recorder.doctor import examine
from recorder.home import create_home
from recorder.shown import shown
from recorder.status import Status, status_of


@click.command()
@home_option
@click.option("--team", default="Our team", help="The team's name, shown on pages.")
def init(home: Path | None, team: str) -> None:
    """Make a new home for recordings and notes."""
    folder = home_folder(home)
    made = create_home(folder, team)
    made.close()
    click.echo(f"made a home in {folder}")
    click.echo(
        f"its keys are in {made.settings.keys}: without them nothing here can be read again."
    )
    click.echo("Now make recovery shares: 'recorder keys init --shares 5 --threshold 3'.")
    click.echo("Then: 'recorder people add', 'recorder cases add', then 'recorder run'.")


@click.command()
@home_option
@json_option
def status(home: Path | None, *, as_json: bool) -> None:
    """Show what is on its way, waiting, or needs attention."""
    with opened(home) as found:
        now = status_of(found)
    if as_json:
        show(now.as_json())
    else:
        _print(now)


@click.command()
@home_option
@json_option
@click.pass_context
def doctor(ctx: click.Context, home: Path | None, *, as_json: bool) -> None:
    """Check every dependency, permission and key, and say what to do."""
    findings = examine(home_folder(home), open_asking)
    if as_json:
        show([{"check": f.check, "well": f.well, "sentence": f.sentence} for f in findings])
    else:
        for finding in findings:
            click.echo(f"{'ok ' if finding.well else 'NOT'}  {finding.check}: {finding.sentence}")
    if not all(finding.well for finding in findings):
        ctx.exit(1)


def _print(now: Status) -> None:
    for title, counts in (("Recordings", now.recordings), ("Notes", now.notes)):
        listed = ", ".join(f"{count} {state}" for state, count in counts.items())
        click.echo(f"{title}: {listed or 'none'}")
    if now.unassigned:
        about = f" ({now.suggested} say whom they are about)" if now.suggested else ""
        click.echo(f"Not linked to a young person: {now.unassigned}{about}")
    counted = {
        "Arriving": len(now.arriving),
        "Settling": now.settling,
        "Ignored, as other programs' by-products": now.ignored,
        "Sealed, and waiting for 'recorder run'": now.sealed_waiting,
    }
    for what, count in counted.items():
        if count:
            click.echo(f"{what}: {count}")
    if now.running is not None:
        click.echo(f"Running: {now.running.sentence}")
    if not now.backup.overdue:
        click.echo(now.backup.sentence)
    click.echo(f"Sandbox: {now.sandbox}")
    for item in now.attention:
        click.echo(f"\nNeeds attention: {shown(item.what)}\n  {item.sentence}")
