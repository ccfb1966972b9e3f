from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store import bech32
from store.errors import HeaderError

# From BIP 173's list of valid strings, with their data parts regrouped by hand.
VALID = {
    "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w": "split",
    "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw": "abcdef",
}
INVALID = ["", "pzry9x0s0muk", "1pzry9x0s0muk", "x1b4n0q5v", "li1dgmt3", "A1G7SGD8", "10a06t8"]


@pytest.mark.parametrize(("text", "prefix"), VALID.items())
def test_a_published_string_decodes_and_encodes_to_itself(text: str, prefix: str) -> None:
    found, data = bech32.decode(text)
    assert found == prefix
    assert bech32.encode(found, data) == text


@pytest.mark.parametrize("text", INVALID)
def test_a_published_bad_string_is_refused(text: str) -> None:
    with pytest.raises(HeaderError):
        bech32.decode(text)


@given(st.binary(max_size=80))
@settings(deadline=None)
def test_bytes_survive_the_round_trip(data: bytes) -> None:
    assert bech32.decode(bech32.encode("age", data)) == ("age", data)


@given(st.binary(min_size=1, max_size=40), st.data())
@settings(deadline=None)
def test_one_changed_letter_is_found(data: bytes, pick: st.DataObject) -> None:
    text = bech32.encode("age", data)
    at = pick.draw(st.integers(4, len(text) - 1))
    other = pick.draw(
        st.sampled_from([c for c in "qpzry9x8gf2tvdw0s3jn54khce6mua7l" if c != text[at]])
    )
    with pytest.raises(HeaderError):
        bech32.decode(text[:at] + other + text[at + 1 :])


_letters = st.text("1qpzry9x8gf2tvdw0s3jn54khce6mua7lbio QPZ\u212a", max_size=30)


@given(_letters | st.text(max_size=20), st.binary(max_size=10))
@settings(deadline=None)
def test_any_text_is_one_canonical_key_or_refused(text: str, data: bytes) -> None:
    written = bech32.encode("age", data)
    for candidate in (text, text + written, written + text, f"{text}1{written}"):
        try:
            prefix, found = bech32.decode(candidate)
        except HeaderError:
            continue
        assert bech32.encode(prefix, found) == candidate.lower()


def test_mixed_case_is_refused() -> None:
    text = bech32.encode("age", b"seed")
    with pytest.raises(HeaderError):
        bech32.decode("A" + text[1:])


def test_all_upper_case_is_the_same_key() -> None:
    text = bech32.encode("age", b"seed")
    assert bech32.decode(text.upper()) == ("age", b"seed")


def test_a_letter_of_another_alphabet_is_refused() -> None:
    text = bech32.encode("key", b"seed").upper()
    with pytest.raises(HeaderError):
        bech32.decode("\N{KELVIN SIGN}" + text[1:])
