from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.codec import decode_draft, decode_part, decode_transcript, encode, fingerprint
from store.errors import TamperedError
from tests.unit.recorder.values import DRAFTS, PARTS, TEXTS, TRANSCRIPTS

VALUES = (
    st.tuples(DRAFTS, st.just(decode_draft))
    | st.tuples(TRANSCRIPTS, st.just(decode_transcript))
    | st.tuples(PARTS, st.just(decode_part))
)
DECODERS = (decode_draft, decode_transcript, decode_part)
Pair = tuple[Any, Callable[[bytes], Any]]


@given(VALUES)
def test_a_value_survives_the_round_trip(pair: Pair) -> None:
    value, decode = pair
    assert decode(encode(value)) == value


@given(VALUES)
def test_equal_values_give_equal_bytes(pair: Pair) -> None:
    value, decode = pair
    assert encode(decode(encode(value))) == encode(value)


@given(VALUES, st.integers(0), st.integers(1, 255))
def test_one_flipped_byte_is_another_value_or_one_known_error(
    pair: Pair, at: int, flip: int
) -> None:
    value, decode = pair
    changed = bytearray(encode(value))
    changed[at % len(changed)] ^= flip
    try:
        found = decode(bytes(changed))
    except TamperedError:
        return
    # JSON may say one thing in two ways: a space, or an escape. It never says another as the same.
    assert decode(encode(found)) == found


@given(st.binary(max_size=60) | TEXTS.map(str.encode))
@pytest.mark.parametrize("decode", DECODERS)
def test_what_is_no_payload_is_one_known_error(
    decode: Callable[[bytes], object], payload: bytes
) -> None:
    with pytest.raises(TamperedError):
        decode(payload)


@pytest.mark.parametrize("decode", DECODERS)
@pytest.mark.parametrize("payload", [b"[" * 200_000, b'{"x":' + b"[" * 200_000, b'{"kind":"\xff"}'])
def test_what_a_parser_trips_over_is_the_same_error(
    decode: Callable[[bytes], object], payload: bytes
) -> None:
    with pytest.raises(TamperedError) as refused:
        decode(payload)
    assert refused.value.__suppress_context__  # the parser's own words may quote the payload


@given(VALUES, st.integers(0), st.sampled_from([b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf8"]))
def test_what_is_stored_with_bytes_that_are_no_text_is_the_same_error(
    pair: Pair, at: int, odd: bytes
) -> None:
    value, decode = pair
    payload = encode(value)
    inside = [place + 1 for place, byte in enumerate(payload) if byte == ord('"')]
    place = inside[at % len(inside)]
    with pytest.raises(TamperedError):
        decode(payload[:place] + odd + payload[place:])


def test_a_statement_of_the_machine_that_stands_on_nothing_is_refused() -> None:
    payload = (
        b'{"kind":"case_note","contact":{},"statements":[{"id":"s1","section":"worry",'
        b'"text":"He ran.","origin":"machine","speaker":null,"sources":[]}]}'
    )
    with pytest.raises(TamperedError):
        decode_draft(payload)
    assert decode_draft(payload.replace(b"machine", b"supervisor")).statements


@given(st.dictionaries(TEXTS, TEXTS | st.integers(0, 9)))
def test_a_fingerprint_does_not_depend_on_an_order(value: dict[str, object]) -> None:
    turned = dict(reversed(value.items()))
    assert fingerprint(value) == fingerprint(turned)
    assert fingerprint([value]) != fingerprint(value)
