"""`recorder notes`: the review desk at the command line, under the same rules as the pages."""

from __future__ import annotations

from pathlib import Path

import click

from recorder.clock import local
from recorder.codec import decode_transcript
from recorder.commands.options import by_option, case, desk, home_option, json_option, opened, show
from recorder.errors import UnknownError, UsageError
from recorder.format1 import document
from recorder.home import Home
from recorder.render import as_text
from recorder.review.desk import Desk
from recorder.review.model import NotePage


@click.group()
def notes() -> None:
    """List, show, submit, approve and return notes."""


@notes.command("list")
@home_option
@by_option
@json_option
def list_(home: Path | None, by: str, *, as_json: bool) -> None:
    """List the notes that this person may see."""
    with opened(home) as found:
        rows = desk(found, by).my_work()
        zone = found.settings.timezone
    lines = [
        {
            "id": row.note.id,
            "case": None if row.case is None else row.case.details.ref,
            "kind": row.note.kind,
            "state": row.note.state,
            "version": row.note.number,
            "contact": f"{local(row.note.contact_at, zone):%Y-%m-%d %H:%M}",
        }
        for row in rows
    ]
    if as_json:
        show(lines)
        return
    for line in lines:
        click.echo(
            f"{str(line['id'])[:8]}  {line['contact']}  {line['case'] or 'unassigned':<14} "
            f"{line['kind']:<22} {line['state']} (version {line['version']})"
        )


@notes.command("show")
@home_option
@by_option
@json_option
@click.argument("note_id")
def show_(home: Path | None, by: str, note_id: str, *, as_json: bool) -> None:
    """Print a note. The first digits of its id are enough."""
    with opened(home) as found:
        page = _read(desk(found, by), note_id)
        if as_json:
            show(note_document(found, page))
        else:
            click.echo(as_text(page.draft))


@notes.command()
@home_option
@by_option
@click.option("--case", "ref", required=True, help="The case it belongs to.")
@click.argument("note_id")
def assign(home: Path | None, by: str, note_id: str, ref: str) -> None:
    """Link a note that belongs to no case to one."""
    with opened(home) as found:
        own = desk(found, by)
        page = _read(own, note_id)
        own.assign(page.note.id, page.note.number, case(found, ref).id)
    click.echo(f"linked to {ref}")


@notes.command()
@home_option
@by_option
@click.argument("note_id")
def submit(home: Path | None, by: str, note_id: str) -> None:
    """Hand the current version of a note to a supervisor."""
    with opened(home) as found:
        own = desk(found, by)
        page = _read(own, note_id)
        own.submit(page.note.id, page.note.number)
    click.echo(f"submitted version {page.note.number}")


@notes.command()
@home_option
@by_option
@click.argument("note_id")
def approve(home: Path | None, by: str, note_id: str) -> None:
    """Approve exactly the current version of a note."""
    with opened(home) as found:
        own = desk(found, by)
        page = _read(own, note_id)
        own.approve(page.note.id, page.note.number)
    click.echo(f"approved version {page.note.number}")


@notes.command("return")
@home_option
@by_option
@click.option("--reason", required=True, help="What needs to change, and why.")
@click.argument("note_id")
def return_(home: Path | None, by: str, note_id: str, reason: str) -> None:
    """Send a note back to its practitioner with a reason."""
    with opened(home) as found:
        own = desk(found, by)
        page = _read(own, note_id)
        own.return_(page.note.id, page.note.number, reason)
    click.echo(f"returned version {page.note.number}")


def note_document(home: Home, page: NotePage) -> dict[str, object]:
    """A note as format 1."""
    payloads = [home.store.recordings.transcript(each.id) for each in page.recordings]
    transcripts = [decode_transcript(payload) for payload in payloads if payload is not None]
    ref = None if page.case is None else page.case.details.ref
    return document(page.draft, ref, transcripts)


def _read(own: Desk, start: str) -> NotePage:
    matching = [row.note.id for row in own.my_work() if row.note.id.startswith(start)]
    if not matching:
        raise UnknownError("there is no such note, or it is not yours to see")
    if len(matching) > 1:
        raise UsageError("more than one note's id starts like that: give more of it")
    return own.read(matching[0])
