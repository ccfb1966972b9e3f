"""The tables: ids, states, sizes and times in clear; everything else in one sealed payload a row.

`scope` is the identity under whose row key a row is sealed: a case's id, or TEAM for what belongs
to no case. Times are whole milliseconds since 1970, UTC. Ids are random and say nothing.
"""

from __future__ import annotations

from store.tables.base import TEAM, bound_columns, key_of, metadata
from store.tables.keeping import audit, audit_head, backups, erasures, holds, switches
from store.tables.notes import (
    decisions,
    exports,
    listenings,
    note_versions,
    notes,
    relistenings,
    replies,
    summaries,
    unsaved,
)
from store.tables.people import (
    cases,
    challenges,
    circles,
    credentials,
    emergencies,
    identities,
    links,
    memberships,
    people,
    sessions,
    teams,
    tries,
)
from store.tables.recordings import (
    agreements,
    arrivals,
    captures,
    corrections,
    derived,
    hearings,
    makings,
    openings,
    orphans,
    receipts,
    recordings,
    sightings,
    transcripts,
)

__all__ = [
    "TEAM",
    "agreements",
    "arrivals",
    "audit",
    "audit_head",
    "backups",
    "bound_columns",
    "captures",
    "cases",
    "challenges",
    "circles",
    "corrections",
    "credentials",
    "decisions",
    "derived",
    "emergencies",
    "erasures",
    "exports",
    "hearings",
    "holds",
    "identities",
    "key_of",
    "links",
    "listenings",
    "makings",
    "memberships",
    "metadata",
    "note_versions",
    "notes",
    "openings",
    "orphans",
    "people",
    "receipts",
    "recordings",
    "relistenings",
    "replies",
    "sessions",
    "sightings",
    "summaries",
    "switches",
    "teams",
    "transcripts",
    "tries",
    "unsaved",
]
