"""The suite can fail: what is planted is found."""

from __future__ import annotations

import base64
import binascii
import json
import pickle
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.leaks.needles import Needles

WORDS = ("Thaddeus Wyrmwood", 'He said "no" & left\n', "Zoë Ångström", "KESTREL-77")
NEEDLES = Needles(WORDS)

WRITERS: dict[str, Callable[[str], bytes]] = {
    "utf-8": str.encode,
    "utf-16-le": lambda text: text.encode("utf-16-le"),
    "utf-16-be": lambda text: text.encode("utf-16-be"),
    "upper": lambda text: text.upper().encode(),
    "lower": lambda text: text.lower().encode(),
    "url": lambda text: quote(text).encode(),
    "url, no safe": lambda text: quote(text, safe="").encode(),
    "json": lambda text: json.dumps([text]).encode(),
    "json, plain": lambda text: json.dumps(text, ensure_ascii=False).encode(),
    "repr": lambda text: repr(text).encode(),
    "ascii": lambda text: ascii(text).encode(),
    "hex": lambda text: text.encode().hex().encode(),
    "HEX": lambda text: binascii.hexlify(text.encode()).upper(),
    "pickle": lambda text: pickle.dumps({"said": text}),
    "base64": lambda text: base64.b64encode(text.encode()),
    "base64, one on": lambda text: base64.b64encode(b"x" + text.encode() + b"yz"),
    "base64, two on": lambda text: base64.b64encode(b"xy" + text.encode() + b"z"),
    "base64url": lambda text: base64.urlsafe_b64encode(b"\xfb\xff" + text.encode() + b"\xff"),
    "base64 of utf-16": lambda text: base64.b64encode(text.encode("utf-16-le")),
}


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("writer", WRITERS.values(), ids=list(WRITERS))
def test_a_planted_word_is_found(tmp_path: Path, word: str, writer: Callable[[str], bytes]) -> None:
    noise = bytes(range(256)) * 40
    (tmp_path / "noise").write_bytes(noise)
    (tmp_path / "vault").mkdir()
    (tmp_path / "vault" / "blob").write_bytes(noise + writer(word) + noise)
    assert list(NEEDLES.under(tmp_path)) == ["vault/blob"]
    assert list(NEEDLES.under(tmp_path, ["vault"])) == []


@pytest.mark.parametrize("name", ["Thaddeus Wyrmwood.part", "kestrel-77", "x-Zoë Ångström"])
def test_a_word_in_the_name_of_a_file_or_folder_is_found(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / "other").touch()
    assert list(NEEDLES.under(tmp_path)) == [name]


@given(st.binary(max_size=200), st.sampled_from(WORDS), st.binary(max_size=200))
def test_base64_is_found_wherever_the_word_stands_in_it(a: bytes, word: str, b: bytes) -> None:
    assert NEEDLES.in_bytes(base64.b64encode(a + word.encode() + b))


@given(st.binary(max_size=5000))
def test_noise_holds_no_word(noise: bytes) -> None:
    assert not NEEDLES.in_bytes(noise)


def test_a_short_word_is_refused() -> None:
    with pytest.raises(AssertionError, match="by chance"):
        Needles(["no"])
