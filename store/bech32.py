"""Bech32 (BIP 173) without its length limit, as age writes its keys."""

from __future__ import annotations

from store.errors import HeaderError

_CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_CHECK = 6
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def encode(prefix: str, data: bytes) -> str:
    """`data` as lower-case Bech32 under `prefix`."""
    values = _regroup(data, 8, 5, pad=True)
    check = _polymod([*_expand(prefix), *values, *[0] * _CHECK]) ^ 1
    values += [(check >> 5 * (5 - i)) & 31 for i in range(_CHECK)]
    return prefix + "1" + "".join(_CHARSET[value] for value in values)


def decode(text: str) -> tuple[str, bytes]:
    """The lower-case prefix and the bytes; HeaderError for anything not canonical."""
    if not text.isascii():  # other alphabets have letters whose lower case is one of ours
        raise HeaderError("a key is not Bech32")
    if text not in (text.lower(), text.upper()):
        raise HeaderError("a key mixes upper and lower case")
    prefix, mark, rest = text.lower().rpartition("1")
    if not mark or not prefix or len(rest) < _CHECK or any(c not in _CHARSET for c in rest):
        raise HeaderError("a key is not Bech32")
    values = [_CHARSET.index(c) for c in rest]
    if _polymod([*_expand(prefix), *values]) != 1:
        raise HeaderError("a key has a wrong check sum")
    return prefix, bytes(_regroup(bytes(values[:-_CHECK]), 5, 8, pad=False))


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for i, generator in enumerate(_GENERATOR):
            check ^= generator if (top >> i) & 1 else 0
    return check


def _expand(prefix: str) -> list[int]:
    return [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]


def _regroup(data: bytes, from_bits: int, to_bits: int, *, pad: bool) -> list[int]:
    buffer, bits, out = 0, 0, []
    for value in data:
        buffer = buffer << from_bits | value
        bits += from_bits
        while bits >= to_bits:
            bits -= to_bits
            out.append(buffer >> bits & (1 << to_bits) - 1)
        buffer &= (1 << bits) - 1
    if pad and bits:
        out.append(buffer << (to_bits - bits) & (1 << to_bits) - 1)
    elif not pad and (bits >= from_bits or buffer):
        raise HeaderError("a key has stray bits")
    return out
