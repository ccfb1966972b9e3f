from __future__ import annotations

import base64
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store import age
from store.errors import ArmourError, HeaderError, NoMatchError, PayloadError

BEGIN, END = b"-----BEGIN AGE ENCRYPTED FILE-----", b"-----END AGE ENCRYPTED FILE-----"
IDENTITY = age.X25519Identity(bytes(range(32)))


def armour(data: bytes, line_end: bytes = b"\n") -> bytes:
    text = base64.b64encode(data)
    lines = [text[i : i + 64] for i in range(0, len(text), 64)]
    return line_end.join((BEGIN, *lines, END, b""))


def dearmoured(text: bytes) -> age.Armoured:
    return age.Armoured(lambda at, n: text[at : at + n], len(text))


def opened(file: bytes) -> bytes:
    return b"".join(age.open_file(lambda at, n: file[at : at + n], len(file), [IDENTITY]))


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
@given(data=st.binary(max_size=300), start=st.integers(0, 310), length=st.integers(0, 310))
@settings(deadline=None)
def test_any_range_is_that_of_the_data(
    line_end: bytes, data: bytes, start: int, length: int
) -> None:
    found = dearmoured(armour(data, line_end))
    assert found.size == len(data)
    assert found.read_at(start, length) == data[start : start + length]


@pytest.mark.parametrize("before", [b"", b"\n", b" \t\r\n\n"])
@pytest.mark.parametrize("after", [b"", b"\n", b"\r\n \t\n"])
def test_whitespace_may_stand_around(before: bytes, after: bytes) -> None:
    text = before + armour(b"data")[:-1] + after
    assert dearmoured(text).read_at(0, 10) == b"data"


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"x\n" + armour(b"data"),
        b" " + armour(b"data"),
        armour(b"data") + b"x",
        armour(b"data")[:-1] + b" \n",
        armour(b"data").lower(),
        armour(b"data").replace(b"AGE ENCRYPTED FILE", b"MESSAGE"),
        armour(b"data").replace(BEGIN + b"\n", BEGIN + b"\nVersion: 1\n\n"),
        armour(b"data").replace(b"==", b""),
        armour(b"data").replace(b"==", b"\n=="),
        armour(b"x" * 60).replace(b"\n", b"\r\n", 2),
        armour(b"x" * 60).replace(b"eHh4", b"eH\nh4"),
        armour(b"x" * 60).replace(b"eHh4", b"eH-4"),
        armour(b"x" * 60)[: -len(END) - 1],
        armour(b"x" * 48).replace(END, b"\n" + END),
        armour(b"x" * 96).replace(b"\n" + END, b"=abcd\n" + END),
        b"\n" * 1100 + armour(b"data"),
        armour(b"data") + b"\n" * 1100,
        END + b"\n" + BEGIN + b"\n",
    ],
)
def test_what_no_writer_writes_is_refused(text: bytes) -> None:
    with pytest.raises(ArmourError):
        dearmoured(text).read_at(0, 10**6)


def test_a_stray_bit_under_the_padding_is_refused() -> None:
    with pytest.raises(ArmourError, match="canonical"):
        dearmoured(armour(b"a").replace(b"YQ==", b"YR=="))


def test_padding_inside_is_refused() -> None:
    text = base64.b64encode(b"x" * 47) + b"\n" + base64.b64encode(b"y" * 48)
    with pytest.raises(ArmourError):
        dearmoured(b"\n".join((BEGIN, text, END, b""))).read_at(0, 96)


@pytest.mark.parametrize("size", [0, 1, 100, 3 * age.CHUNK + 7])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_an_armoured_file_opens_in_place(size: int, line_end: bytes) -> None:
    plaintext = random.Random(size).randbytes(size)
    file = b"".join(age.seal_file([IDENTITY.recipient], [plaintext]))
    assert opened(file) == opened(armour(file, line_end)) == plaintext


@given(st.binary(max_size=150), st.integers(0), st.binary(max_size=3), st.integers(0, 3))
@settings(max_examples=300, deadline=None)
def test_what_opens_is_the_one_armour_of_its_data(
    data: bytes, at: int, inserted: bytes, dropped: int
) -> None:
    whole = armour(data)
    place = at % len(whole)
    text = whole[:place] + inserted + whole[place + dropped :]
    try:
        found = dearmoured(text)
        inside = found.read_at(0, found.size)
    except ArmourError:
        return
    assert text.strip() in {armour(inside, end).strip() for end in (b"\n", b"\r\n")}


@given(st.integers(0, 10**9))
@settings(max_examples=300, deadline=None)
def test_one_flipped_bit_of_an_armoured_file_is_found(seed: int) -> None:
    file = bytearray(armour(b"".join(age.seal_file([IDENTITY.recipient], [b"w" * 100]))))
    # The last byte is a line end, which may be any whitespace or not be there.
    file[seed % (len(file) - 1)] ^= 1 << seed // len(file) % 8
    with pytest.raises((ArmourError, HeaderError, NoMatchError, PayloadError)):
        opened(bytes(file))


def test_every_truncation_of_an_armoured_file_is_refused() -> None:
    file = armour(b"".join(age.seal_file([IDENTITY.recipient], [b"w" * 100])))
    for cut in range(len(file) - 1):
        with pytest.raises((ArmourError, HeaderError)):
            opened(file[:cut])


def test_storage_that_gives_too_little_is_an_error() -> None:
    file = armour(b"".join(age.seal_file([IDENTITY.recipient], [bytes(age.CHUNK * 2)])))
    lost = len(file) // 2

    def read_at(at: int, n: int) -> bytes:
        return b"" if at <= lost < at + n else file[at : at + n]

    with pytest.raises(PayloadError):
        list(age.open_file(read_at, len(file), [IDENTITY]))


def test_what_is_no_age_file_is_refused() -> None:
    for data in (b"", b"RIFF", b"age-encryption.org/v1\n", b"age-encryption.org/v2\n---"):
        with pytest.raises(HeaderError):
            opened(data)
    with pytest.raises(HeaderError, match="too large"):
        opened(b"age-encryption.org/v1\n" + b"-> x\n\n" * 20_000)
