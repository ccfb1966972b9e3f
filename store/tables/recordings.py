"""What arrives, what it holds, and what was made of it."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from store.columns import BOUND as _BOUND
from store.columns import id_column as _id
from store.columns import numbered_columns as _numbered
from store.columns import sealed_columns as _sealed
from store.tables.base import metadata

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
    Column("gone_at", BigInteger, nullable=True),  # when its bytes went by a rule
    Column("gone_by", String(20), nullable=True),  # that rule
    *_sealed(),
    UniqueConstraint("scope", "tag"),
    Index("recordings_due", "state", "next_try_at"),
    Index("recordings_note", "note_id"),
    Index("recordings_case", "case_id"),
    Index("recordings_worker", "practitioner_id", "received_at"),
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
    Index("sightings_seen", "seen_at"),
    Index("sightings_state", "state", "seen_at"),
    Index("sightings_recording", "recording_id"),
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

corrections = Table("corrections", metadata, *_numbered("recording_id"))

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

uploads = Table(
    "uploads",  # what somebody is sending from a browser; a recording once all of it is here
    metadata,
    _id(primary=True),
    _id("person_id", bound=True),
    Column("size", BigInteger, nullable=True, info=_BOUND),  # None: not known yet
    Column("state", String(20), nullable=False),  # open, whole, refused or taken
    Column("reason", String(40), nullable=True),  # a code, for refused ones
    _id("recording_id", nullable=True),  # what became of it
    Column("created_at", BigInteger, nullable=False, info=_BOUND),
    Column("touched_at", BigInteger, nullable=False),  # when something of it last came
    *_sealed(),
    Index("uploads_person", "person_id"),
    Index("uploads_state", "state", "touched_at"),
)

pieces = Table(
    "pieces",  # of an upload, in the order they came; gone once it is a recording
    metadata,
    _id(primary=True),
    _id("upload_id", bound=True),
    Column("start", BigInteger, nullable=False, info=_BOUND),  # bytes before it
    Column("size", BigInteger, nullable=False, info=_BOUND),
    Column("header", LargeBinary, nullable=False),  # age header
    _id("blob", bound=True),
    Column("created_at", BigInteger, nullable=False, info=_BOUND),
    *_sealed(),
    UniqueConstraint("upload_id", "start"),
)
