"""Passwords: Argon2id by argon2-cffi, and whether one can be guessed, by zxcvbn. Their one owner."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from zxcvbn import zxcvbn

LEAST, MOST = 12, 128
"""Characters. The longest is there so that nobody keeps the machine busy with hashing."""

_GOOD = 3  # of 0 to 4: "safely unguessable", ten to the eighth guesses or more
_READ = (
    72  # characters that zxcvbn looks at: it is slow on more, and they only make a password better
)


def hashed(password: str) -> str:
    """What to keep: Argon2id with the library's parameters (RFC 9106, low memory) and its own salt."""
    return _hasher().hash(password)


def holds(kept: str, password: str) -> bool:
    """Whether it is the password that `kept` was made of."""
    try:
        return _hasher().verify(kept, password[: MOST + 1])
    except VerifyMismatchError:
        return False


def is_old(kept: str) -> bool:
    """Whether it was made with weaker parameters than are used now."""
    return _hasher().check_needs_rehash(kept)


def nobodys() -> str:
    """A hash that no password holds for: looking at it takes as long as looking at somebody's."""
    return _nobodys()


def fault(password: str, own: Sequence[str]) -> str | None:
    """What is wrong with a new password, in a sentence; None if nothing is.

    `own` is what a stranger would try first, the person's name and the team's: it counts for nothing.
    """
    if not LEAST <= len(password) <= MOST:
        return f"Choose a password of {LEAST} to {MOST} characters. Three random words are good"
    left = password[:_READ].casefold()
    for part in sorted((part for each in own for part in each.casefold().split()), key=len)[::-1]:
        left = left.replace(part, "")
    if zxcvbn(left)["score"] < _GOOD:
        return "That password is easy to guess. Three random words are good"
    return None


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobodys() -> str:
    return hashed(secrets.token_urlsafe())
