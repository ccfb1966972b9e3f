"""One-time codes of an authenticator app (RFC 6238) by pyotp, and codes for when it is lost."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

import pyotp
import segno
from markupsafe import Markup

DIGITS = re.compile(r"\d{6}")
_SECRET = re.compile(r"[A-Z2-7]{32}")
_SECONDS = 30
_SLACK = 1  # steps that a phone's clock may be off, either way
_SPARE = 8
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another


def new_secret() -> str:
    """160 random bits in base32."""
    return pyotp.random_base32()


def is_secret(text: str) -> bool:
    """Whether it has the form of one that `new_secret` made."""
    return _SECRET.fullmatch(text) is not None


def step_of(secret: str, code: str, at: int, after: int = 0) -> int | None:
    """The time step (of 30 s) that `code` is of, about `at` (ms); None if it does not hold.

    Only steps later than `after` count: a code is good once.
    """
    clock, now = pyotp.TOTP(secret), at // 1000 // _SECONDS
    for step in range(now - _SLACK, now + _SLACK + 1):
        if step > after and hmac.compare_digest(clock.generate_otp(step), code):
            return step
    return None


def address(secret: str, handle: str, team: str) -> str:
    """What an authenticator app reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=handle, issuer_name=f"Recorder {team}")


def picture(text: str) -> Markup:
    """`text` as a QR code: an SVG element without a style of its own."""
    made = segno.make(text, error="m", micro=False)
    drawn = made.svg_inline(scale=4, border=4, svgclass=None, lineclass=None)
    return Markup(drawn)  # noqa: S704 - squares alone: of `text` no letter stands in it


def spare_codes() -> list[str]:
    """Codes for when the app is lost, each good once: 59 bits."""
    return ["-".join(_letters(4) for _ in range(3)) for _ in range(_SPARE)]


def fingerprint(code: str) -> str:
    """How a spare code is kept. However it is typed: spaces, dashes and capitals do not matter."""
    plain = re.sub(r"[\s-]", "", code).casefold()
    return hashlib.sha256(plain.encode()).hexdigest()


def _letters(count: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(count))
