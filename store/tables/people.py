"""Who there is, whose work it is about, and how they come in."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    exists,
)

from store.columns import BOUND as _BOUND
from store.columns import id_column as _id
from store.columns import sealed_columns as _sealed
from store.tables.base import by_tag, metadata

identities = Table(
    "identities",
    metadata,
    _id(primary=True),
    Column("kind", String(20), nullable=False),  # of key pair, as age names its stanza
    Column("recipient", LargeBinary, nullable=False),  # public key
    Column("wrapped", LargeBinary, nullable=True),  # None once erased
    Column("created_at", BigInteger, nullable=False),
    Column("erased_at", BigInteger, nullable=True),
)


def alive(scope: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether the identity of `scope` was not erased. One is looked up a row: there are many."""
    mine = identities.c.id == scope
    return exists().where(mine, identities.c.erased_at.is_(None)).correlate_except(identities)


people = Table(
    "people",
    metadata,
    _id(primary=True),
    # keyed fingerprint of the handle
    Column("tag", String(64), nullable=False, info=_BOUND, unique=True),
    Column("role", String(20), nullable=False, info=_BOUND),
    _id("case_id", nullable=True, bound=True),  # for a young person: their own case
    Column("active", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False, info=_BOUND),
    *_sealed(),
    Index("people_role", "role"),
    Index("people_case", "case_id"),
)

cases = Table(
    "cases",
    metadata,
    _id(primary=True),
    # keyed fingerprint of the reference
    Column("tag", String(64), nullable=False, info=_BOUND, unique=True),
    _id("practitioner_id", bound=True),
    Column("state", String(20), nullable=False),
    Column("created_at", BigInteger, nullable=False, info=_BOUND),
    *_sealed(),
    Index("cases_state", "state", "created_at"),
    Index("cases_practitioner", "practitioner_id", "state"),
)

# Found by a keyed fingerprint: of a link's secret and a session's token, of who tries to come in or
# from where, and of what is good once.
links = by_tag("links", _id("person_id"), Column("expires_at", BigInteger, nullable=False))
sessions = by_tag(
    "sessions",
    _id("person_id"),
    Column("seen_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
)
tries = by_tag(
    "tries", Column("failed", Integer, nullable=False), Column("at", BigInteger, nullable=False)
)
challenges = by_tag("challenges", Column("expires_at", BigInteger, nullable=False))

credentials = Table(
    "credentials",
    metadata,
    _id(primary=True),
    _id("person_id", bound=True),
    Column("kind", String(20), nullable=False, info=_BOUND),  # password, passkey ...
    # keyed fingerprint of what finds it: a passkey's own id
    Column("tag", String(64), nullable=True, info=_BOUND, unique=True),
    Column("created_at", BigInteger, nullable=False, info=_BOUND),
    *_sealed(),
    Index("credentials_person", "person_id"),
)

teams = Table(
    "teams",
    metadata,
    _id(primary=True),
    Column("created_at", BigInteger, nullable=False, info=_BOUND),
    *_sealed(),  # its name
)

memberships = Table(
    "memberships",
    metadata,
    _id(primary=True),
    _id("team_id", bound=True),
    _id("person_id", bound=True),
    Column("created_at", BigInteger, nullable=False, info=_BOUND),
    *_sealed(),
    UniqueConstraint("team_id", "person_id"),
)

circles = Table(
    "circles",  # who sees a case beside its practitioner and their team, and whether the team does
    metadata,
    _id(primary=True),
    _id("case_id", bound=True),
    Column("kind", String(20), nullable=False, info=_BOUND),  # named, team or restricted
    _id("subject_id", bound=True),  # the person named, the team; of a restriction the case again
    _id("actor_id", bound=True),
    Column("created_at", BigInteger, nullable=False, info=_BOUND),
    *_sealed(),  # why
    UniqueConstraint("case_id", "kind", "subject_id"),
    Index("circles_subject", "subject_id", "kind"),
)

emergencies = Table(
    "emergencies",  # cases that were opened in an emergency by somebody who does not see them
    metadata,
    _id(primary=True),
    _id("case_id", bound=True),
    _id("person_id", bound=True),
    Column("created_at", BigInteger, nullable=False, info=_BOUND),
    Column("ends_at", BigInteger, nullable=False, info=_BOUND),
    Column("ended_at", BigInteger, nullable=True),  # sooner, by somebody
    _id("reviewed_by", nullable=True),
    Column("reviewed_at", BigInteger, nullable=True),  # None: the notices stand
    *_sealed(),  # why
    Index("emergencies_person", "person_id", "ends_at"),
)
