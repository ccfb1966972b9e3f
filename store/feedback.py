"""What young people think of their summaries: whether one sounds like them, whether it helped."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import msgspec
from sqlalchemy import delete, select

from store.audit import Audit
from store.identities import Identities
from store.notes import Note
from store.payloads import decode
from store.reach import Reach
from store.session import Database
from store.shelf import Shelf
from store.tables import alive, notes
from store.tables import feedback as table


@dataclass(frozen=True, slots=True)
class Answers:
    """To both questions: yes, partly, no; empty for none."""

    sounds: str = ""
    helped: str = ""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What one of them answered."""

    person_id: str
    note_id: str
    number: int
    at: int  # ms
    answers: Answers


class Feedbacks:
    """Keeps the last answers to each version of a summary."""

    def __init__(self, database: Database, identities: Identities, audit: Audit) -> None:
        self._database = database
        self._identities = identities
        self._audit = audit
        self._shelf = Shelf(database, identities, table)

    def give(self, note: Note, number: int, person_id: str, answers: Answers) -> None:
        """Keep answers, in the place of earlier ones to the same version.

        An empty one leaves what was answered before: each question is answered by itself.
        """
        values = {"person_id": person_id, "note_id": note.id, "number": number}
        mine = [table.c[name] == value for name, value in values.items()]
        with self._database.write() as connection:
            before = connection.execute(select(table).where(*mine)).one_or_none()
            if before is not None:
                payload = self._identities.opened(connection, table, before)
                known = decode(payload, Answers, before.id)
                answers = Answers(answers.sounds or known.sounds, answers.helped or known.helped)
                connection.execute(delete(table).where(*mine))
            self._shelf.add(connection, note.scope, values, msgspec.json.encode(asdict(answers)))
            self._audit.append(connection, person_id, "feedback given", note.id)

    def of(self, note_id: str) -> list[Feedback]:
        """All about a note, newest first."""
        return [_feedback(*each) for each in self._shelf.found(table.c.note_id == note_id)]

    def since(self, reach: Reach, at: int) -> list[Feedback]:
        """All from `at` (ms) on about notes within reach, newest first."""
        within = select(notes.c.id).where(reach.clause(), alive(notes.c.scope))
        found = self._shelf.found(table.c.created_at >= at, table.c.note_id.in_(within))
        return [_feedback(*each) for each in found]


def _feedback(row: Any, payload: bytes) -> Feedback:
    answers = decode(payload, Answers, row.id)
    return Feedback(row.person_id, row.note_id, row.number, row.created_at, answers)
