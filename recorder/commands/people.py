"""`recorder people`: who can sign in."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import click

from recorder.clock import local
from recorder.commands.binding import bind, provider_secret, unbind
from recorder.commands.holds import of, place, plain, said, which_hold
from recorder.commands.holds import release as end_hold
from recorder.commands.options import (
    CONSOLE,
    case,
    day,
    home_option,
    json_option,
    listing,
    member,
    opened,
    show,
)
from recorder.entrance import address_of
from recorder.errors import UsageError
from recorder.home import Home
from recorder.identity import accounts_of
from recorder.intake.folders import make_folder
from recorder.review.states import WRITERS, Role
from store.errors import DuplicateError, ErasedError, NotFoundError
from store.people import Member
from store.teams import Team

_HOUR_MS = 3_600_000


@click.group()
def people() -> None:
    """Add and list people, make sign-in links, and end what leavers had."""


for each in (bind, unbind, provider_secret):
    people.add_command(each)


@people.command()
@home_option
@click.argument("handle")
@click.option("--name", required=True, help="Full name, as it stands in notes.")
@click.option(
    "--role", required=True, type=click.Choice([role.value for role in Role]), help="What they do."
)
@click.option("--case", "ref", help="For a young person: the reference of their own case.")
@click.option("--team", help="Which team they join, where there are several.")
def add(home: Path | None, handle: str, name: str, role: str, **given: str | None) -> None:
    """Add a person. HANDLE is their folder in the intake and their name in commands."""
    ref, team = given["ref"], given["team"]
    if not fit_for_folder(handle):
        raise UsageError("a handle is a folder name: letters, digits, dot, dash and underscore")
    if (role == Role.YOUNG_PERSON.value) != (ref is not None):
        raise UsageError("--case belongs to a young person, and a young person needs it")
    with opened(home) as found:
        case_id = None if ref is None else case(found, ref).id
        joins = _team(found, team) if Role(role) in WRITERS else None
        person = Member("", role, handle, name, case_id)
        try:
            added = found.store.people.add(person, CONSOLE)
        except DuplicateError as error:
            raise UsageError("somebody has that handle already: choose another") from error
        if joins is not None:
            found.store.teams.join(joins.id, added.id, CONSOLE)
        if role == Role.PRACTITIONER.value:
            make_folder(found.settings.intake, handle)
    click.echo(f"added {handle}")


def _team(home: Home, name: str | None) -> Team | None:
    """Which team somebody new joins: the only one, or the one that is named."""
    there = home.store.teams.all()
    if name is None and len(there) > 1:
        raise UsageError("there are several teams: say with --team which one they join")
    if name is None:
        return there[0] if there else None
    try:
        return home.store.teams.named(name)
    except NotFoundError as error:
        raise UsageError("there is no such team: see 'recorder teams list'") from error


@people.command("list")
@home_option
@json_option
def list_(home: Path | None, *, as_json: bool) -> None:
    """List everyone who can sign in."""
    with listing(home) as found:
        members, zone = found.store.people.all(), found.settings.timezone
        holds = found.store.holds.all()
        if as_json:
            show(
                [_line(each, zone) | {"holds": plain(of(holds, each.id), zone)} for each in members]
            )
            return
        for each in members:
            left = f"  left {day(each.left_at, zone)}" if each.left_at else ""
            held = said(of(holds, each.id), zone)
            known = f"{each.handle:<20} {each.role:<18} {each.name}{left}"
            click.echo(f"{known}  own record {held}" if held else known)


def _line(member: Member, zone: str) -> dict[str, Any]:
    left = None if member.left_at is None else local(member.left_at, zone).isoformat()
    return {"handle": member.handle, "name": member.name, "role": member.role, "left": left}


@people.command()
@home_option
@click.argument("handle")
def hold(home: Path | None, handle: str) -> None:
    """Place a legal hold on a worker's own record: nothing of it can be erased until it is released.

    The reason is asked for, or read from standard input. It is sealed with the record.
    """
    with opened(home) as found:
        try:
            scope = found.store.own_records.of(member(found, handle).id)
        except NotFoundError as error:
            raise UsageError("only staff have a record of their own") from error
        except ErasedError as error:
            raise UsageError("this person's own record was erased") from error
        place(found, scope)


@people.command()
@home_option
@click.argument("handle")
@which_hold
def release(home: Path | None, handle: str, start: str) -> None:
    """Release a legal hold on a worker's own record. The reason is asked for, or read from input."""
    with opened(home) as found:
        end_hold(found, member(found, handle).id, start, "recorder people list")


@people.command()
@home_option
@click.argument("handle")
def leave(home: Path | None, handle: str) -> None:
    """Somebody has left: every way in ends at once. Their name stays in what they wrote.

    Hand their cases over first.
    """
    with opened(home) as found:
        person = member(found, handle)
        if held := found.store.cases.all(person.id):
            refs = ", ".join(each.details.ref for each in held)
            raise UsageError(f"hand over with 'recorder cases give REF --to HANDLE' first: {refs}")
        found.store.people.leave(person.id, CONSOLE)
    click.echo(f"{handle} has left: files in their folder wait for an owner from now on")


@people.command("return")
@home_option
@click.argument("handle")
def return_(home: Path | None, handle: str) -> None:
    """Somebody who had left is here again: make them a link next."""
    with opened(home) as found:
        found.store.people.come_back(member(found, handle).id, CONSOLE)
    click.echo(f"{handle} is here again: make a link with 'recorder people link {handle}'")


@people.command()
@home_option
@click.argument("handle")
@click.option(
    "--anew",
    is_flag=True,
    help="They lost their way in: end their sessions and remove all that they sign in with.",
)
def link(home: Path | None, handle: str, *, anew: bool) -> None:
    """Make a sign-in link for a person. Earlier links of theirs stop working.

    A young person's is an invitation: on the second line are its numbers, to be told them in person.
    """
    with opened(home) as found:
        person = member(found, handle)
        if person.left_at is not None:
            raise UsageError("they have left: if they are back, say 'recorder people return' first")
        if anew:
            found.store.access.sign_out_everywhere(person.id, CONSOLE)  # and what is begun in them
            found.store.credentials.clear(person.id, CONSOLE)
        elif accounts_of(found.settings, found.store).has_one(person):
            raise UsageError(
                "they have an account and sign in by that; if they lost it, make a link with --anew"
            )
        port = found.settings.port
        if person.case_id is None:
            click.echo(sign_in_link(found, person, port))
        else:
            click.echo("\n".join(invitation(found, person, person.case_id, port)))


def invitation(home: Home, person: Member, case_id: str, port: int) -> tuple[str, str]:
    """A fresh invitation of a young person: its link, and its numbers, which go another way."""
    lifetime = home.settings.link_hours * _HOUR_MS
    new = home.store.young.invitations.new(person.id, case_id, CONSOLE, lifetime)
    return f"{address_of(home.settings, port)}/r#{new.secret}", new.pin


def sign_in_link(home: Home, person: Member, port: int) -> str:
    """A fresh link; its secret stands in the fragment, which no server log ever sees."""
    lifetime = home.settings.link_hours * _HOUR_MS
    secret = home.store.access.new_link(person.id, CONSOLE, lifetime)
    return f"{address_of(home.settings, port)}/sign-in#{secret}"


def fit_for_folder(name: str) -> bool:
    """Whether a name can be one folder's name on every system that syncs it."""
    plain = unicodedata.normalize("NFC", name)
    fit = all(c.isalnum() or c in "._-" for c in plain)
    return bool(plain) and fit and not plain.startswith(".") and not plain.endswith(".")
