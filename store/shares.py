"""Recovery shares: a secret split so that any k of n sheets of paper give it back (SLIP-39).

A share is 33 words: a set number, its own number, k, its value, and a checksum that finds up to
three wrong words. Inside the shared value stands a digest, so that shares which do not belong
together are refused rather than combined to a wrong secret. Fewer than k say nothing at all about
the secret. The format is a public one, so that other programs can open these sheets too; of its
options this writes one: a single group, no passphrase.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from store.errors import ShareError
from store.words import WORDS

MIN_THRESHOLD, MAX_SHARES = 2, 16
_WORD_BITS, _STEP_BITS, _MAX_PADDING = 10, 16, 8  # a secret is a whole number of steps
_CHECKSUM = 3  # words
_HEAD = 4  # words before the value: set number, flags, numbers
WORDS_EACH = 33  # words, of a secret of 256 bits
_MIN_WORDS = 20  # the standard's least secret has 128 bits
_MAX_WORDS = 59
_SECRET_AT, _DIGEST_AT, _DIGEST_SIZE = 255, 254, 4
_ROUNDS, _ITERATIONS = 4, 10_000
_HOME = re.compile(r"\bhome ([0-9a-f]{16})\b")
_POLYNOMIAL = 0x11B  # of GF(256), as in AES and SLIP-39
_GENERATOR = (
    *(0xE0E040, 0x1C1C080, 0x3838100, 0x7070200, 0xE0E0009),
    *(0x1C0C2412, 0x38086C24, 0x3090FC48, 0x21B1F890, 0x3F3F120),
)


@dataclass(frozen=True, slots=True)
class Share:
    """One sheet. Its repr shows no value."""

    set_number: int  # 15 random bits, the same on every share made together
    number: int  # from 0
    threshold: int  # k
    value: bytes = field(repr=False)
    home: str = ""  # 16 hex digits; empty when only the words were typed
    extendable: bool = True
    exponent: int = 0


# --- secret to shares and back ----------------------------------------------------------------


def split(secret: bytes, threshold: int, count: int, home: str = "") -> list[Share]:
    """`count` shares, any `threshold` of which give `secret` back; ShareError for odd numbers."""
    if not MIN_THRESHOLD <= threshold <= count <= MAX_SHARES:
        raise ShareError(f"shares need {MIN_THRESHOLD} <= threshold <= shares <= {MAX_SHARES}")
    first = Share(secrets.randbits(15), 0, threshold, b"", home)
    hidden = _feistel(first, secret, b"", range(_ROUNDS))
    points = {x: secrets.token_bytes(len(hidden)) for x in range(threshold - 2)}
    salt = secrets.token_bytes(len(hidden) - _DIGEST_SIZE)
    known = {**points, _DIGEST_AT: _digest(salt, hidden) + salt, _SECRET_AT: hidden}
    return [replace(first, number=x, value=_interpolate(known, x)) for x in range(count)]


def combine(shares: Sequence[Share], passphrase: bytes = b"") -> bytes:
    """The secret; ShareError when they are too few or do not belong together."""
    if not shares:
        raise ShareError("there are no shares")
    first = shares[0]
    if len({replace(each, number=0, value=b"", home="") for each in shares}) != 1:
        raise ShareError("these shares come from different sets: use shares made together")
    if len({each.home for each in shares if each.home}) > 1:
        raise ShareError("these shares belong to different homes")
    points = {each.number: each.value for each in shares}
    if len(points) != len(shares) or len({len(value) for value in points.values()}) != 1:
        raise ShareError("two of these shares have the same number: each must be another one")
    if len(points) < first.threshold:
        raise ShareError(f"{first.threshold} shares are needed and {len(points)} were given")
    return _feistel(first, _join(points, first.threshold), passphrase, reversed(range(_ROUNDS)))


def _join(points: Mapping[int, bytes], threshold: int) -> bytes:
    used = dict(list(points.items())[:threshold])
    if threshold == 1:
        return next(iter(used.values()))
    secret, proof = _interpolate(used, _SECRET_AT), _interpolate(used, _DIGEST_AT)
    fits = hmac.compare_digest(proof[:_DIGEST_SIZE], _digest(proof[_DIGEST_SIZE:], secret))
    if not fits or any(_interpolate(used, x) != value for x, value in points.items()):
        raise ShareError("these shares do not fit together: one of them is from another set")
    return secret


def _digest(salt: bytes, secret: bytes) -> bytes:
    return hmac.digest(salt, secret, "sha256")[:_DIGEST_SIZE]


def _interpolate(points: Mapping[int, bytes], x: int) -> bytes:
    """The polynomials through `points`, one a byte, at `x` (Lagrange)."""
    if x in points:
        return points[x]
    result = bytes(len(next(iter(points.values()))))
    for own, value in points.items():
        basis = 1
        for other in points:
            if other != own:
                basis = _times(_times(basis, x ^ other), _inverse(own ^ other))
        result = bytes(a ^ _times(basis, b) for a, b in zip(result, value, strict=True))
    return result


def _times(a: int, b: int) -> int:
    # No table and no branch on a secret: what is looked up and skipped can be watched.
    product = 0
    for _ in range(8):
        product ^= -(b & 1) & a
        b >>= 1
        a = (a << 1) ^ (-(a >> 7) & _POLYNOMIAL)
    return product


def _inverse(a: int) -> int:
    result = 1
    for _ in range(254):  # a to the 254th: the group has 255 elements
        result = _times(result, a)
    return result


def _feistel(share: Share, data: bytes, passphrase: bytes, rounds: Iterable[int]) -> bytes:
    """The standard's cipher: with an empty passphrase a fixed permutation, kept for readers."""
    salt = b"" if share.extendable else b"shamir" + share.set_number.to_bytes(2, "big")
    left, right = data[: len(data) // 2], data[len(data) // 2 :]
    cost = (_ITERATIONS << share.exponent) // _ROUNDS
    for number in rounds:
        mask = hashlib.pbkdf2_hmac(
            "sha256", bytes([number]) + passphrase, salt + right, cost, len(right)
        )
        left, right = right, bytes(a ^ b for a, b in zip(left, mask, strict=True))
    return right + left


# --- share to words and back ------------------------------------------------------------------


def words(share: Share) -> list[str]:
    """The share in words (33 of them for a 256-bit secret)."""
    flags = share.set_number << 5 | share.extendable << 4 | share.exponent
    # One group of one: its index, threshold - 1 and count - 1 are all zero.
    numbers = share.number << 4 | share.threshold - 1
    head = flags << 20 | numbers
    size = -(-len(share.value) * 8 // _WORD_BITS)
    indices = _indices(head << size * _WORD_BITS | int.from_bytes(share.value, "big"), _HEAD + size)
    check = _polymod([*_label(share), *indices, *[0] * _CHECKSUM]) ^ 1
    return [WORDS[index] for index in (*indices, *_indices(check, _CHECKSUM))]


def from_words(given: Sequence[str], home: str = "") -> Share:
    """The share these words say; four letters of a word are enough. ShareError names the place."""
    if not _MIN_WORDS <= len(given) <= _MAX_WORDS:
        raise ShareError(f"a share has 33 words and {len(given)} were given")
    indices = [_index(place, word) for place, word in enumerate(given, 1)]
    head = _number(indices[:_HEAD])
    body = indices[_HEAD:-_CHECKSUM]
    size, padding = divmod(len(body) * _WORD_BITS, _STEP_BITS)
    share = Share(
        set_number=head >> 25,
        number=head >> 4 & 15,
        threshold=(head & 15) + 1,
        value=b"",
        home=home,
        extendable=bool(head >> 24 & 1),
        exponent=head >> 20 & 15,
    )
    if _polymod([*_label(share), *indices]) != 1:
        raise ShareError("a word is wrong or missing: compare each one with the sheet")
    if head >> 8 & 0xFFF:
        raise ShareError("this share is of a grouped set, which is not made here")
    value = _number(body)
    if padding > _MAX_PADDING or value >> size * _STEP_BITS:
        raise ShareError("this share has an impossible length")
    return replace(share, value=value.to_bytes(size * _STEP_BITS // 8, "big"))


def sheet(share: Share, count: int) -> str:
    """What is printed: what it is, for which home, and the words, numbered."""
    numbered = [f"{place:>2} {word:<9}" for place, word in enumerate(words(share), 1)]
    rows = ["  ".join(numbered[i : i + 6]).rstrip() for i in range(0, len(numbered), 6)]
    return "\n".join(
        (
            f"# Recorder: recovery share {share.number + 1} of {count}",
            f"# Any {share.threshold} of the {count} open home {share.home}.",
            "# Keep it apart from the others. Words: SLIP-39, no passphrase.",
            *rows,
            "",
        )
    )


def read(text: str) -> Share:
    """The share on a sheet, or of words typed with or without their numbers."""
    homes = _HOME.findall("\n".join(line for line in text.splitlines() if line.startswith("#")))
    return from_words(words_in(text), homes[0] if homes else "")


def words_in(text: str) -> list[str]:
    """The words on a sheet or in typed lines, without numbers and remarks; none is checked."""
    plain = " ".join(line for line in text.lower().splitlines() if not line.startswith("#"))
    return re.findall(r"[^\W\d_]+", plain)


def check_words(given: Sequence[str], first: int = 1) -> None:
    """ShareError naming the place, counted from `first`, of a word that no share is made of."""
    for place, word in enumerate(given, first):
        _index(place, word)


def _index(place: int, word: str) -> int:
    found = [i for i, each in enumerate(WORDS) if word in (each, each[:4])]
    if len(found) != 1:
        raise ShareError(f"word {place} is not one of the words that shares are made of")
    return found[0]


def _label(share: Share) -> bytes:
    return b"shamir_extendable" if share.extendable else b"shamir"


def _indices(value: int, count: int) -> list[int]:
    return [value >> _WORD_BITS * place & 1023 for place in reversed(range(count))]


def _number(indices: Sequence[int]) -> int:
    value = 0
    for index in indices:
        value = value << _WORD_BITS | index
    return value


def _polymod(values: Sequence[int]) -> int:
    """The checksum's remainder: a Reed-Solomon code over GF(1024)."""
    check = 1
    for value in values:
        top = check >> 20
        check = (check & 0xFFFFF) << 10 ^ value
        for bit in range(10):
            check ^= _GENERATOR[bit] if top >> bit & 1 else 0
    return check
