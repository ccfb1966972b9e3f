"""The tables: ids, states, sizes and times in clear; everything else in one sealed payload a row.

`scope` is the identity under whose row key a row is sealed: a case's id, or TEAM for what belongs
to no case. Times are whole milliseconds since 1970, UTC. Ids are random and say nothing.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

from store.columns import BOUND as _BOUND
from store.columns import id_column as _id
from store.columns import numbered_columns as _numbered
from store.columns import sealed_columns as _sealed

TEAM = "team"
"""The scope of what belongs to no case."""

metadata = MetaData()


@cache
def key_of(table: Table) -> str:
    """The name of a sealed table's primary key, which is one column."""
    (key,) = table.primary_key.columns
    return str(key.name)


@cache
def bound_columns(table: Table) -> tuple[str, ...]:
    """The names of the clear columns that a row's sealed payload authenticates."""
    return tuple(str(column.name) for column in table.columns if column.info.get("bound"))


def _by_tag(name: str, *columns: Column[Any]) -> Table:
    return Table(name, metadata, Column("tag", String(64), primary_key=True), *columns)


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
)

recordings = Table(
    "recordings",
    metadata,
    _id(primary=True),
    _id("case_id", nullable=True, bound=True),  # None while unassigned
    _id("practitioner_id", bound=True),
    Column("media_type", String(20), nullable=False, info=_BOUND),
    Column("kind", String(10), nullable=False),  # audio, video or picture
    Column("state", String(20), nullable=False),
    Column("reason", String(40), nullable=True),  # a code, for quarantined ones
    Column(
        "tag", String(64), nullable=False, info=_BOUND
    ),  # keyed fingerprint of the content's hash
    Column("size", BigInteger, nullable=False, info=_BOUND),
    Column("header", LargeBinary, nullable=False),  # age header
    _id("blob", bound=True),
    _id("note_id", nullable=True),
    Column("note_kind", String(32), nullable=True),  # None: the default kind
    Column("recorded_at", BigInteger, nullable=False),
    Column("received_at", BigInteger, nullable=False, info=_BOUND),
    Column("length_ms", BigInteger, nullable=True),  # of sound; None while not known
    Column("attempts", Integer, nullable=False),
    Column("next_try_at", BigInteger, nullable=False),
    *_sealed(),
    UniqueConstraint("scope", "tag"),
    Index("recordings_due", "state", "next_try_at"),
)

