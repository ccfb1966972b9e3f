"""Lists of notes: by their clear rows alone, within what somebody may see, a page at a time.

Nothing is opened here but what the last decision of a kind and current versions say. No query reads
more notes than are open, or than the page that was asked for holds: what was approved grows for ever.
Only `unread` looks at every reply there is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

from sqlalchemy import Connection, Select, exists, func, select

from store.identities import Identities
from store.notes import MERGED, Entry, Note, note_from, whose
from store.paging import Mark, behind
from store.reach import Reach
from store.session import Database
from store.tables import alive, decisions, note_versions, notes, replies

READ = "reply_read"
"""The decision that says that somebody read what a young person wrote about a note."""


class Listing:
    """Reads lists of notes."""

    def __init__(self, database: Database, identities_: Identities) -> None:
        self._database = database
        self._identities = identities_

    def standing(self, reach: Reach, *states: str) -> list[Note]:
        """All notes in `states`, which should be open ones, oldest contact first."""
        query = _within(reach).where(notes.c.state.in_(states))
        return self._notes(query.order_by(notes.c.contact_at, notes.c.id))

    def latest(
        self, reach: Reach, state: str, limit: int, before: Mark | None = None
    ) -> list[Note]:
        """Notes in `state`, the last to come to it first, from behind `before`."""
        query = _within(reach).where(notes.c.state == state)
        return self._notes(behind(query, notes.c.since, notes.c.id, before).limit(limit))

    def of_case(self, case_id: str, limit: int, before: Mark | None = None) -> list[Note]:
        """A case's notes but for merged ones, newest contact first, from behind `before`."""
        query = _within(Reach(everyone=True))
        query = query.where(notes.c.case_id == case_id, notes.c.state != MERGED)
        return self._notes(behind(query, notes.c.contact_at, notes.c.id, before).limit(limit))

    def unread(self, reach: Reach) -> list[Note]:
        """Notes with a reply that nobody has said to have read since, the first to wait at the top."""
        read = exists().where(
            decisions.c.note_id == replies.c.note_id,
            decisions.c.kind == READ,
            decisions.c.created_at >= replies.c.created_at,
        )
        since = func.min(replies.c.created_at).label("since")
        late = select(replies.c.note_id, since).where(~read).group_by(replies.c.note_id).subquery()
        query = _within(reach).join(late, late.c.note_id == notes.c.id)
        return self._notes(query.order_by(late.c.since, notes.c.id))

    def last_was(
        self, reach: Reach, state: str, kind: str, turns: Collection[str], other: str
    ) -> list[Note]:
        """Notes in `state` whose last turn is of `kind`, on their current version, and not by `other`.

        `turns` are the kinds of decision that count, `kind` among them. Oldest contact first.
        """
        last, later = decisions.alias(), decisions.alias()
        after = later.c.created_at > last.c.created_at
        at_once = (later.c.created_at == last.c.created_at) & (later.c.kind != kind)
        overtaken = exists().where(
            later.c.note_id == last.c.note_id, later.c.kind.in_(turns), after | at_once
        )
        found = select(last.c.note_id, last.c.number).distinct()
        found = found.where(last.c.kind == kind, last.c.actor_id != other, ~overtaken)
        turned = found.subquery()  # looked for first: few notes of all that were approved
        mine = (turned.c.note_id == notes.c.id) & (turned.c.number == notes.c.number)
        query = _within(reach).join(turned, mine).where(notes.c.state == state)
        return self._notes(query.order_by(notes.c.contact_at, notes.c.id))

    def replies(self, note_ids: Collection[str]) -> dict[str, int]:
        """How many replies there are to each of these notes that has any."""
        query = select(replies.c.note_id, func.count()).where(replies.c.note_id.in_(note_ids))
        with self._database.read() as connection:
            found = connection.execute(query.group_by(replies.c.note_id)).all()
        return {row[0]: row[1] for row in found}

    def newest_reply(self, connection: Connection, note_id: str) -> str | None:
        """The id of the last reply to a note, in the caller's transaction; None without any."""
        query = select(replies.c.id).where(replies.c.note_id == note_id)
        newest: str | None = connection.scalar(query.order_by(replies.c.created_at.desc()).limit(1))
        return newest

    def last(self, note_ids: Collection[str], kind: str) -> dict[str, Entry]:
        """The last decision of this kind about each note's current version, by note.

        What does not open as it was written is told of, and left out.
        """
        mine = (decisions.c.note_id == notes.c.id) & (decisions.c.number == notes.c.number)
        query = select(decisions).join(notes, mine).where(decisions.c.kind == kind)
        query = query.where(notes.c.id.in_(note_ids)).order_by(decisions.c.created_at)
        with self._database.read() as connection:
            rows = {row.note_id: row for row in connection.execute(query)}
            known = self._identities.many(connection, {row.scope for row in rows.values()})
            opened = partial(self._entry, connection, known)
            found = self._database.alarm.whole(rows.values(), opened)
        return {each.note_id: each for each in found}

    def decided(self, case_id: str, kinds: Collection[str]) -> list[Entry]:
        """Decisions of these kinds about any of a case's notes, oldest first; as `last` else."""
        query = select(decisions).join(notes, decisions.c.note_id == notes.c.id)
        query = query.where(notes.c.case_id == case_id, decisions.c.kind.in_(kinds))
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(decisions.c.created_at)).all()
            known = self._identities.many(connection, {row.scope for row in rows})
            return self._database.alarm.whole(rows, partial(self._entry, connection, known))

    def current(self, listed: Collection[Note]) -> dict[str, bytes]:
        """What each note's current version says, by note; what does not open is told, and left out."""
        by_id = {note.id: note for note in listed}
        mine = (note_versions.c.note_id == notes.c.id) & (note_versions.c.number == notes.c.number)
        query = select(note_versions).join(notes, mine).where(notes.c.id.in_(by_id))
        with self._database.read() as connection:
            rows = connection.execute(query).all()
            known = self._identities.many(connection, {row.scope for row in rows})

            def opened(row: Any) -> tuple[str, bytes]:
                note = by_id[row.note_id]
                return note.id, self._identities.opened(
                    connection, note_versions, row, whose(note), known
                )

            return dict(self._database.alarm.whole(rows, opened))

    def _entry(self, connection: Connection, known: Mapping[str, Any], row: Any) -> Entry:
        payload = self._identities.opened(connection, decisions, row, known=known)
        return Entry(
            row.id, row.note_id, row.number, row.kind, row.actor_id, row.created_at, payload
        )

    def _notes(self, query: Select[Any]) -> list[Note]:
        with self._database.read() as connection:
            return [note_from(row) for row in connection.execute(query)]


def _within(reach: Reach) -> Select[Any]:
    """Notes within reach whose case is not erased. Each is looked up: there are many cases."""
    return select(notes).where(reach.clause(), alive(notes.c.scope))
