"""How people come in, as it is set: the address of the pages, and the identity provider."""

from __future__ import annotations

from urllib.parse import urlsplit

from recorder.config import Settings
from recorder.errors import ConfigError
from recorder.signin.origins import origin_of

BACK = "/sign-in/provider/back"
"""Where the provider sends people back to: the redirect address is this on ours."""


def address_of(settings: Settings, port: int | None = None) -> str:
    """Where browsers reach the pages: scheme, host and perhaps a port."""
    return settings.address.rstrip("/") or f"http://{settings.host}:{port or settings.port}"


def host_of(settings: Settings) -> str:
    """The host alone, as a browser names it."""
    return urlsplit(address_of(settings)).hostname or settings.host


def local_of(settings: Settings) -> tuple[str, ...] | None:
    """The handles of those who may come in by an account here; None for everybody."""
    return settings.local_sign_in if settings.sign_in == "provider" else None


def require_agreed(settings: Settings) -> None:
    """ConfigError for settings of sign-in that cannot be meant. Nobody is asked."""
    if settings.address and (
        not origin_of(settings.address) or urlsplit(settings.address).path not in ("", "/")
    ):
        raise ConfigError("'address' looks like https://recorder.example.gov.uk: set it so")
    if not settings.oidc_issuer:
        if settings.sign_in == "provider":
            raise ConfigError("'sign_in' is 'provider': set 'oidc_issuer' and 'oidc_client_id'")
        return
    if not origin_of(settings.oidc_issuer) or "?" in settings.oidc_issuer:
        raise ConfigError(
            "'oidc_issuer' looks like https://login.microsoftonline.com/TENANT/v2.0: set it so"
        )
    if not settings.oidc_client_id:
        raise ConfigError("'oidc_issuer' is set: set 'oidc_client_id' to what the provider gave us")
    if settings.sign_in == "link":
        raise ConfigError("'oidc_issuer' is set: set 'sign_in' to 'account' or 'provider'")
    if not all(origin_of(f"https://{each}") for each in settings.oidc_hosts):
        raise ConfigError("'oidc_hosts' names hosts, as login.example.org: set it so")


def keyring_name(settings: Settings) -> str:
    """What our secret at the provider is called in a keyring."""
    return f"oidc/{settings.oidc_client_id}"
