"""What young people choose to keep: pictures, words, successes. It is theirs to take out again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete

from store.audit import Audit
from store.errors import NotFoundError
from store.identities import Identities
from store.payloads import decode_text
from store.session import Database
from store.shelf import Shelf
from store.tables import keepsakes

PICTURE, WORDS, SUCCESS = "picture", "words", "success"


@dataclass(frozen=True, slots=True)
class Keepsake:
    """One thing that is kept."""

    id: str
    case_id: str
    person_id: str
    note_id: str  # where it was found
    kind: str  # PICTURE, WORDS or SUCCESS
    subject_id: str  # of the recording, or again of the note
    at: int  # ms
    words: str


class Keepsakes:
    """Keeps, lists and takes out."""

    def __init__(self, database: Database, identities: Identities, audit: Audit) -> None:
        self._database = database
        self._audit = audit
        self._shelf = Shelf(database, identities, keepsakes)

    def keep(self, person_id: str, case_id: str, note_id: str, what: tuple[str, str, str]) -> str:
        """Keep `what`: kind, id of its subject, and words; its id. The same again is that again."""
        kind, subject_id, words = what
        for each in self.of(person_id):
            if (each.kind, each.subject_id, each.words) == what:
                return each.id
        values = {
            "person_id": person_id,
            "note_id": note_id,
            "kind": kind,
            "subject_id": subject_id,
        }
        with self._database.write() as connection:
            kept = self._shelf.add(connection, case_id, values, words.encode())
            self._audit.append(connection, person_id, "keepsake kept", case_id)
        return kept

    def of(self, person_id: str) -> list[Keepsake]:
        """What somebody keeps, newest first."""
        return [_keepsake(*each) for each in self._shelf.found(keepsakes.c.person_id == person_id)]

    def drop(self, keepsake_id: str, person_id: str) -> None:
        """Keep it no longer; NotFoundError if it is not theirs."""
        mine = (keepsakes.c.id == keepsake_id) & (keepsakes.c.person_id == person_id)
        with self._database.write() as connection:
            if not connection.execute(delete(keepsakes).where(mine)).rowcount:
                raise NotFoundError("there is no such keepsake")
            self._audit.append(connection, person_id, "keepsake taken out", keepsake_id)


def _keepsake(row: Any, payload: bytes) -> Keepsake:
    return Keepsake(
        row.id,
        row.scope,
        row.person_id,
        row.note_id,
        row.kind,
        row.subject_id,
        row.created_at,
        decode_text(payload, row.id),
    )
