"""Which addresses an identity provider may have."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}


def origin_of(url: str) -> str:
    """Scheme, host and port of an address that may be asked; empty for any other."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        return ""
    plain = host.isascii() and url.isascii() and url.isprintable() and " " not in url
    # What stands before an @ makes an address look like another's.
    if not plain or not host or "@" in parts.netloc or "\\" in url or parts.fragment:
        return ""
    if parts.scheme == "https" or (parts.scheme == "http" and _is_here(host)):
        return f"{parts.scheme}://{host}:{port}"
    return ""


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
