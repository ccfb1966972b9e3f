from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.intake.letters import FileLetter, decode, encode
from recorder.intake.overview import Entry, Overview
from store.errors import TamperedError

# Paths as a disk gives them: bytes that are no UTF-8 stand as surrogates.
PATHS = st.binary(max_size=20).map(lambda raw: raw.decode("utf-8", "surrogateescape"))
LETTERS = st.builds(FileLetter, PATHS, st.text(), st.text(), st.text(), st.integers()) | st.builds(
    Overview,
    st.lists(st.from_type(Entry), max_size=3).map(tuple),
    st.lists(PATHS, max_size=3).map(tuple),
)


@given(LETTERS)
def test_a_letter_survives_the_round_trip(letter: FileLetter | Overview) -> None:
    assert decode(encode(letter)) == letter
    assert encode(decode(encode(letter))) == encode(letter)


@given(LETTERS, st.integers(0), st.integers(1, 255))
def test_one_flipped_byte_is_another_letter_or_one_known_error(
    letter: FileLetter | Overview, at: int, flip: int
) -> None:
    changed = bytearray(encode(letter))
    changed[at % len(changed)] ^= flip
    try:
        found = decode(bytes(changed))
    except TamperedError:
        return
    assert encode(found) == bytes(changed)


@pytest.mark.parametrize(
    "payload",
    [
        b"[" * 200_000,
        b'["folder", {"entries": [], "lying": [], "more": 1}]',
        b'["folder", {"entries": [], "lying": [7]}]',
        b'["folder",{"entries":[],"lying":[]}]',
        b'["letter", {"entries": [], "lying": []}]',
        b'[["folder"], {"entries": [], "lying": []}]',
    ],
)
def test_what_this_side_would_not_write_is_refused(payload: bytes) -> None:
    with pytest.raises(TamperedError) as refused:
        decode(payload)
    assert refused.value.__cause__ is None


@given(st.binary(max_size=40))
def test_what_is_no_letter_is_one_known_error(payload: bytes) -> None:
    with pytest.raises(TamperedError):
        decode(payload)
