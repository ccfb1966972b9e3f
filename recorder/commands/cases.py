"""`recorder cases`: young people's records, and what holds them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TypeAlias

import click

from recorder.commands import circles
from recorder.commands.holds import of, place, plain, said, which_hold
from recorder.commands.holds import release as end_hold
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
from recorder.commands.people import fit_for_folder
from recorder.errors import UsageError
from recorder.intake.folders import make_folder
from recorder.review import circling
from recorder.review.rows import UNREADABLE
from store.cases import Around, CaseDetails
from store.errors import DuplicateError
from store.holds import Hold

_Row: TypeAlias = tuple[
    CaseDetails, str, list[Hold]
]  # a case, its practitioner's handle, its holds

_MAX_MOSAIC_ID = 9


@click.group()
def cases() -> None:
    """Add, list and hold cases."""


@cases.command()
@home_option
@click.argument("ref")
@click.option("--name", required=True, help="The young person's name, as they use it.")
@click.option("--by", "handle", required=True, metavar="HANDLE", help="Their practitioner.")
@click.option("--mosaic-id", default="", help="Their person id in Mosaic, digits.")
@click.option(
    "--person",
    "around",
    multiple=True,
    metavar="NAME=ROLE",
    help="Somebody around them, e.g. 'Mum=parent' or 'Tyrell=peer'. May be given again.",
)
@click.option(
    "--known-as",
    multiple=True,
    metavar="NAME",
    help="Another name they go by, to know them by when it is said. May be given again.",
)
def add(
    home: Path | None,
    ref: str,
    name: str,
    handle: str,
    mosaic_id: str,
    **others: tuple[str, ...],
) -> None:
    """Add a case. REF is its folder in the practitioner's intake folder."""
    if not fit_for_folder(ref):
        raise UsageError("a reference is a folder name: letters, digits, dot, dash and underscore")
    _fit_for_mosaic(mosaic_id)
    with opened(home) as found:
        practitioner = circling.may_give(found.store, member(found, handle).id)
        around = tuple(_around(each) for each in others["around"])
        details = CaseDetails(ref, name, mosaic_id, around, others["known_as"])
        try:
            found.store.cases.add(details, practitioner.id, CONSOLE)
        except DuplicateError as error:
            raise UsageError("there is a case with that reference already") from error
        make_folder(found.settings.intake, handle, ref)
    click.echo(f"added {ref}")


@cases.command()
@home_option
@click.argument("ref")
@click.option("--mosaic-id", help="Their person id in Mosaic, digits; empty takes it away.")
@click.option("--born", help="Their date of birth, YYYY-MM-DD; empty takes it away.")
def complete(home: Path | None, ref: str, mosaic_id: str | None, born: str | None) -> None:
    """Say who somebody is in Mosaic, or put that right.

    With a date of birth, whoever pastes a note into Mosaic types the one that they see there first.
    """
    _fit_for_mosaic(mosaic_id or "")
    if born and not _is_day(born):
        raise UsageError("a date of birth is written like 2010-02-03")
    with opened(home) as found:
        target, details = case(found, ref), case(found, ref).details
        found.store.cases.complete(
            target.id,
            details.mosaic_id if mosaic_id is None else mosaic_id,
            details.born if born is None else born,
            CONSOLE,
        )
    click.echo(f"completed {ref}")


@cases.command()
@home_option
@click.argument("ref")
@click.option("--to", "handle", required=True, metavar="HANDLE", help="Their new practitioner.")
def give(home: Path | None, ref: str, handle: str) -> None:
    """Hand a case over. What was written stays its writer's."""
    with opened(home) as found:
        target = case(found, ref)
        practitioner = circling.give(found.store, target, member(found, handle).id, CONSOLE)
        make_folder(found.settings.intake, practitioner.handle, target.details.ref)
    click.echo(f"{handle} has {ref} now")


def _fit_for_mosaic(mosaic_id: str) -> None:
    digits = mosaic_id.isascii() and mosaic_id.isdigit() and len(mosaic_id) <= _MAX_MOSAIC_ID
    if mosaic_id and not digits:
        raise UsageError(f"a Mosaic person id is a number of at most {_MAX_MOSAIC_ID} digits")


def _is_day(said: str) -> bool:
    try:
        return date.fromisoformat(said).isoformat() == said
    except ValueError:
        return False


@cases.command("list")
@home_option
@json_option
def list_(home: Path | None, *, as_json: bool) -> None:
    """List open cases."""
    with listing(home) as found:
        zone, holds = found.settings.timezone, found.store.holds.all()
        staff = {each.id: each.handle for each in found.store.people.all()}
        rows = [
            (
                each.details,
                staff.get(each.practitioner_id, UNREADABLE),
                of(holds, each.id),
            )
            for each in found.store.cases.all()
        ]
        (_show if as_json else _print)(rows, zone)


def _show(rows: list[_Row], zone: str) -> None:
    show(
        [
            {
                "ref": details.ref,
                "name": details.name,
                "mosaic_id": details.mosaic_id or None,
                "practitioner": who,
                "holds": plain(held, zone),
            }
            for details, who, held in rows
        ]
    )


def _print(rows: list[_Row], zone: str) -> None:
    for details, who, held in rows:
        known = f"{details.ref:<16} {details.name:<24} {details.mosaic_id or '-':<10} {who:<16}"
        click.echo(f"{known} {said(held, zone)}".rstrip())


for _command in (
    circles.name,
    circles.unname,
    circles.restrict,
    circles.lift,
    circles.emergencies,
    circles.looked_into,
):
    cases.add_command(_command)


@cases.command()
@home_option
@click.argument("ref")
def hold(home: Path | None, ref: str) -> None:
    """Place a legal hold: nothing of the case can be erased until it is released.

    The reason is asked for, or read from standard input. It is sealed with the case.
    """
    with opened(home) as found:
        place(found, case(found, ref).id)


@cases.command()
@home_option
@click.argument("ref")
@which_hold
def release(home: Path | None, ref: str, start: str) -> None:
    """Release a legal hold. The reason is asked for, or read from standard input."""
    with opened(home) as found:
        end_hold(found, case(found, ref).id, start, "recorder cases list")


def _around(text: str) -> Around:
    name, mark, role = text.rpartition("=")
    if not mark or not name.strip() or not role.strip():
        raise UsageError("--person is written NAME=ROLE, for example 'Mum=parent'")
    return Around(name.strip(), role.strip())
