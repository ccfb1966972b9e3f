"""`recorder notes`: the review desk at the command line, under the same rules as the pages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from recorder.around import people_around
from recorder.clock import local
from recorder.commands.desks import desk
from recorder.commands.options import (
    asked,
    by_option,
    case,
    home_option,
    json_option,
    listing,
    opened,
    show,
)
from recorder.errors import NotWhole, UnknownError, UsageError
from recorder.format1 import document
from recorder.home import Home
from recorder.render import as_text
from recorder.review.desk import Desk
from recorder.review.finding import Hit
from recorder.review.model import NotePage
from recorder.whose import heard_by_name
from store.cases import Case
from store.notes import Note
from store.records import WITHDRAWN
from store.search import Damaged


@click.group()
def notes() -> None:
    """List, find, show, submit, approve and return notes."""


@notes.command("list")
@home_option
@by_option
@json_option
def list_(home: Path | None, by: str, *, as_json: bool) -> None:
    """List the notes that this person may see."""
    with listing(home) as found:
        rows = desk(found, by).my_work()
        lines = [_line(row.note, row.case, found.settings.timezone) for row in rows]
        if as_json:
            show(lines)
            return
        for line in lines:
            click.echo(_in_list(line))


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
            click.echo(as_text(page.draft, page.remarks))


@notes.command()
@home_option
@click.option("--as", "by", required=True, metavar="HANDLE", help="Whose notes: who is looking.")
@json_option
def find(home: Path | None, by: str, *, as_json: bool) -> None:
    """Find the notes that say all of the words, newest contact first.

    The words are asked for, or read from standard input: never from the command line. Quotation
    marks keep words together.
    """
    words = asked("Words to look for")
    with opened(home) as found:
        zone = found.settings.timezone
        damaged: list[str] = []
        hits: list[dict[str, Any]] = []
        for seen in desk(found, by).search(words):
            if isinstance(seen, Damaged):
                damaged.append(seen.id)
                continue
            hits.append(_hit(seen, zone))
            if not as_json:
                _print_hit(hits[-1])
    if as_json:
        show({"hits": hits, "damaged": damaged})
    elif not hits:
        click.echo("nothing was found")
    if damaged:
        raise NotWhole(f"{NotWhole.default} What was not read: {', '.join(damaged)}")


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
@click.argument("sentence", type=click.IntRange(min=1))
def confirm(home: Path | None, by: str, note_id: str, sentence: int) -> None:
    """Keep a sentence that a check stops, given by its place in the JSON of the note, from 1.

    Who knows it to be right, and how, is asked for, or read from standard input. It is kept for ever.
    """
    why = asked("Who knows that it is right, and how")
    with opened(home) as found:
        own = desk(found, by)
        page = _read(own, note_id)
        statements = page.draft.statements
        if sentence > len(statements):
            raise UsageError("the note has no sentence of that number")
        chosen = statements[sentence - 1].id
        number = own.checking.confirm(page.note.id, page.note.number, chosen, why)
    click.echo(f"kept as it stands, in version {number}")


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
@click.argument("note_id")
def return_(home: Path | None, by: str, note_id: str) -> None:
    """Send a note back to its practitioner with a reason.

    What needs to change, and why, is asked for, or read from standard input.
    """
    reason = asked("What needs to change, and why")
    with opened(home) as found:
        own = desk(found, by)
        page = _read(own, note_id)
        own.return_(page.note.id, page.note.number, reason)
    click.echo(f"returned version {page.note.number}")


@notes.command()
@home_option
@by_option
@click.argument("note_id")
@click.argument("other_id")
def merge(home: Path | None, by: str, note_id: str, other_id: str) -> None:
    """Make one note of two that are about the same contact."""
    with opened(home) as found:
        own = desk(found, by)
        one, other = (_read(own, each).note for each in (note_id, other_id))
        kept = own.contacts.merge((one.id, one.number), (other.id, other.number))
    click.echo(f"merged into {kept}")


@notes.command()
@home_option
@by_option
@click.argument("note_id")
@click.argument("recording_ids", nargs=-1, required=True)
def split(home: Path | None, by: str, note_id: str, recording_ids: tuple[str, ...]) -> None:
    """Take recordings, and what was said in them, into a note of their own.

    'recorder notes show --json' names the recordings that a note stands on.
    """
    with opened(home) as found:
        own = desk(found, by)
        page = _read(own, note_id)
        there = [each.id for each in page.recordings]
        chosen = [_one(there, each) for each in recording_ids]
        new = own.contacts.split(page.note.id, page.note.number, chosen)
    click.echo(f"a note of their own: {new}")


def note_document(home: Home, page: NotePage) -> dict[str, object]:
    """A note as format 1, without the words of what somebody took their agreement back from."""
    store, open_ = home.store, [each for each in page.recordings if each.reason != WITHDRAWN]
    said = [heard_by_name(store, each.id, people_around(store, each)) for each in open_]
    transcripts = [each.transcript for each in said if each is not None]
    ref = None if page.case is None else page.case.details.ref
    return document(page.draft, ref, transcripts, page.remarks)


def _line(note: Note, case_: Case | None, zone: str) -> dict[str, Any]:
    return {
        "id": note.id,
        "case": None if case_ is None else case_.details.ref,
        "kind": note.kind,
        "state": note.state,
        "version": note.number,
        "contact": f"{local(note.contact_at, zone):%Y-%m-%d %H:%M}",
    }


def _hit(hit: Hit, zone: str) -> dict[str, Any]:
    excerpts = [{"heading": each.heading, "text": each.text} for each in hit.excerpts]
    return _line(hit.note, hit.case, zone) | {"excerpts": excerpts}


def _print_hit(line: dict[str, Any]) -> None:
    click.echo(_in_list(line))
    for each in line["excerpts"]:
        click.echo(f"          {each['heading']}: {' '.join(each['text'].split())}")


def _in_list(line: dict[str, Any]) -> str:
    return (
        f"{line['id'][:8]}  {line['contact']}  {line['case'] or 'unassigned':<14} "
        f"{line['kind']:<22} {line['state']} (version {line['version']})"
    )


def _read(own: Desk, start: str) -> NotePage:
    matching = own.starting(start)
    if not matching:
        raise UnknownError("there is no such note, or it is not yours to see")
    if len(matching) > 1:
        raise UsageError("more than one note's id starts like that: give more of it")
    return own.read(matching[0])


def _one(ids: Sequence[str], start: str) -> str:
    matching = [each for each in ids if each.startswith(start)]
    if len(matching) != 1:
        raise UsageError("there is no one recording of that id in this note")
    return matching[0]
