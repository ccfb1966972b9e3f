"""What is a young person's own: how they come in, what they ask for, keep and think of it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, UniqueConstraint

from store.columns import BOUND as _BOUND
from store.columns import id_column as _id
from store.columns import sealed_columns as _sealed
from store.tables.base import metadata

invitations = Table(
    "invitations",  # one look at their pages, from one device
    metadata,
    _id(primary=True),
    _id("person_id", bound=True),
    _id("actor_id", bound=True),  # who invited them
    Column("tag", String(64), nullable=False, unique=True),  # finds it by its secret
    Column("created_at", BigInteger, nullable=False, info=_BOUND),
    Column("expires_at", BigInteger, nullable=False, info=_BOUND),
    Column("tries", Integer, nullable=False),  # wrong PINs so far
    Column("used_at", BigInteger, nullable=True),  # None: nobody came in by it
    Column("ended_at", BigInteger, nullable=True),
    Column("ending", String(20), nullable=True),  # locked, cancelled
    *_sealed(),  # what its PIN is compared with
    Index("invitations_person", "person_id", "created_at"),
    Index("invitations_ended", "ended_at"),  # every page of staff asks for those that were locked
)

calls = Table(
    "calls",  # that they want to talk to somebody, or do not feel safe
    metadata,
    _id(primary=True),
    _id("person_id", bound=True),
    _id("note_id", nullable=True, bound=True),
    Column("kind", String(20), nullable=False, info=_BOUND),  # talk or unsafe
    Column("created_at", BigInteger, nullable=False, info=_BOUND),
    _id("seen_by", nullable=True),
    Column("seen_at", BigInteger, nullable=True),  # None: the notices stand
    *_sealed(),  # what is written to it, by them and by who has seen to it
    Index("calls_open", "seen_at", "created_at"),
)

keepsakes = Table(
    "keepsakes",  # what they chose to keep
    metadata,
    _id(primary=True),
    _id("person_id", bound=True),
    _id("note_id", bound=True),
    Column("kind", String(20), nullable=False, info=_BOUND),  # picture, words or success
    _id("subject_id", bound=True),  # of the recording, the reply or the statement's note
    Column("created_at", BigInteger, nullable=False, info=_BOUND),
    *_sealed(),
    Index("keepsakes_person", "person_id", "created_at"),
)

stories = Table(
    "stories",  # a success told without saying whose, for the team's own wall
    metadata,
    _id(primary=True),
    _id("actor_id", bound=True),  # who wrote it
    Column("created_at", BigInteger, nullable=False, info=_BOUND),
    Column("state", String(20), nullable=False),  # asked, agreed, shown, gone
    _id("agreed_by", nullable=True),  # the young person
    Column("agreed_at", BigInteger, nullable=True),
    _id("approved_by", nullable=True),
    Column("approved_at", BigInteger, nullable=True),
    *_sealed(),  # under their case's key, whatever the wall shows: erased with them
)

feedback = Table(
    "feedback",  # whether a summary sounded like them, and whether it helped
    metadata,
    _id(primary=True),
    _id("person_id", bound=True),
    _id("note_id", bound=True),
    Column("number", Integer, nullable=False, info=_BOUND),
    Column("created_at", BigInteger, nullable=False, info=_BOUND),
    *_sealed(),
    UniqueConstraint("note_id", "number", "person_id"),
)
