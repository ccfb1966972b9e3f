"""Since when each note has stood as it does, and what lists are read by."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0014"
branch_labels = None
depends_on = None

# A decision that led to where a note stands is called like that state; what was handed in and is a
# draft again, is so since its newest version.
_SINCE = """
UPDATE notes SET since = CASE
  WHEN state = 'draft' AND EXISTS (
    SELECT 1 FROM decisions WHERE decisions.note_id = notes.id AND decisions.kind = 'submitted'
  ) THEN (SELECT max(created_at) FROM note_versions WHERE note_versions.note_id = notes.id)
  ELSE coalesce((
    SELECT max(decisions.created_at) FROM decisions
    WHERE decisions.note_id = notes.id AND decisions.kind = notes.state
  ), created_at)
END
"""
_INDEXES = (
    ("notes_state", "notes", ["state", "since"]),
    ("notes_case", "notes", ["case_id", "contact_at"]),
    ("notes_practitioner", "notes", ["practitioner_id", "state"]),
    ("recordings_note", "recordings", ["note_id"]),
    ("recordings_case", "recordings", ["case_id"]),
    ("sightings_seen", "sightings", ["seen_at"]),
    ("sightings_state", "sightings", ["state", "seen_at"]),
    ("sightings_recording", "sightings", ["recording_id"]),
    ("people_role", "people", ["role"]),
    ("people_case", "people", ["case_id"]),
    ("cases_state", "cases", ["state", "created_at"]),
    ("cases_practitioner", "cases", ["practitioner_id", "state"]),
)


def upgrade() -> None:
    since = sa.Column("since", sa.BigInteger(), nullable=False, server_default=sa.text("0"))
    op.add_column("notes", since)
    op.execute(_SINCE)
    op.drop_index("notes_state", "notes")
    for name, table, columns in _INDEXES:
        op.create_index(name, table, columns)
