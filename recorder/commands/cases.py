"""`recorder cases`: young people's records, and what holds them."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

import click

from recorder.clock import local
from recorder.commands import circles
from recorder.commands.options import (
    CONSOLE,
    asked,
    case,
    day,
    home_option,
    json_option,
    listing,
    member,
    opened,
    show,
)
from recorder.commands.people import fit_for_folder
from recorder.errors import UsageError
from recorder.home import Home
from recorder.review.rows import UNREADABLE
from recorder.review.states import Role
from store.cases import Around, CaseDetails
from store.errors import DuplicateError
from store.holds import Hold
from store.people import Member

_Row: TypeAlias = tuple[
    CaseDetails, str, list[Hold]
]  # a case, its practitioner's handle, its holds

_MAX_MOSAIC_ID = 9
_MAX_REASON = 4000


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
    if mosaic_id and not (
        mosaic_id.isascii() and mosaic_id.isdigit() and len(mosaic_id) <= _MAX_MOSAIC_ID
    ):
        raise UsageError(f"a Mosaic person id is a number of at most {_MAX_MOSAIC_ID} digits")
    with opened(home) as found:
        practitioner = _practitioner(found, handle)
        around = tuple(_around(each) for each in others["around"])
        details = CaseDetails(ref, name, mosaic_id, around, others["known_as"])
        try:
            found.store.cases.add(details, practitioner.id, CONSOLE)
        except DuplicateError as error:
            raise UsageError("there is a case with that reference already") from error
        _make_folder(found, practitioner, ref)
    click.echo(f"added {ref}")


@cases.command()
@home_option
@click.argument("ref")
@click.option("--to", "handle", required=True, metavar="HANDLE", help="Their new practitioner.")
def give(home: Path | None, ref: str, handle: str) -> None:
    """Hand a case over. What was written stays its writer's."""
    with opened(home) as found:
        target, practitioner = case(found, ref), _practitioner(found, handle)
        found.store.cases.give(target.id, practitioner.id, CONSOLE)
        _make_folder(found, practitioner, target.details.ref)
    click.echo(f"{handle} has {ref} now")


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
                [hold for hold in holds if hold.case_id == each.id],
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
                "holds": [
                    {"id": hold.id, "since": local(hold.placed_at, zone).isoformat()}
                    for hold in held
                ],
            }
            for details, who, held in rows
        ]
    )


def _print(rows: list[_Row], zone: str) -> None:
    for details, who, held in rows:
        said = ", ".join(f"held {each.id[:8]} since {day(each.placed_at, zone)}" for each in held)
        known = f"{details.ref:<16} {details.name:<24} {details.mosaic_id or '-':<10} {who:<16}"
        click.echo(f"{known} {said}".rstrip())


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
        target = case(found, ref)
        hold_id = found.store.holds.place(target.id, _reason(), CONSOLE)
    click.echo(f"held: {hold_id[:8]}")


@cases.command()
@home_option
@click.argument("ref")
@click.option("--hold", "start", default="", metavar="ID", help="Which one, if there are several.")
def release(home: Path | None, ref: str, start: str) -> None:
    """Release a legal hold. The reason is asked for, or read from standard input."""
    with opened(home) as found:
        target = case(found, ref)
        held = [each for each in found.store.holds.all() if each.case_id == target.id]
        matching = [each for each in held if each.id.startswith(start)]
        if not matching:
            raise UsageError("there is no such hold on this case: see 'recorder cases list'")
        if len(matching) > 1:
            raise UsageError("this case is held more than once: say which with --hold ID")
        found.store.holds.release(matching[0].id, _reason(), CONSOLE)
        left = len(held) - 1
    click.echo(f"released: {matching[0].id[:8]}; {left} other holds on this case")


def _practitioner(home: Home, handle: str) -> Member:
    found = member(home, handle)
    if found.role != Role.PRACTITIONER.value or found.left_at is not None:
        raise UsageError("a case belongs to a practitioner who is here")
    return found


def _make_folder(home: Home, practitioner: Member, ref: str) -> None:
    folder = home.settings.intake / practitioner.handle / ref
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _reason() -> str:
    reason = asked("Reason").strip()
    if not reason or len(reason) > _MAX_REASON:
        raise UsageError(f"a reason is needed, of at most {_MAX_REASON} characters")
    return reason


def _around(text: str) -> Around:
    name, mark, role = text.rpartition("=")
    if not mark or not name.strip() or not role.strip():
        raise UsageError("--person is written NAME=ROLE, for example 'Mum=parent'")
    return Around(name.strip(), role.strip())
