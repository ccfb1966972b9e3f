from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from recorder.signin import codes

RFC = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # RFC 6238, appendix B: "12345678901234567890"
MOMENTS = [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]


@pytest.mark.parametrize(("seconds", "code"), MOMENTS)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    assert codes.step_of(RFC, code, seconds * 1000) == seconds // 30


@pytest.mark.parametrize(("off", "holds"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_phones_clock_may_be_half_a_minute_off(off: int, *, holds: bool) -> None:
    seconds, code = MOMENTS[1]
    found = codes.step_of(RFC, code, (seconds + 30 * off) * 1000)
    assert (found is not None) is holds


def test_a_code_is_good_once() -> None:
    seconds, code = MOMENTS[1]
    assert codes.step_of(RFC, code, seconds * 1000, after=seconds // 30) is None


def test_an_app_reads_the_secret_from_the_picture_that_runs_no_code() -> None:
    secret = codes.new_secret()
    assert codes.is_secret(secret)
    found = urlsplit(codes.address(secret, "amara", "Evolve & Co"))
    assert (found.scheme, found.netloc) == ("otpauth", "totp")
    assert parse_qs(found.query) == {"secret": [secret], "issuer": ["Recorder Evolve & Co"]}
    picture = codes.picture("x")
    assert picture.startswith("<svg")
    assert not re.search(r"style=|<script|on\w+=", picture)


@pytest.mark.parametrize("typed", ["", "A" * 31, "a" * 32, "1" * 32, "A" * 33, "A" * 31 + "é"])
def test_what_no_app_was_shown_is_no_secret(typed: str) -> None:
    assert not codes.is_secret(typed)


def test_spare_codes_differ_and_are_known_however_they_are_typed() -> None:
    spare = codes.spare_codes()
    assert len(set(spare)) == 8
    assert all(re.fullmatch(r"[a-z2-9]{4}(-[a-z2-9]{4}){2}", each) for each in spare)
    typed = spare[0].upper().replace("-", " ")
    assert codes.fingerprint(typed) == codes.fingerprint(spare[0])
    assert codes.fingerprint(spare[1]) != codes.fingerprint(spare[0])
