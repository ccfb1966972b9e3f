"""`recorder people bind`, `unbind` and `provider-secret`: accounts at the identity provider."""

from __future__ import annotations

from pathlib import Path

import click

from recorder.commands.options import CONSOLE, asked, home_option, member, opened
from recorder.entrance import keyring_name
from recorder.errors import StateError, UsageError
from recorder.home import Home
from recorder.signin.bindings import Bindings
from store.wrappers import oskeyring

_DAY_MS = 86_400_000
_MOST_DAYS = 30


@click.command()
@home_option
@click.argument("handle")
@click.option(
    "--subject", help="What the provider calls their account: its subject, or Entra's object id."
)
@click.option("--email", help="Let the first who comes with this verified address be them.")
@click.option(
    "--days",
    type=click.IntRange(1, _MOST_DAYS),
    default=7,
    show_default=True,
    help="How long the address is waited for.",
)
def bind(home: Path | None, handle: str, subject: str | None, email: str | None, days: int) -> None:
    """Join somebody's account at the identity provider to them.

    Without either option they do it themselves: send them a link by 'recorder people link'.
    """
    if (subject is None) == (email is None):
        raise UsageError("say --subject or --email, one of the two")
    with opened(home) as found:
        person, bindings = member(found, handle), _bindings(found)
        try:
            if subject:
                bindings.join(person, subject, CONSOLE)
            elif email:
                bindings.expect(person, email, days * _DAY_MS, CONSOLE)
            else:
                raise UsageError("it is empty: say what it is")
        except StateError as error:
            raise UsageError(f"{error.sentence}. 'recorder people unbind' takes it away") from error
    click.echo(
        f"{handle} comes in by that account" if subject else f"{handle} is waited for {days} days"
    )


@click.command()
@home_option
@click.argument("handle")
def unbind(home: Path | None, handle: str) -> None:
    """Take an account at the identity provider away from somebody; their sessions end."""
    with opened(home) as found:
        if not _bindings(found).part(member(found, handle), CONSOLE):
            raise UsageError("no account is joined to them")
    click.echo(f"{handle} comes in by no account at the provider any more")


@click.command("provider-secret")
@home_option
def provider_secret(home: Path | None) -> None:
    """Put the secret that the identity provider gave us into this user's keyring."""
    with opened(home) as found:
        if not found.settings.oidc_client_id:
            raise UsageError("set 'oidc_issuer' and 'oidc_client_id' first")
        secret = asked("Secret", hidden=True).strip()
        if not secret:
            raise UsageError("nothing was typed")
        oskeyring.keep(keyring_name(found.settings), secret)
    click.echo("kept: set oidc_secret_keyring = true")


def _bindings(home: Home) -> Bindings:
    if not home.settings.oidc_issuer:
        raise UsageError("there is no identity provider: set 'oidc_issuer' and 'oidc_client_id'")
    return Bindings(home.store, home.settings.oidc_issuer)
