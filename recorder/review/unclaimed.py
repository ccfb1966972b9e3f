"""Files that are nobody's yet, as a supervisor sees them: whose they are, or that nobody wants them.

What begins with "Amara here, case note for Jordan" is suggested to be Amara's and about Jordan. A
person confirms it, or says otherwise; until then nothing is made of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from recorder.around import makers
from recorder.errors import StateError, UnknownError
from recorder.review.choosing import Choosing
from recorder.review.sight import Sight
from recorder.review.states import Role
from recorder.suggest import Claim, Suggesting
from store.errors import ConflictError, NotFoundError, TamperedError
from store.openings import Opening
from store.people import Member
from store.store import Store

_GONE = "somebody has seen to this file already"


@dataclass(frozen=True, slots=True)
class Nobodys:
    """A file that waits for an owner."""

    id: str
    path: str  # relative to the watched folder; surrogates as on disk
    size: int  # bytes
    received_at: int  # ms


class Hand(Protocol):
    """What can be done to such files. Taking files in is not this side's business."""

    def files(self) -> Sequence[Nobodys]:
        """All that wait for an owner, in the order they came in."""

    def give(self, file_id: str, maker_id: str, case_id: str | None, actor: str) -> str | None:
        """File one as somebody's; the recording's id, None for one that cannot be taken after all.

        NotFoundError or ConflictError if somebody has seen to it.
        """

    def refuse(self, file_id: str, actor: str) -> None:
        """Remove one for good; raises as `give`."""


class NoHand:
    """Where nothing takes files in, there are none."""

    def files(self) -> Sequence[Nobodys]:
        """None."""
        return ()

    def give(self, file_id: str, _maker_id: str, _case_id: str | None, _actor: str) -> str | None:
        """There is no such file."""
        raise NotFoundError(f"there is no file {file_id}")

    def refuse(self, file_id: str, _actor: str) -> None:
        """Likewise."""
        raise NotFoundError(f"there is no file {file_id}")


@dataclass(frozen=True, slots=True)
class Row:
    """A file, how it begins, and whose it may be."""

    file: Nobodys
    opening: Opening | None  # None: nobody listens to it, as to a picture
    claims: Sequence[Claim]


class Unclaimed:
    """Opened for one person: a supervisor. To anybody else there is no such file."""

    def __init__(self, store: Store, person: Member, hand: Hand) -> None:
        if Role(person.role) is not Role.SUPERVISOR:
            raise UnknownError
        self._store = store
        self._person = person
        self._hand = hand
        self._sight = Sight(store, person)

    def rows(self) -> list[Row]:
        """Every file that waits. Whose words are shown here is written to the audit log."""
        suggesting = Suggesting(self._store, self._sight.sees, self.makers)
        return [self._row(each, suggesting) for each in self._hand.files()]

    @cached_property
    def makers(self) -> Sequence[Member]:
        """Whom a file can be given to."""
        return makers(self._store)

    def give(self, file_id: str, maker_id: str, case_id: str) -> None:
        """File it as this person's, for this case; for none yet if that is empty."""
        if maker_id not in {each.id for each in self.makers}:
            raise StateError("choose who made it", field="maker")
        choosing = Choosing(self._store, self._person, self._sight)
        if case_id and case_id not in choosing.of([case_id]):
            raise StateError("choose a young person from the list, or none", field="case")
        try:
            given = self._hand.give(file_id, maker_id, case_id or None, self._person.id)
        except (ConflictError, NotFoundError) as error:
            raise StateError(_GONE) from error
        if given is None:
            raise StateError("it came sealed and cannot be taken: the list of files says why")

    def refuse(self, file_id: str, *, sure: bool) -> None:
        """Remove it for good; StateError unless this person is `sure`."""
        if not sure:
            raise StateError("tick the box if this file is to be removed for good", field="sure")
        try:
            self._hand.refuse(file_id, self._person.id)
        except (ConflictError, NotFoundError) as error:
            raise StateError(_GONE) from error

    def _row(self, file: Nobodys, suggesting: Suggesting) -> Row:
        try:
            opening = self._store.openings.of(file.id)
        except TamperedError:  # told where it was found; the file can be given all the same
            opening = None
        if opening is None or not opening.words:
            return Row(file, opening, ())
        self._store.audit.record(self._person.id, "opening read", file.id)
        return Row(file, opening, suggesting.claims(opening.words))
