"""Accounts of staff: made once by whoever was invited, and proved at every sign-in after that.

Young people have none: they come in by an invitation (`recorder.review.inviting`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

import msgspec

from recorder.errors import NotAllowedError, StateError, UnknownError
from recorder.patience import require_patience
from recorder.review.states import Role
from recorder.signin import codes, passkeys, passwords
from recorder.signin.passkeys import Door, Key
from store.credentials import Credential
from store.errors import ConflictError, DuplicateError, ErasedError, NotFoundError
from store.payloads import decode
from store.people import Member, fold
from store.session import now_ms
from store.store import Store

PASSWORD, CODES, SPARE, PASSKEY = "password", "codes", "spare_code", "passkey"
PROVIDER = "provider"
_CHALLENGE_MS = 5 * 60_000
_SHOW, _MAKE = "show a passkey", "make a passkey"
_FREE_PAIR, _FREE_HANDLE, _FREE_ADDRESS = 5, 30, 50  # failures before waiting begins
_REFUSED = (
    "That did not work. Check your name, password and code and try again. If you are new or have lost "
    "them, ask whoever looks after Recorder for a sign-in link"
)


_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Password:
    hash: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Codes:
    secret: str = field(repr=False)
    step: int  # the newest time step a code was taken of


@dataclass(frozen=True, slots=True)
class _Spare:
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Account:
    """What somebody can sign in with."""

    has_password: bool
    spare_codes: int  # left
    passkeys: Sequence[tuple[str, str, int]]  # id, name, when it was made (ms)
    joined_at: int | None  # when an account at the identity provider was joined (ms)


@dataclass(frozen=True, slots=True)
class New:
    """A password and the app that goes with it, as somebody chose them."""

    password: str = field(repr=False)
    again: str = field(repr=False)
    secret: str = field(repr=False)  # shown to the app
    code: str = field(repr=False)  # what the app says


class Accounts:
    """Makes accounts and says who has proved who they are."""

    def __init__(
        self,
        store: Store,
        team: str,
        *,
        provided: bool = False,
        local: Collection[str] | None = None,
    ) -> None:
        """With `provided` there is an identity provider.

        `local` are the handles of those who may come in by an account here beside it; None: everybody.
        """
        self._store = store
        self._team = team
        self._provided = provided
        self._local = None if local is None else {fold(each) for each in local}

    def of(self, person: Member) -> Account:
        """What this person can sign in with."""
        found = self._store.credentials.of(person.id)
        kinds = [each.kind for each in found]
        keys = [
            (each.id, _key(each).name, each.created_at) for each in found if each.kind == PASSKEY
        ]
        joined = (each.created_at for each in found if each.kind == PROVIDER)
        return Account(PASSWORD in kinds, kinds.count(SPARE), tuple(keys), next(joined, None))

    def may_locally(self, person: Member) -> bool:
        """Whether this person may come in by an account here."""
        return self._local is None or fold(person.handle) in self._local

    @property
    def are_local(self) -> bool:
        """Whether there is anybody who may."""
        return self._local is None or bool(self._local)

    def has_one(self, person: Member) -> bool:
        """Whether this person has any way in but a link."""
        here = [PASSWORD, PASSKEY] if self.may_locally(person) else []
        there = [PROVIDER] if self._provided else []
        return self._store.credentials.has_any(person.id, [*here, *there])

    def invited(self, secret: str) -> Member:
        """Whose link it is. NotFoundError for one that does not hold, or lets nobody in any more."""
        person = self._store.people.get(self._store.access.invited(secret))
        if Role(person.role) is Role.YOUNG_PERSON or self.has_one(person):
            raise NotFoundError("they have another way in: a link alone is none")
        return person

    # --- a password and codes ---------------------------------------------------------------

    def choose(self, person: Member, new: New) -> list[str]:
        """Set the password and the app, in place of any before; spare codes, to be shown once.

        StateError with what to put right.
        """
        self._require_local(person)
        if new.password != new.again:
            raise StateError("The two passwords are not the same", field="again")
        own = (person.handle, person.name, self._team, "recorder")
        if fault := passwords.fault(new.password, own):
            raise StateError(fault, field="password")
        step = codes.is_secret(new.secret) and codes.step_of(new.secret, new.code, now_ms())
        if not step:
            raise StateError(
                "The code does not fit. Type the six digits that the app shows now, and check that "
                "the phone's clock is right",
                field="digits",
            )
        spare = codes.spare_codes()
        made = {
            PASSWORD: [msgspec.json.encode(_Password(passwords.hashed(new.password)))],
            CODES: [msgspec.json.encode(_Codes(new.secret, step))],
            SPARE: [msgspec.json.encode(_Spare(codes.fingerprint(each))) for each in spare],
        }
        self._store.credentials.put(person.id, made, person.id)
        return spare

    def by_password(self, handle: str, password: str, code: str, address: str) -> Member:
        """Who this is; NotAllowedError, in the same words and time whatever was wrong.

        `address` is where the try comes from.
        """
        pair = f"{fold(handle)} from {address}"
        names = {pair: _FREE_PAIR, fold(handle): _FREE_HANDLE, address: _FREE_ADDRESS}
        require_patience(self._store.tries, names)
        person = self._proved(handle, password, code.strip())
        if person is None:
            self._store.tries.failed(list(names))
            raise NotAllowedError(_REFUSED)
        self._store.tries.forget(pair)
        return person

    def _proved(self, handle: str, password: str, code: str) -> Member | None:
        person = self._somebody(handle)
        found = [] if person is None else self._store.credentials.of(person.id)
        kept = next((each for each in found if each.kind == PASSWORD), None)
        known = passwords.nobodys() if kept is None else _as(kept, _Password).hash
        right = passwords.holds(known, password)
        if person is None or kept is None or not (right and self._has_code(found, code)):
            return None
        if passwords.is_old(known):
            better = msgspec.json.encode(_Password(passwords.hashed(password)))
            with suppress(ConflictError):  # another sign-in did it at this moment
                self._store.credentials.change(kept, better)
        return person

    def _require_local(self, person: Member) -> None:
        if not self.may_locally(person):
            raise NotAllowedError("there are no passwords and passkeys here: sign in as at work")

    def _somebody(self, handle: str) -> Member | None:
        try:
            person = self._store.people.by_handle(handle)
        except (NotFoundError, ErasedError):
            return None
        if person.left_at or Role(person.role) is Role.YOUNG_PERSON:
            return None
        return person if self.may_locally(person) else None

    def _has_code(self, found: Sequence[Credential], code: str) -> bool:
        """Whether the code is the app's, or a spare one: used up by this."""
        try:
            if codes.DIGITS.fullmatch(code):
                return any(self._used(each, code) for each in found if each.kind == CODES)
            fingerprint = codes.fingerprint(code)
            spare = (each for each in found if each.kind == SPARE)
            mine = [each for each in spare if _as(each, _Spare).fingerprint == fingerprint]
            for each in mine:
                self._store.credentials.remove(each, each.person_id)
        except ConflictError:  # it was good for somebody else at this moment
            return False
        return bool(mine)

    def _used(self, credential: Credential, code: str) -> bool:
        kept = _as(credential, _Codes)
        step = codes.step_of(kept.secret, code, now_ms(), kept.step)
        if step is None:
            return False
        self._store.credentials.change(credential, msgspec.json.encode(replace(kept, step=step)))
        return True

    # --- passkeys -----------------------------------------------------------------------------

    def passkey_to_show(self, door: Door) -> str:
        """What a browser is asked (JSON) by which somebody proves who they are."""
        return passkeys.to_show(door, self._store.challenges.new(_SHOW, _CHALLENGE_MS))

    def by_passkey(self, door: Door, answer: str) -> Member:
        """Who this is; NotAllowedError."""
        try:
            credential = self._store.credentials.named(PASSKEY, passkeys.id_in(answer))
            person = self._store.people.get(credential.person_id)
            self._require_local(person)
            key = _key(credential)
            count = passkeys.shown(door, answer, partial(self._store.challenges.spend, _SHOW), key)
            if count != key.count:
                used = msgspec.json.encode(replace(key, count=count))
                self._store.credentials.change(credential, used)
        except (NotFoundError, ErasedError, ConflictError, NotAllowedError) as error:
            raise NotAllowedError(
                "That passkey did not work here. Try another way to sign in"
            ) from error
        return person

    def passkey_to_make(self, person: Member, door: Door) -> str:
        """What a browser is asked (JSON) to make a passkey for this person."""
        found = self._store.credentials.of(person.id)
        known = [_key(each).id for each in found if each.kind == PASSKEY]
        challenge = self._store.challenges.new(f"{_MAKE} {person.id}", _CHALLENGE_MS)
        return passkeys.to_make(door, (person.id, person.handle, person.name), known, challenge)

    def keep_passkey(self, person: Member, door: Door, answer: str, name: str) -> None:
        """Keep the passkey that a browser made. NotAllowedError; StateError if it is known."""
        self._require_local(person)
        spend = partial(self._store.challenges.spend, f"{_MAKE} {person.id}")
        key = passkeys.made(door, answer, spend, name.strip()[:40] or "Passkey")
        try:
            self._store.credentials.add(
                person.id, PASSKEY, msgspec.json.encode(key), person.id, key.id
            )
        except DuplicateError as error:
            raise StateError("That passkey is kept already") from error

    def drop_passkey(self, person: Member, credential_id: str) -> None:
        """Remove one of theirs. UnknownError; StateError for the last way in."""
        found = self._store.credentials.of(person.id)
        mine = [each for each in found if each.id == credential_id and each.kind == PASSKEY]
        if not mine:
            raise UnknownError
        account = self.of(person)
        if (
            not (account.has_password or (self._provided and account.joined_at))
            and len(account.passkeys) == 1
        ):
            raise StateError("This is your only way to sign in: add another one first")
        self._store.credentials.remove(mine[0], person.id)


def _as(credential: Credential, kind: type[_T]) -> _T:
    return decode(credential.payload, kind, credential.id)


def _key(credential: Credential) -> Key:
    return _as(credential, Key)
