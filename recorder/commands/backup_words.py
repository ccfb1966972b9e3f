"""What `recorder backup`, `backup drill` and `restore` have to say, for people and for machines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from recorder.clock import local
from recorder.commands.options import day
from recorder.config import Settings
from recorder.restoring import Drilled, Restored
from store.backup.examine import Report
from store.backup.keep import Kept
from store.session import now_ms

DAY_MS = 86_400_000


def kept_plain(kept: Kept) -> dict[str, Any]:
    """A backup that was made, for machines."""
    made = kept.made
    return {
        "set": made.folder.name,
        "folder": str(made.folder),
        "rows": made.rows,
        "recordings": made.blobs,
        "copied": made.copied,
        "problems": list(made.problems),
        "sets": kept.sets,
        "removed": kept.removed,
        "damaged": list(kept.damaged),
    }


def say_kept(kept: Kept, days: int, zone: str) -> None:
    """A backup that was made, for people."""
    made = kept.made
    click.echo(f"backed up and read back: {made.folder.name}")
    click.echo(f"{made.rows} rows and {made.blobs} recordings, {made.copied} of them new here")
    until = f"kept until {day(now_ms() + days * DAY_MS, zone)}" if days else "kept without an end"
    click.echo(f"{until}; {kept.sets} sets in this folder, {kept.removed} expired ones removed")
    for problem in made.problems:
        click.echo(f"NOT in it: {problem}")
    for name in kept.damaged:
        click.echo(f"DAMAGED, an older set: {name}. Nothing is removed from the pool until it is.")


def _report_plain(report: Report) -> dict[str, Any]:
    return {
        "rows": report.rows,
        "events": report.events,
        "recordings": report.blobs,
        "bytes": report.size,
        "failures": report.failures,
    }


def drilled_plain(drilled: Drilled) -> dict[str, Any]:
    """A drill, for machines."""
    return {
        "set": drilled.name,
        "age_ms": now_ms() - drilled.made_at,
        **_report_plain(drilled.report),
    }


def _say_report(report: Report) -> None:
    rows = sum(report.rows.values())
    click.echo(
        f"opened: {rows} sealed rows, {report.blobs} recordings ({report.size} bytes), "
        f"{report.events} events of the audit log"
    )
    for failure in report.failures:
        click.echo(f"FAILS: {failure}")


def say_drilled(drilled: Drilled, zone: str) -> None:
    """A drill, for people."""
    age = (now_ms() - drilled.made_at) / DAY_MS
    click.echo(f"set {drilled.name}, made {day(drilled.made_at, zone)}, {age:.1f} days old")
    _say_report(drilled.report)
    if not drilled.report.failures:
        click.echo("the backup is whole: everything in it opens")


def restored_plain(done: Restored) -> dict[str, Any]:
    """A restore, for machines."""
    return {
        "set": done.name,
        **_report_plain(done.report),
        "erased_again": done.redone,
        "erasures_known_until": done.later.known_until,
        "unreadable_sets": list(done.later.damaged),
        "key_file": done.key_file,
        "unsigned": done.unsigned,
    }


def say_restored(done: Restored, home: Path, settings: Settings) -> None:
    """A restore, for people, with what is left for them to do."""
    zone, until = settings.timezone, done.later.known_until
    click.echo(f"restored {done.name} of {day(done.made_at, zone)} into {home}")
    _say_report(done.report)
    click.echo(
        f"{done.redone} cases, own records and recordings that were erased later were erased again."
    )
    click.echo(
        f"Erasures after {local(until, zone):%-d %B %Y, %H:%M} are not known here: look at the "
        "certificates since then, and erase those again."
    )
    for name in done.later.damaged:
        click.echo(f"NOT read: {name}. It may know of erasures too.")
    if done.key_file is not None:
        click.echo(
            f"None of the old ways to the root key opens it here, so it got a new key file, "
            f"{done.key_file}. 'recorder keys wrap' adds others; then remove what you do not use."
        )
    if done.unsigned is not None:
        click.echo(f"The audit log is whole, but was not signed on: {done.unsigned}.")
    click.echo("Settings of before: config.before-restore.toml. Then run 'recorder doctor'.")