sightings = Table(
    "sightings",
    metadata,
    _id(primary=True),
    Column("tag", String(64), nullable=False, info=_BOUND),  # keyed fingerprint of the path
    _id("recording_id", nullable=True, bound=True),
    _id("practitioner_id", nullable=True, bound=True),
    Column("state", String(20), nullable=False),
    Column("reason", String(40), nullable=True),  # a code
    Column("size", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    *_sealed(),
    Index("sightings_tag", "tag"),
)

arrivals = Table(
    "arrivals",  # what a process without the root key has left for one that has it
    metadata,
    _id(primary=True),
    _id("blob", nullable=True, bound=True),  # None: no file, but how the watched folder stands
    Column("header", LargeBinary, nullable=True),  # age header, to the team's recipient
    Column("receipt", String(64), nullable=True, info=_BOUND),  # the row there that answers for it
    Column("received_at", BigInteger, nullable=False, info=_BOUND),  # in the order they came in
    Column("version", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # to the team's recipient as well
    Index("arrivals_order", "received_at"),
)

openings = Table(
    "openings",  # what was heard at the beginning of an arrival that is nobody's yet
    metadata,
    _id("arrival_id", primary=True),
    Column("state", String(20), nullable=False),  # due, heard or unheard
    Column("reason", String(40), nullable=True),  # a code
    Column("attempts", Integer, nullable=False),
    Column("next_try_at", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False, info=_BOUND),
    *_sealed(),
)

receipts = Table(
    "receipts",  # what a process without the root key has taken in already
    metadata,
    Column("tag", String(64), primary_key=True),  # fingerprint of path and signature, its own key
    Column("state", String(20), nullable=False),  # sealed, adopted, refused or dropped
    Column("seen_at", BigInteger, nullable=False),
)

orphans = Table(
    "orphans",  # blobs that no row names; they are removed once they have been so for a day
    metadata,
    _id("blob", primary=True),
    Column("found_at", BigInteger, nullable=False),
)

transcripts = Table(
    "transcripts",
    metadata,
    _id("recording_id", primary=True),
    Column("created_at", BigInteger, nullable=False, info=_BOUND),
    *_sealed(),
)

captures = Table(
    "captures",  # when and as which part of what a recording was made, once it was looked at
    metadata,
    _id("recording_id", primary=True),
    _id("part_of", nullable=True, bound=True),  # the recording that this is a later part of
    Column("created_at", BigInteger, nullable=False, info=_BOUND),
    *_sealed(),
    Index("captures_part_of", "part_of"),
)

hearings = Table(
    "hearings",
    metadata,
    _id(primary=True),
    _id("recording_id", bound=True),
    Column("number", Integer, nullable=False, info=_BOUND),  # of the part, from 1
    Column("heard_ms", BigInteger, nullable=False, info=_BOUND),  # of sound, up to the part's end
    Column("created_at", BigInteger, nullable=False, info=_BOUND),
    *_sealed(),
    UniqueConstraint("recording_id", "number"),
)

derived = Table(
    "derived",  # what was made from a recording to be looked at; can be made again from it
    metadata,
    _id(primary=True),
    _id("recording_id", bound=True),
    Column("kind", String(20), nullable=False, info=_BOUND),  # copy, thumbnail, proxy ...
    Column("number", Integer, nullable=False, info=_BOUND),  # of its kind, from 1
    Column("size", BigInteger, nullable=False, info=_BOUND),
    Column("header", LargeBinary, nullable=False),  # age header
    _id("blob", bound=True),
    Column("created_at", BigInteger, nullable=False, info=_BOUND),
    *_sealed(),
    UniqueConstraint("recording_id", "kind", "number"),
)

makings = Table(
    "makings",  # what came of making that; due is what has no row here, or one that waits
    metadata,
    _id("recording_id", primary=True),
    Column("state", String(20), nullable=False),  # waiting, made or failed
    Column("reason", String(40), nullable=True),  # a code
    Column("attempts", Integer, nullable=False),
    Column("next_try_at", BigInteger, nullable=False),
)

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
    Index("notes_state", "state"),
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

# Found by a keyed fingerprint: of a link's secret and a session's token, of who tries to come in or
# from where, and of what is good once.
links = _by_tag("links", _id("person_id"), Column("expires_at", BigInteger, nullable=False))
sessions = _by_tag(
    "sessions",
    _id("person_id"),
    Column("seen_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
)
tries = _by_tag(
    "tries", Column("failed", Integer, nullable=False), Column("at", BigInteger, nullable=False)
)
challenges = _by_tag("challenges", Column("expires_at", BigInteger, nullable=False))

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

agreements = Table(
    "agreements",
    metadata,
    _id(primary=True),
    _id("recording_id", bound=True),
    Column("kind", String(20), nullable=False, info=_BOUND),  # given or withdrawn
    _id("actor_id", bound=True),  # who wrote it down
    Column("created_at", BigInteger, nullable=False, info=_BOUND),
    *_sealed(),
    Index("agreements_recording", "recording_id"),
)

# Of what was heard; and where the work with a young person stands.
corrections = Table("corrections", metadata, *_numbered("recording_id"))
summaries = Table("summaries", metadata, *_numbered("case_id"))

switches = Table(
    "switches",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("at", BigInteger, nullable=False),
    _id("actor"),
)

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

holds = Table(
    "holds",
    metadata,
    _id(primary=True),
    _id("case_id", bound=True),
    _id("placed_by", bound=True),
    Column("placed_at", BigInteger, nullable=False, info=_BOUND),
    _id("released_by", nullable=True, bound=True),
    Column("released_at", BigInteger, nullable=True, info=_BOUND),  # None: in force
    *_sealed(),
    Index("holds_case", "case_id"),
)

erasures = Table(
    "erasures",
    metadata,
    _id(primary=True),  # what the certificate names
    Column("kind", String(10), nullable=False),  # case or recording
    _id("object"),
    _id("actor"),
    Column("at", BigInteger, nullable=False),
    UniqueConstraint("object"),
)

backups = Table(
    "backups",
    metadata,
    _id(primary=True),  # of the set
    Column("made_at", BigInteger, nullable=False, info=_BOUND),  # erased before: not in it
    Column("verified_at", BigInteger, nullable=True),  # None: not finished, or cut short
    Column(
        "expires_at", BigInteger, nullable=True, info=_BOUND
    ),  # None: kept until somebody removes it
    Column("gone_at", BigInteger, nullable=True),  # when it was seen removed
    *_sealed(),  # where it is
)

audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    _id("actor"),
    Column("action", String(40), nullable=False),
    Column("object", String(40), nullable=False),
    _id("scope", nullable=True),  # whose key sealed the detail
    Column("detail", LargeBinary, nullable=True),  # sealed
    Column("hash", LargeBinary, nullable=False),  # its leaf in the Merkle tree
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # one row, id 1
    Column("size", Integer, nullable=False),  # events
    Column("edge", LargeBinary, nullable=False),  # the right edge of the tree over them
    Column("mac", LargeBinary, nullable=False),  # under the root key: nobody else can move it
)
