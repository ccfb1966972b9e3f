from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from recorder.signin import passwords

GOOD = "copper lantern thursday"


def test_a_password_holds_for_its_own_hash_and_no_other() -> None:
    kept = passwords.hashed(GOOD)
    assert kept.startswith("$argon2id$")
    assert passwords.holds(kept, GOOD)
    assert not passwords.holds(kept, GOOD + " ")
    assert not passwords.holds(passwords.nobodys(), GOOD)
    assert passwords.hashed(GOOD) != kept


def test_a_hash_of_weaker_parameters_is_old() -> None:
    assert passwords.is_old(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(GOOD))
    assert not passwords.is_old(passwords.hashed(GOOD))


@pytest.mark.parametrize(
    "weak",
    [
        "",
        "short",
        "x" * 12,
        "password1234",
        "amara cole 1",
        "Amara Cole 2026",
        "qwertyuiop12",
        "evolve evolve",
        "a" * 129,
    ],
)
def test_what_a_stranger_would_try_is_no_password(weak: str) -> None:
    assert passwords.fault(weak, ("amara", "Amara Cole", "Evolve")) is not None


@pytest.mark.parametrize("good", [GOOD, "Ünïcode gräße völlig 7", "x7#kQ9!vLm2$", "w" + GOOD * 5])
def test_three_random_words_are_enough(good: str) -> None:
    assert passwords.fault(good, ("amara", "Amara Cole", "Evolve")) is None
