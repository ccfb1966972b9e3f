"""Notes and what people decide and say about them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, UniqueConstraint, text

from store.columns import BOUND as _BOUND
from store.columns import id_column as _id
from store.columns import numbered_columns as _numbered
from store.columns import sealed_columns as _sealed
from store.tables.base import metadata

notes = Table(
    "notes",
    metadata,
    _id(primary=True),
    _id("scope"),
    _id("case_id", nullable=True),
    _id("practitioner_id"),
    Column("kind", String(32), nullable=False),
    Column("state", String(20), nullable=False),
    Column("number", Integer, nullable=False),  # the current version
    Column("contact_at", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    # when it came to stand as it does
    Column("since", BigInteger, nullable=False, server_default=text("0")),
    Index("notes_state", "state", "since"),
    Index("notes_case", "case_id", "contact_at"),
    Index("notes_scope", "scope", "contact_at"),
    Index("notes_practitioner", "practitioner_id", "state"),
)

note_versions = Table(
    "note_versions",
    metadata,
    _id(primary=True),
    _id("note_id", bound=True),
    Column("number", Integer, nullable=False, info=_BOUND),
    _id("author_id", nullable=True, bound=True),  # None: the machine
    Column("created_at", BigInteger, nullable=False, info=_BOUND),
    *_sealed(),
    UniqueConstraint("note_id", "number"),
)

decisions = Table(
    "decisions",
    metadata,
    _id(primary=True),
    _id("note_id", bound=True),
    Column("number", Integer, nullable=False, info=_BOUND),
    Column(
        "kind", String(20), nullable=False, info=_BOUND
    ),  # submitted, approved, returned, shared
    _id("actor_id", bound=True),
    Column("created_at", BigInteger, nullable=False, info=_BOUND),
    *_sealed(),
    Index("decisions_note", "note_id"),
    Index("decisions_kind", "kind", "note_id"),
)

replies = Table(
    "replies",
    metadata,
    _id(primary=True),
    _id("note_id", bound=True),
    Column("number", Integer, nullable=False, info=_BOUND),
    _id("person_id", bound=True),
    Column("created_at", BigInteger, nullable=False, info=_BOUND),
    *_sealed(),
    Index("replies_note", "note_id"),
)

listenings = Table(
    "listenings",  # that somebody listened to what a sentence of a version stands on
    metadata,
    _id(primary=True),
    _id("note_id", bound=True),
    Column("number", Integer, nullable=False, info=_BOUND),
    _id("actor_id", bound=True),
    Column("created_at", BigInteger, nullable=False, info=_BOUND),
    *_sealed(),
    Index("listenings_note", "note_id", "actor_id"),
)

relistenings = Table(
    "relistenings",  # what came of hearing an approved version once more, against its recording
    metadata,
    _id(primary=True),
    _id("note_id", bound=True),
    Column("number", Integer, nullable=False, info=_BOUND),
    _id("actor_id", bound=True),
    Column("created_at", BigInteger, nullable=False, info=_BOUND),
    *_sealed(),
    UniqueConstraint("note_id", "number"),
)

# What somebody typed into a note and has not saved yet: nobody else ever reads it.
unsaved = Table(
    "unsaved",
    metadata,
    _id(primary=True),
    _id("note_id", bound=True),
    _id("person_id", bound=True),
    Column("since", BigInteger, nullable=False, info=_BOUND),
    Column("at", BigInteger, nullable=False, info=_BOUND),
    *_sealed(),
    UniqueConstraint("note_id", "person_id"),
)

summaries = Table("summaries", metadata, *_numbered("case_id"))

exports = Table(
    "exports",
    metadata,
    _id(primary=True),
    _id("note_id"),
    Column("number", Integer, nullable=False),
    _id("actor_id"),
    Column("created_at", BigInteger, nullable=False),
    UniqueConstraint("note_id", "number"),
)
