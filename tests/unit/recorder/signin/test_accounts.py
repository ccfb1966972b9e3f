"""Who gets in, and who does not."""

from __future__ import annotations

import pyotp
import pytest

from recorder.errors import NotAllowedError, StateError
from recorder.signin import codes, passwords
from recorder.signin.accounts import Accounts, New
from store.errors import NotFoundError
from store.people import Member
from store.store import Store

GOOD, HERE = "copper lantern thursday", "10.0.0.1"
START = 1_762_362_300_000


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    clock = [START]
    for where in ("recorder.signin.accounts", "store.tries"):
        monkeypatch.setattr(f"{where}.now_ms", lambda: clock[0])
    return clock


@pytest.fixture
def accounts(store: Store) -> Accounts:
    return Accounts(store, "Evolve")


def app_says(secret: str, at: int) -> str:
    return pyotp.TOTP(secret).at(at // 1000)


@pytest.fixture
def secret(accounts: Accounts, practitioner: Member, now: list[int]) -> str:
    """What the practitioner's phone knows."""
    made = codes.new_secret()
    accounts.choose(practitioner, New(GOOD, GOOD, made, app_says(made, now[0])))
    now[0] += 60_000
    return made


def test_a_password_and_the_apps_code_let_their_person_in(
    accounts: Accounts, practitioner: Member, secret: str, now: list[int]
) -> None:
    found = accounts.by_password(" Amara", GOOD, app_says(secret, now[0]), HERE)
    assert found == practitioner


def test_a_code_lets_nobody_in_twice(accounts: Accounts, secret: str, now: list[int]) -> None:
    code = app_says(secret, now[0])
    accounts.by_password("amara", GOOD, code, HERE)
    with pytest.raises(NotAllowedError):
        accounts.by_password("amara", GOOD, code, HERE)


def test_whatever_is_wrong_is_answered_alike(
    accounts: Accounts, supervisor: Member, young_person: Member, secret: str, now: list[int]
) -> None:
    code = app_says(secret, now[0])
    tries = [
        ("nobody", GOOD, code),
        (supervisor.handle, GOOD, code),  # has no account
        (young_person.handle, GOOD, code),
        ("amara", "wrong", code),
        ("amara", GOOD, "000000"),
        ("amara", GOOD, ""),
        ("amara", "", ""),
    ]
    said = set()
    for handle, password, digits in tries:
        with pytest.raises(NotAllowedError) as caught:
            accounts.by_password(handle, password, digits, HERE)
        said.add(caught.value.sentence)
    assert len(said) == 1


def test_whether_somebody_exists_is_not_told_by_how_long_it_takes(
    accounts: Accounts, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[str] = []

    def look(kept: str, _: str) -> bool:
        looked_at.append(kept)
        return False

    monkeypatch.setattr(passwords, "holds", look)
    for handle in ("nobody", "amara"):
        with pytest.raises(NotAllowedError):
            accounts.by_password(handle, GOOD, secret[:6], HERE)
    assert [kept.split("$")[1:4] for kept in looked_at] == [looked_at[0].split("$")[1:4]] * 2
    assert looked_at[0] != looked_at[1]


def test_a_spare_code_is_good_once_and_the_others_stay(
    accounts: Accounts, practitioner: Member, now: list[int]
) -> None:
    made = codes.new_secret()
    spare = accounts.choose(practitioner, New(GOOD, GOOD, made, app_says(made, now[0])))
    accounts.by_password("amara", GOOD, spare[3].upper(), HERE)
    with pytest.raises(NotAllowedError):
        accounts.by_password("amara", GOOD, spare[3], HERE)
    assert accounts.of(practitioner).spare_codes == len(spare) - 1


def test_who_fails_again_and_again_waits_and_then_gets_in(
    accounts: Accounts, secret: str, now: list[int]
) -> None:
    for _ in range(5):
        with pytest.raises(NotAllowedError, match="did not work"):
            accounts.by_password("amara", "guess", "000000", HERE)
    with pytest.raises(NotAllowedError, match="Wait 1 minute,"):
        accounts.by_password("amara", GOOD, app_says(secret, now[0]), HERE)
    elsewhere = accounts.by_password("amara", GOOD, app_says(secret, now[0]), "10.0.0.2")
    now[0] += 60_000
    assert elsewhere == accounts.by_password("AMARA", GOOD, app_says(secret, now[0]), HERE)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"again": "copper lantern friday"}, "not the same"),
        ({"password": "short", "again": "short"}, "12 to 128"),
        ({"password": "password1234", "again": "password1234"}, "easy to guess"),
        ({"code": "000000"}, "does not fit"),
        ({"secret": "x"}, "does not fit"),
    ],
)
def test_what_cannot_be_kept_says_why_and_changes_nothing(
    accounts: Accounts,
    practitioner: Member,
    now: list[int],
    changed: dict[str, str],
    why: str,
) -> None:
    made = codes.new_secret()
    whole = {"password": GOOD, "again": GOOD, "secret": made, "code": app_says(made, now[0])}
    with pytest.raises(StateError, match=why):
        accounts.choose(practitioner, New(**(whole | changed)))
    assert not accounts.has_one(practitioner)


def test_a_link_is_no_way_in_for_staff_with_an_account_or_young_people(
    store: Store, accounts: Accounts, practitioner: Member, young_person: Member, now: list[int]
) -> None:
    link = store.access.new_link(practitioner.id, "test", 60_000)
    assert accounts.invited(link) == practitioner
    made = codes.new_secret()
    accounts.choose(practitioner, New(GOOD, GOOD, made, app_says(made, now[0])))
    with pytest.raises(NotFoundError):
        accounts.invited(link)
    theirs = store.access.new_link(young_person.id, "test", 60_000)
    with pytest.raises(NotFoundError):  # nor for a young person, who needs the numbers as well
        accounts.invited(theirs)


def test_nothing_that_is_kept_shows_in_a_repr(
    store: Store, practitioner: Member, secret: str
) -> None:
    told = repr(store.credentials.of(practitioner.id)) + repr(New(GOOD, GOOD, secret, "123456"))
    assert secret not in told
    assert GOOD not in told
    assert "argon2" not in told
