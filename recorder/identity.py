"""Accounts here and at the identity provider, as the settings have them."""

from __future__ import annotations

from pathlib import Path

from recorder.config import Settings
from recorder.entrance import BACK, address_of, keyring_name, local_of, require_agreed
from recorder.errors import ConfigError
from recorder.signin.accounts import Accounts
from recorder.signin.origins import origin_of
from recorder.signin.provider import Agreed, Provider
from recorder.signin.refusals import RefusedError, SilentError
from store import private
from store.errors import KeyAbsentError, KeyUnavailableError
from store.store import Store
from store.wrappers import oskeyring

_LONGEST = 4096  # bytes of a secret


def accounts_of(settings: Settings, store: Store) -> Accounts:
    """Who may come in by what."""
    provided, local = bool(settings.oidc_issuer), local_of(settings)
    return Accounts(store, settings.team, provided=provided, local=local)


def provider_of(settings: Settings, port: int | None = None) -> Provider | None:
    """The identity provider that is set, not asked for anything yet; None for none. ConfigError."""
    require_agreed(settings)
    if not settings.oidc_issuer:
        return None
    ours = address_of(settings, port)
    return Provider(
        Agreed(
            name=settings.oidc_name,
            issuer=settings.oidc_issuer,
            client_id=settings.oidc_client_id,
            redirect=ours + BACK,
            home=f"{ours}/sign-in",
            secret=_secret(settings),
            origins=tuple(origin_of(f"https://{each}") for each in settings.oidc_hosts),
            subject=settings.oidc_subject,
            prompt=settings.oidc_prompt,
            acr=settings.oidc_acr,
            amr=settings.oidc_amr,
        )
    )


def looked_at(settings: Settings) -> str:
    """Whether the identity provider answers, in a sentence. ConfigError if it does not."""
    provider = provider_of(settings)
    if provider is None:
        return "none is set: staff sign in with accounts of their own here"
    try:
        return f"answers, with {provider.look()} keys; it sends people back to {address_of(settings)}{BACK}"
    except SilentError as error:
        raise ConfigError(
            f"'oidc_issuer' gives no answer that can be used ({error.reason}): check the address and "
            "that this machine may reach it. Until then nobody signs in by it"
        ) from error
    except RefusedError as error:
        raise ConfigError(_MEANS.get(error.reason, _UNFIT)) from error


_UNFIT = "the provider at 'oidc_issuer' offers none of the signatures or of PKCE that are asked for"
_MEANS = {
    "issuer": "the provider calls itself by another address than 'oidc_issuer': set exactly what its "
    "discovery document says, with your own tenant in it",
    "host": "the provider has addresses on other hosts than 'oidc_issuer': if they are its own, name "
    "them in 'oidc_hosts'",
}


def _secret(settings: Settings) -> str:
    try:
        if settings.oidc_secret_file != Path():
            found = private.read(settings.oidc_secret_file, _LONGEST).decode().strip()
        elif settings.oidc_secret_keyring:
            found = oskeyring.kept(keyring_name(settings))
        else:
            return ""
    except FileNotFoundError as error:
        raise ConfigError(
            "'oidc_secret_file' is not there: put the provider's secret into it, mode 0600"
        ) from error
    except (KeyAbsentError, KeyUnavailableError, UnicodeDecodeError) as error:
        raise ConfigError(
            "the secret for the identity provider cannot be read: make its file mode 0600, or run "
            "'recorder people provider-secret'"
        ) from error
    if not found:
        raise ConfigError("the secret for the identity provider is empty")
    return found
