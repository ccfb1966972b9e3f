"""What `recorder cases` and `recorder people` share: legal holds, on a case or an own record."""

from __future__ import annotations

import click

from recorder.clock import local
from recorder.commands.options import CONSOLE, asked, day
from recorder.errors import UsageError
from recorder.home import Home
from store.holds import Hold, with_hold

_MAX_REASON = 4000

which_hold = click.option(
    "--hold", "start", default="", metavar="ID", help="Which one, if there are several."
)


def place(home: Home, scope: str) -> None:
    """Hold a case, or the own record with this scope; the reason is asked for."""
    hold_id = home.store.holds.place(scope, _reason(), CONSOLE)
    click.echo(f"held: {hold_id[:8]}")


def release(home: Home, scope: str, start: str, see: str) -> None:
    """Release the one hold there whose id begins so; `see` is the command that lists them."""
    held = of(home.store.holds.all(), scope)
    matching = [each for each in held if each.id.startswith(start)]
    if not matching:
        raise UsageError(f"there is no such hold: see '{see}'")
    if len(matching) > 1:
        raise UsageError("this is held more than once: say which with --hold ID")
    (ended,) = matching
    home.store.holds.release(ended.id, _reason(), CONSOLE)
    click.echo(f"released: {ended.id[:8]}; {len(held) - 1} other holds here")
    taken = sum(each.reason == with_hold(ended.id) for each in home.store.holds.all())
    if taken:
        click.echo(
            f"What was taken from under it is held still, in {taken} other places: see 'recorder "
            "people list' and 'recorder cases list', and 'release' there to end that too."
        )


def of(holds: list[Hold], scope: str) -> list[Hold]:
    """Those of a case or own record."""
    return [each for each in holds if each.case_id == scope]


def plain(holds: list[Hold], zone: str) -> list[dict[str, str]]:
    """For machines."""
    return [{"id": each.id, "since": local(each.placed_at, zone).isoformat()} for each in holds]


def said(holds: list[Hold], zone: str) -> str:
    """For a list; empty without any."""
    return ", ".join(f"held {each.id[:8]} since {day(each.placed_at, zone)}" for each in holds)


def _reason() -> str:
    reason = asked("Reason").strip()
    if not reason or len(reason) > _MAX_REASON:
        raise UsageError(f"a reason is needed, of at most {_MAX_REASON} characters")
    return reason
