"""What data protection sees of retention: ids, sizes, days and rules; no record and no names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812 - as the values it speaks of call it
from typing import Protocol

from recorder.review.states import Role
from store.people import Member
from store.store import Store


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule, and what it is about just now."""

    name: str
    what: str
    days: int  # 0: never by itself
    since: str  # from when its days are counted, in words
    goes: int  # things that have a day
    stays: int  # things that something stops


@dataclass(frozen=True, slots=True)
class Row:
    """Something that goes, or stays although its rule would have it."""

    rule: str
    ids: tuple[str, ...]
    case_id: str | None
    size: int  # bytes
    goes_at: int  # ms; 0: it stays for now
    told_at: int  # ms; 0: it was not told of yet
    kept: tuple[str, ...]  # why it stays


@dataclass(frozen=True, slots=True)
class Shown:
    """What would go and when."""

    on: bool
    notice_days: int
    rules: Sequence[RuleRow] = ()
    rows: Sequence[Row] = ()  # whatever goes first at the top
    more: int = 0  # rows that are not listed
    endings: Sequence[tuple[str, Date | None]] = ()  # cases, and when their schedule ends


class Retention(Protocol):
    """Looks at what the rules are about. Erasing is not this side's business."""

    def shown(self) -> Shown:
        """What would go and when, now."""

    def certificates(self, actor: str) -> str:
        """What was ever erased, as JSON."""


class NoRetention:
    """Where nobody looks."""

    def shown(self) -> Shown:
        """Nothing."""
        return Shown(on=False, notice_days=0)

    def certificates(self, actor: str) -> str:  # noqa: ARG002 - as the others
        """None."""
        return "{}\n"


def looked(store: Store, person: Member, retention: Retention) -> Shown:
    """The preview for somebody of data protection; that they read it is audited."""
    assert Role(person.role) is Role.DATA_PROTECTION  # noqa: S101 - nobody else has the page
    store.audit.record(person.id, "retention preview read", person.id)
    return retention.shown()
