"""Whose account at the identity provider is whose here.

A person is known by the provider's name for them that it gives to nobody else ever again (`sub`, or
Entra's `oid`). An address is looked at once at most, and only where an administrator said so for that
person and a few days: addresses are handed on.
"""

from __future__ import annotations

import hmac

import msgspec

from recorder.errors import StateError
from recorder.review.states import Role
from recorder.signin.accounts import PROVIDER
from recorder.signin.provider import Going
from recorder.signin.refusals import RefusedError
from recorder.signin.tokens import Identity
from store.credentials import Credential
from store.errors import ConflictError, DuplicateError, ErasedError, NotFoundError
from store.payloads import decode
from store.people import Member, fold
from store.session import now_ms
from store.store import Store

BY_EMAIL = "provider_email"
"""The kind of a credential that lets a first sign-in be known by its address."""

GOING_MS = 10 * 60_000
"""How long somebody may take at the provider."""


class _Bound(msgspec.Struct, frozen=True):
    issuer: str
    subject: str


class _Expected(msgspec.Struct, frozen=True):
    issuer: str
    email: str
    until: int  # ms


class Bindings:
    """Sends people off, knows them when they come back, and joins accounts to people."""

    def __init__(self, store: Store, issuer: str) -> None:
        self._store = store
        self._issuer = issuer

    # --- a sign-in on its way -----------------------------------------------------------------

    def begin(self, person: Member | None = None, token: str = "") -> tuple[str, Going]:
        """What the browser keeps (as a cookie), and what goes to the provider.

        `person` is who joins an account, in the session of `token`; None: somebody signs in.
        """
        who = "" if person is None else f"{person.id}~{self._store.access.mark(token)}"
        secret = self._store.challenges.new(self._purpose(who), GOING_MS)
        return f"{who}.{secret}", self._going(secret)

    def back(self, kept: str, state: str) -> tuple[str, Going]:
        """Who wants to join an account, for `joiner` (empty: somebody signs in), and what was sent along.

        RefusedError unless this browser was sent, a moment ago, and did not come back before.
        """
        who, _, secret = kept.partition(".")
        going = self._going(secret)
        if not secret or not hmac.compare_digest(state.encode(), going.state.encode()):
            raise RefusedError("state")
        if not self._store.challenges.spend(self._purpose(who), secret):
            raise RefusedError("over")
        return who, going

    def joiner(self, who: str) -> Member:
        """Whose account is to be joined; RefusedError once the session is over that asked for it.

        Otherwise whoever got into somebody's session could finish after they were put out of it.
        """
        person_id, _, mark = who.partition("~")
        if not self._store.access.stands(person_id, mark):
            raise RefusedError("over")
        try:
            return self._store.people.get(person_id)
        except (NotFoundError, ErasedError) as error:
            raise RefusedError("unknown") from error

    # --- whose it is --------------------------------------------------------------------------

    def who(self, identity: Identity) -> Member:
        """Whose account it is; RefusedError, whatever it is that we do not know or want."""
        try:
            person = self._store.people.get(self._bound(identity))
        except (NotFoundError, ErasedError, ConflictError, DuplicateError) as error:
            raise RefusedError("unknown") from error
        if person.left_at is not None or Role(person.role) is Role.YOUNG_PERSON:
            raise RefusedError("unknown")
        return person

    def is_joined(self, person: Member) -> bool:
        """Whether an account there is theirs."""
        return self._store.credentials.has_any(person.id, [PROVIDER])

    def join(self, person: Member, subject: str, actor: str) -> None:
        """This account there is theirs from now on. StateError, and why it cannot be."""
        _require_staff(person)
        if self.is_joined(person):
            raise StateError(
                "There is an account joined already: ask for it to be taken away first"
            )
        self._forget_expected(person, actor)
        try:
            self._bind(person.id, subject, actor)
        except DuplicateError as error:
            raise StateError("That account is joined to somebody else here") from error

    def part(self, person: Member, actor: str) -> bool:
        """Take it away, and what was expected; whether there was any. Their sessions end."""
        # First the sessions: with them ends what somebody is about to join in one of them.
        self._store.access.sign_out_everywhere(person.id, actor)
        mine = [e for e in self._store.credentials.of(person.id) if e.kind in (PROVIDER, BY_EMAIL)]
        for each in mine:
            self._store.credentials.remove(each, actor)
        return bool(mine)

    def expect(self, person: Member, email: str, lifetime_ms: int, actor: str) -> None:
        """Let the first who comes with this verified address be this person, for a while."""
        _require_staff(person)
        if self.is_joined(person):
            raise StateError("There is an account joined already: take it away first")
        self._forget_expected(person, actor)
        said = _Expected(self._issuer, fold(email), now_ms() + lifetime_ms)
        try:
            self._store.credentials.add(
                person.id, BY_EMAIL, msgspec.json.encode(said), actor, self._name(fold(email))
            )
        except DuplicateError as error:
            raise StateError("That address is expected for somebody else") from error

    def expects_any(self) -> bool:
        """Whether there is anybody who is to be known by an address."""
        return self._store.credentials.are_any(BY_EMAIL)

    def _bound(self, identity: Identity) -> str:
        """The id of whom this account is joined to, by this if it was expected."""
        try:
            found = self._store.credentials.named(PROVIDER, self._name(identity.subject))
        except NotFoundError:
            return self._first(identity)
        said = decode(found.payload, _Bound, found.id)
        if (said.issuer, said.subject) != (self._issuer, identity.subject):
            raise NotFoundError("this credential is another's")
        return found.person_id

    def _first(self, identity: Identity) -> str:
        """Join an account whose address was expected; NotFoundError if none of it was."""
        if identity.email is None:
            raise NotFoundError("no address was verified")
        email = fold(identity.email)
        found = self._store.credentials.named(BY_EMAIL, self._name(email))
        said = decode(found.payload, _Expected, found.id)
        joined = self._store.credentials.has_any(found.person_id, [PROVIDER])
        if (said.issuer, said.email) != (self._issuer, email) or said.until <= now_ms() or joined:
            raise NotFoundError("this address is not expected")
        # Taken away first: of two who come at once with the same address one is let in.
        self._store.credentials.remove(found, found.person_id)
        self._bind(found.person_id, identity.subject, found.person_id)
        return found.person_id

    def _bind(self, person_id: str, subject: str, actor: str) -> None:
        said = msgspec.json.encode(_Bound(self._issuer, subject))
        self._store.credentials.add(person_id, PROVIDER, said, actor, self._name(subject))

    def _forget_expected(self, person: Member, actor: str) -> None:
        found: list[Credential] = self._store.credentials.of(person.id)
        for each in (each for each in found if each.kind == BY_EMAIL):
            self._store.credentials.remove(each, actor)

    def _name(self, what: str) -> str:
        return f"{self._issuer}\0{what}"

    def _purpose(self, who: str) -> str:
        return f"provider {self._issuer} {who}"

    def _going(self, secret: str) -> Going:
        made = (self._store.challenges.derived(f"provider {use}", secret) for use in _USES)
        return Going(*made)


_USES = ("state", "nonce", "verifier")


def _require_staff(person: Member) -> None:
    if Role(person.role) is Role.YOUNG_PERSON or person.left_at is not None:
        raise StateError("Only staff who are here can join an account")
