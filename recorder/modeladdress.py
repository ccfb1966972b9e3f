"""Where the language model is: on this machine or a private network, and nowhere else."""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from recorder.config import Settings
from recorder.errors import ConfigError

_OURS = tuple(
    ipaddress.ip_network(each)
    for each in (
        "127.0.0.0/8",
        "::1/128",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "fc00::/7",
    )
)
"""This machine and private networks. Link-local is none: clouds answer there."""
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server is, as it was set."""

    secure: bool
    host: str
    port: int
    path: str  # in front of /chat/completions


def address_of(settings: Settings) -> Address | None:
    """Where `settings` say the server is; None where none is set. ConfigError for what is no address."""
    if not settings.llm_url:
        return None
    if not settings.llm_model:
        raise ConfigError("'llm_url' is set: set 'llm_model' to a model that the server there has")
    return parsed(settings.llm_url)


def require_private(settings: Settings) -> None:
    """ConfigError unless the language model that is set, if any, is here or on a private network.

    A name that cannot be looked up now is let pass: it is looked at again at each connection.
    """
    address = address_of(settings)
    if address is None:
        return
    try:
        found = resolved(address)
    except OSError:
        return
    if not all(is_ours(each) for each in found):
        raise ConfigError(
            "'llm_url' leads out of this machine and its private network, and nothing that was said "
            "may go there: set an address here, for example http://127.0.0.1:8080/v1, or leave it empty"
        )
    if not address.secure and not all(ipaddress.ip_address(each).is_loopback for each in found):
        raise ConfigError(
            "'llm_url' leads to another machine, and what was said must not cross a network in the "
            "open: set an https:// address"
        )


def parsed(url: str) -> Address:
    """An address as it was set; ConfigError for one that is none."""
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme, parts.hostname or "", parts.port
        host.encode("idna")
        plain = not (parts.username or parts.password or parts.query or parts.fragment)
    except ValueError as error:
        raise _no_address() from error
    if scheme not in _PORTS or not host or not plain or not re.fullmatch(r"[!-~]+", url):
        raise _no_address()
    return Address(scheme == "https", host, port or _PORTS[scheme], parts.path.rstrip("/"))


def _no_address() -> ConfigError:
    return ConfigError(
        "'llm_url' looks like http://127.0.0.1:8080/v1: set it so, or leave it empty"
    )


def resolved(address: Address) -> list[str]:
    """The addresses on the network that its name stands for now; OSError."""
    found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def is_ours(address: str) -> bool:
    """Whether an address is this machine's or of a private network."""
    return any(ipaddress.ip_address(address) in network for network in _OURS)
