"""`recorder retention`: what would go and when, the erasing of it, and its certificates."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from recorder.commands.options import CONSOLE, day, home_option, json_option, opened, show
from recorder.errors import StateError
from recorder.home import Home
from recorder.retention.certificates import certificates
from recorder.retention.going import Going, Preview, preview, run

_OFF = (
    "retention is switched off, so nothing is erased: look at 'recorder retention preview', read "
    "docs/RETENTION.md, and set 'retention = true' in config.toml once your council agrees"
)


@click.group()
def retention() -> None:
    """Show what goes by the rules of retention and when, and erase what is due."""


@retention.command("preview")
@home_option
@json_option
def preview_(home: Path | None, *, as_json: bool) -> None:
    """Show what would go and when, and what stays and why. Nothing is changed."""
    with opened(home) as found:
        shown = preview(found)
        if as_json:
            show(_values(shown))
        else:
            _print(found, shown)


@retention.command("run")
@home_option
def run_(home: Path | None) -> None:
    """Erase what is due and was told of long enough, as 'recorder run' does every day."""
    with opened(home) as found:
        if not found.settings.retention:
            raise StateError(_OFF)
        ran = run(found, CONSOLE)
    for each in ran.gone:
        click.echo(f"erased by rule {each.rule}: {each.kind} {each.object}, certificate {each.id}")
    click.echo(f"{len(ran.gone)} erased, {ran.told} told of and to go later")
    if ran.failed:
        click.echo(f"{ran.failed} stay for now: something about them changed, or does not open")


@retention.command("certificates")
@home_option
@click.option(
    "--to",
    type=click.Path(path_type=Path, dir_okay=False, exists=False),
    help="Write them to this new file instead.",
)
def certificates_(home: Path | None, to: Path | None) -> None:
    """Print what was ever erased here, with sums, times and rules, as JSON; no content is in it."""
    with opened(home) as found:
        text = certificates(found.store, CONSOLE)
    if to is None:
        click.echo(text, nl=False)
        return
    with to.open("x", encoding="utf-8") as file:
        file.write(text)
    click.echo(f"written to {to.name}")


def _values(shown: Preview) -> dict[str, object]:
    return {
        "on": shown.rules.on,
        "notice_days": shown.rules.notice_days,
        "rules": [asdict(each) for each in shown.rules.every],
        "things": [_thing(each) for each in shown.going],
        "records": [
            {"case": each.case_id, "ends": each.ends and each.ends.isoformat()}
            for each in shown.endings
        ],
    }


def _thing(going: Going) -> dict[str, object]:
    item = going.item
    return {
        "rule": item.rule,
        "kind": item.things[0].kind,
        "ids": [each.object for each in item.things],
        "case": item.case_id,
        "size": item.size,
        "since": item.since or None,
        "due_at": item.due_at or None,
        "told_at": going.told_at or None,
        "goes_at": going.goes_at or None,
        "kept": list(item.kept),
    }


def _print(home: Home, shown: Preview) -> None:
    zone = home.settings.timezone
    click.echo(
        f"Retention is {'on' if shown.rules.on else 'off: nothing is erased'}. "
        f"Nothing goes before it was told of for {shown.rules.notice_days} days."
    )
    for each in shown.rules.every:
        after = f"{each.days} days after {each.since}" if each.on else "never by itself"
        click.echo(f"  {each.name}: {each.what}: {after}")
    for going in shown.going:
        item = going.item
        when = f"goes {day(going.goes_at, zone)}" if going.goes_at else "stays"
        why = f": {'; '.join(item.kept)}" if item.kept else ""
        ids = ", ".join(each.object[:8] for each in item.things)
        click.echo(f"{when}, {item.rule}, {item.things[0].kind} {ids}, {item.size} bytes{why}")
    for ending in shown.endings:
        ends = "needs the date of birth" if ending.ends is None else f"{ending.ends:%-d %B %Y}"
        click.echo(
            f"record {ending.case_id[:8]}: the schedule ends: {ends}; nothing erases it here"
        )
