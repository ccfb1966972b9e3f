from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from store.errors import TamperedError
from store.sealed import Place, open_row, seal_row

KEY = bytes(range(32))
PLACE = Place("t", "r", 1, (("owner", "a"), ("number", 7), ("case", None)))


@given(st.binary(max_size=2000))
def test_a_payload_survives_the_round_trip(payload: bytes) -> None:
    assert open_row(KEY, PLACE, seal_row(KEY, PLACE, payload)) == payload


@given(st.binary(max_size=300), st.integers(0, 10**9))
def test_one_flipped_bit_is_found(payload: bytes, seed: int) -> None:
    sealed = bytearray(seal_row(KEY, PLACE, payload))
    sealed[seed % len(sealed)] ^= 1 << seed // len(sealed) % 8
    with pytest.raises(TamperedError):
        open_row(KEY, PLACE, bytes(sealed))


ELSEWHERE = [
    PLACE._replace(table="other"),
    PLACE._replace(row_id="other"),
    PLACE._replace(version=2),
    PLACE._replace(clear=()),
    PLACE._replace(clear=PLACE.clear[::-1]),
    PLACE._replace(clear=(("owner", "b"), *PLACE.clear[1:])),
    PLACE._replace(clear=(PLACE.clear[0], ("number", "7"), PLACE.clear[2])),
    PLACE._replace(clear=(*PLACE.clear[:2], ("case", ""))),
    Place('t","r', "", 1, PLACE.clear),
]


@pytest.mark.parametrize("place", ELSEWHERE, ids=repr)
def test_a_row_opens_in_its_own_place_and_beside_its_own_columns_only(place: Place) -> None:
    sealed = seal_row(KEY, PLACE, b"words")
    with pytest.raises(TamperedError):
        open_row(KEY, place, sealed)


def test_a_row_of_another_case_does_not_open() -> None:
    with pytest.raises(TamperedError):
        open_row(bytes(32), PLACE, seal_row(KEY, PLACE, b"words"))


@pytest.mark.parametrize("size", [0, 1, 100, 251, 252])
def test_sizes_are_hidden_in_buckets(size: int) -> None:
    assert len(seal_row(KEY, PLACE, bytes(size))) == len(seal_row(KEY, PLACE, b""))


def test_every_truncation_is_refused() -> None:
    sealed = seal_row(KEY, PLACE, b"words")
    for size in range(len(sealed)):
        with pytest.raises(TamperedError):
            open_row(KEY, PLACE, sealed[:size])


@pytest.mark.parametrize(
    "padded",
    [
        b"",
        bytes(3),
        b"\0\0\0\1" + b"a" + bytes(250),
        b"\0\0\0\1" + b"a" + bytes(252),
        b"\0\0\0\1" + b"a" + bytes(507),
        b"\0\0\0\1" + b"a" + bytes(250) + b"b",
        b"\0\0\1\0" + bytes(252),
        b"\xff\xff\xff\xff" + bytes(252),
    ],
)
def test_a_payload_has_one_padding(padded: bytes) -> None:
    """Sealed by who holds the key, and not as this program pads: in the form of before."""
    about = b"\0".join((b"recorder", b"t", b"r", b"1"))
    sealed = b"row1" + bytes(12) + AESGCM(KEY).encrypt(bytes(12), padded, about)
    with pytest.raises(TamperedError, match="impossible length"):
        open_row(KEY, Place("t", "r", 1), sealed)


def test_what_is_no_sealed_row_at_all_is_refused() -> None:
    for odd in ("text", None, 7, b"row2", b"row1", b"row3" + bytes(400)):
        with pytest.raises(TamperedError):
            open_row(KEY, PLACE, odd)  # type: ignore[arg-type]


def test_bytes_in_the_place_of_a_text_are_refused() -> None:
    place = PLACE._replace(clear=(("owner", "YWJj"),))
    sealed = seal_row(KEY, place, b"words")
    for odd in (place._replace(clear=(("owner", b"abc"),)), place._replace(row_id=b"r")):  # type: ignore[arg-type]
        with pytest.raises(TamperedError):
            open_row(KEY, odd, sealed)


def _sealed_before(place: Place, payload: bytes) -> bytes:
    """As rows were sealed before they were committed to."""
    padded = len(payload).to_bytes(4, "big") + payload + bytes(-(len(payload) + 4) % 256)
    about = f"recorder\0{place.table}\0{place.row_id}\0{place.version}".encode()
    return b"row1" + bytes(12) + AESGCM(KEY).encrypt(bytes(12), padded, about)


def test_a_row_of_the_old_format_opens_in_its_own_place_only() -> None:
    sealed = _sealed_before(PLACE, b"words")
    assert open_row(KEY, PLACE, sealed) == b"words"
    for place in ELSEWHERE[:3]:
        with pytest.raises(TamperedError):
            open_row(KEY, place, sealed)
    for size in range(len(sealed)):
        with pytest.raises(TamperedError):
            open_row(KEY, PLACE, sealed[:size])


def test_neither_format_passes_as_the_other() -> None:
    new, old = seal_row(KEY, PLACE, b"words"), _sealed_before(PLACE, b"words")
    for forged in (b"row1" + new[4:], b"row2" + old[4:]):
        with pytest.raises(TamperedError):
            open_row(KEY, PLACE, forged)
