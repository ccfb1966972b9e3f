"""What comes in from a browser, piece by piece: each is sealed and in the vault before it counts.

An upload is whole once somebody says so, and a recording once it was taken in; then, in the same
transaction, its pieces go. What was begun by one person is that person's alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, false, func, insert, or_, select, update

from store import sealing
from store.agreements import Said
from store.audit import Audit
from store.errors import ConflictError, ErasedError, NotFoundError, StoreError, TamperedError
from store.identities import Identities
from store.keys import CaseKeys
from store.original import Original, PieceDetails, Pinned, opening
from store.payloads import decode
from store.people import new_id
from store.pieces import Pieces, gone
from store.sealing import Sealed
from store.session import Database, now_ms
from store.tables import TEAM, orphans, pieces, uploads
from store.vault import Vault

OPEN = "open"  # more may come
WHOLE = "whole"  # all of it is here; it is to be taken in
REFUSED = "refused"  # it cannot be taken in; its reason says why
TAKEN = "taken"  # it is a recording; the row stays a while, for who did not hear of it


@dataclass(frozen=True, slots=True)
class UploadDetails:
    """What the row of an upload seals."""

    kind: str  # what it is to become: see recorder.review.uploading
    name: str  # of the file as its device has it; empty for what is recorded here
    made_at: int  # ms: when it was made, as the device or this machine says
    note_kind: str | None = None
    said: Said | None = None  # the agreement of whoever is in it
    sentence: str = ""  # why it was refused, and what to do
    metadata: str = ""  # as its sender wrote it, to be given back
    beside: str = ""  # id of the note in an own record that it is to stand beside
    onto: str = ""  # id of the note that what is said in it is to go into
    answers: str = ""  # id of the note that a young person speaks to with it
    shown: int = 0  # the version of that note that they were shown
    saying: str = ""  # what else they say with it, as it is kept beside the note


@dataclass(frozen=True, slots=True)
class Upload:
    """What somebody is sending."""

    id: str
    person_id: str
    scope: str
    size: int | None  # bytes it will have; None while nobody has said
    state: str
    reason: str | None
    recording_id: str | None  # what became of it
    created_at: int  # ms
    touched_at: int  # ms
    offset: int  # bytes that are here, sealed
    details: UploadDetails

    @property
    def case_id(self) -> str | None:
        """The case it is for; None for none yet, and for what is in an own record."""
        own = self.scope == self.person_id or self.details.beside
        return None if self.scope == TEAM or own else self.scope


class Uploads:
    """Takes pieces, and gives them out as one."""

    def __init__(
        self, database: Database, identities: Identities, audit: Audit, vault: Vault
    ) -> None:
        self._database = database
        self._identities = identities
        self._audit = audit
        self._vault = vault

    # --- coming in ---

    def begin(
        self, person_id: str, scope: str, size: int | None, details: UploadDetails, most: int
    ) -> Upload:
        """A new upload without a piece; ConflictError where `most` of this person's are there."""
        now = now_ms()
        values = {
            "id": new_id(),
            "person_id": person_id,
            "size": size,
            "state": OPEN,
            "reason": None,
            "recording_id": None,
            "created_at": now,
            "touched_at": now,
            "scope": scope,
            "version": 1,
        }
        mine = (uploads.c.person_id == person_id) & (uploads.c.state != TAKEN)
        count = select(func.count()).select_from(uploads).where(mine)
        with self._database.write() as connection:
            if (connection.scalar(count) or 0) >= most:
                raise ConflictError(f"{person_id} has {most} uploads under way")
            row = self._identities.sealed(connection, uploads, values, _encoded(details))
            connection.execute(insert(uploads).values(**row))
            self._audit.append(connection, person_id, "upload begun", row["id"])
        return self.get(row["id"])

    def seal(self, upload: Upload, plaintext: bytes) -> Sealed:
        """A piece in the vault, verified; it counts once it is kept."""
        with self._database.read() as connection:
            recipient = self._identities.recipient(connection, upload.scope)
        return sealing.seal(self._vault, recipient, [plaintext])

    def keep(self, upload_id: str, start: int, sealed: Sequence[Sealed], most: int) -> int:
        """Count pieces from byte `start` on; how many bytes are here then.

        ConflictError, and none counts, where the upload is over, or other bytes are here than
        `start` of them, or it would have more than it said or `most`.
        """
        with self._database.write() as connection:
            upload = self._upload(connection, self._row(connection, upload_id, lock=True))
            end = start + sum(each.size for each in sealed)
            limit = most if upload.size is None else min(upload.size, most)
            if upload.state != OPEN or upload.offset != start or end > limit:
                raise ConflictError(f"upload {upload_id} does not go on like that")
            for each in sealed:
                self._insert(connection, upload, start, each)
                start += each.size
            mine = uploads.c.id == upload_id
            connection.execute(update(uploads).where(mine).values(touched_at=now_ms()))
        return end

    def discard(self, sealed: Iterable[Sealed]) -> None:
        """Drop pieces that do not count after all."""
        for each in sealed:
            with self._database.read() as connection:
                used = select(pieces.c.id).where(pieces.c.blob == each.blob)
                if connection.scalar(used) is not None:
                    continue
            self._vault.delete(each.blob)

    def say_size(self, upload_id: str, size: int) -> None:
        """How many bytes it will have, where that was not known; ConflictError if it cannot be so."""
        with self._database.write() as connection:
            row = self._row(connection, upload_id, lock=True)
            upload = self._upload(connection, row)
            if upload.size == size:
                return
            if upload.state != OPEN or upload.size is not None or size < upload.offset:
                raise ConflictError(f"upload {upload_id} cannot be of that size")
            self._anew(connection, row, {"size": size}, upload.details)

    def close(self, upload_id: str, actor: str) -> bool:
        """All of it is here, or all that will come: it is to be taken in; False if it was so already.

        ConflictError for one without a byte, or of which more was said to come.
        """
        with self._database.write() as connection:
            upload = self._upload(connection, self._row(connection, upload_id, lock=True))
            if upload.state != OPEN:
                return False
            if not upload.offset or upload.size not in (None, upload.offset):
                raise ConflictError(f"upload {upload_id} is not all here")
            mine = uploads.c.id == upload_id
            connection.execute(update(uploads).where(mine).values(state=WHOLE))
            self._audit.append(connection, actor, "upload whole", upload_id)
        return True

    def cut(self, upload_id: str, actor: str) -> bool:
        """As `close`, of what will not be longer than it is, whatever was said before."""
        with self._database.write() as connection:
            row = self._row(connection, upload_id, lock=True)
            upload = self._upload(connection, row)
            if upload.state == OPEN and upload.size != upload.offset:
                self._anew(connection, row, {"size": upload.offset}, upload.details)
        return self.close(upload_id, actor)

    # --- going out ---

    def content(self, upload_id: str) -> Pieces:
        """Random access to what is here; TamperedError where a piece is missing or not its own."""
        alarm = self._database.alarm
        query = select(pieces).where(pieces.c.upload_id == upload_id).order_by(pieces.c.start)
        with alarm.watch(), self._database.read() as connection:
            rows = connection.execute(query).all()
            known = self._identities.many(connection, {row.scope for row in rows})
            found = [
                Pinned.of(connection, self._identities, pieces, row, known) for row in rows
            ]  # each opens: a size that was changed would not
            at = 0
            for row in rows:
                if row.start != at:
                    raise TamperedError(f"a piece of upload {upload_id} is missing", row.id)
                at += row.size
        return Pieces(found, [row.size for row in rows], self._open)

    def end(
        self, connection: Connection, upload_id: str, recording_id: str, actor: str
    ) -> list[str]:
        """It was taken in: its pieces go, in the caller's transaction; their blobs, for `forget`.

        ConflictError if somebody else saw to it.
        """
        row = connection.execute(_one(upload_id).with_for_update()).one_or_none()
        if row is None or row.state != WHOLE:
            raise ConflictError(f"upload {upload_id} was seen to already")
        self._audit.append(connection, actor, "upload taken in", upload_id)
        mine = uploads.c.id == upload_id
        values = {"state": TAKEN, "recording_id": recording_id, "touched_at": now_ms()}
        connection.execute(update(uploads).where(mine).values(**values))
        return gone(connection, upload_id, and_its_row=False)

    def forget(self, blobs: Iterable[str]) -> None:
        """Remove the blobs of pieces that no row names any more; what a crash leaves is swept."""
        for blob in blobs:
            self._vault.delete(blob)
            with self._database.write() as connection:
                connection.execute(delete(orphans).where(orphans.c.blob == blob))

    def refuse(self, upload_id: str, reason: str, sentence: str, actor: str) -> None:
        """It cannot be taken in: say why. From now on it is kept for a while."""
        with self._database.write() as connection:
            row = self._row(connection, upload_id, lock=True)
            if row.state != WHOLE:
                raise ConflictError(f"upload {upload_id} was seen to already")
            details = replace(self._upload(connection, row).details, sentence=sentence)
            changed = {"state": REFUSED, "reason": reason, "touched_at": now_ms()}
            self._anew(connection, row, changed, details)
            self._audit.append(connection, actor, "upload refused", upload_id)

    def remove(self, upload_id: str, actor: str) -> None:
        """Drop it and all of it that is here; NotFoundError if there is none."""
        with self._database.write() as connection:
            if self._row(connection, upload_id, lock=True).state != TAKEN:
                self._audit.append(connection, actor, "upload removed", upload_id)
            blobs = gone(connection, upload_id)
        self.forget(blobs)

    # --- looking ---

    def get(self, upload_id: str) -> Upload:
        """The upload; NotFoundError if there is none."""
        with self._database.read() as connection:
            return self._upload(connection, self._row(connection, upload_id))

    def of(self, person_id: str) -> list[Upload]:
        """All that a person has under way, oldest first; what was erased is not there."""
        query = select(uploads).where(uploads.c.person_id == person_id)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(uploads.c.created_at)).all()
            known = self._identities.many(connection, {row.scope for row in rows})
            here = _here(connection, [row.id for row in rows])
            found = []
            for row in rows:
                try:
                    found.append(self._opened(connection, row, here, known))
                except ErasedError:
                    continue
        return found

    def whole(self) -> list[str]:
        """The ids of those that are to be taken in, oldest first."""
        query = select(uploads.c.id).where(uploads.c.state == WHOLE)
        with self._database.read() as connection:
            return list(connection.scalars(query.order_by(uploads.c.created_at)))

    def untouched(self, since: Mapping[str, int]) -> list[str]:
        """The ids of those that stood in a state since before a moment (ms), oldest first.

        `since` is that moment by state. No row is opened.
        """
        state, touched = uploads.c.state, uploads.c.touched_at
        stale = [(state == each) & (touched < moment) for each, moment in since.items()]
        query = select(uploads.c.id).where(or_(false(), *stale)).order_by(uploads.c.created_at)
        with self._database.read() as connection:
            return list(connection.scalars(query))

    def _open(self, pinned: Pinned) -> Original:
        alarm = self._database.alarm
        with opening(alarm, pinned.id):
            try:
                return Original(pinned.open(self._vault), alarm, pinned.id)
            except NotFoundError as error:
                raise self._missing(pinned.id) from error

    def _missing(self, piece_id: str) -> StoreError:
        """Why a piece has no blob: it is over with its upload, or somebody took the blob away."""
        with self._database.read() as connection:
            there = connection.scalar(select(pieces.c.id).where(pieces.c.id == piece_id))
        if there is None:
            return ConflictError(f"piece {piece_id} was seen to already")
        return TamperedError(f"the blob of piece {piece_id} is missing", piece_id)

    def _insert(self, connection: Connection, upload: Upload, start: int, sealed: Sealed) -> None:
        values = {
            "id": new_id(),
            "upload_id": upload.id,
            "start": start,
            "size": sealed.size,
            "header": sealed.header,
            "blob": sealed.blob,
            "created_at": now_ms(),
            "scope": upload.scope,
            "version": 1,
        }
        payload = msgspec.json.encode(PieceDetails.of(sealed))
        row = self._identities.sealed(connection, pieces, values, payload)
        connection.execute(insert(pieces).values(**row))

    def _row(self, connection: Connection, upload_id: str, *, lock: bool = False) -> Any:
        query = _one(upload_id)
        row = connection.execute(query.with_for_update() if lock else query).one_or_none()
        if row is None:
            raise NotFoundError(f"there is no upload {upload_id}")
        return row

    def _upload(self, connection: Connection, row: Any) -> Upload:
        return self._opened(connection, row, _here(connection, [row.id]), {})

    def _opened(
        self,
        connection: Connection,
        row: Any,
        here: Mapping[str, int],
        known: Mapping[str, CaseKeys],
    ) -> Upload:
        payload = self._identities.opened(connection, uploads, row, known=known)
        return Upload(
            row.id,
            row.person_id,
            row.scope,
            row.size,
            row.state,
            row.reason,
            row.recording_id,
            row.created_at,
            row.touched_at,
            row.size if row.state == TAKEN else here.get(row.id, 0),
            decode(payload, UploadDetails, row.id),
        )

    def _anew(
        self, connection: Connection, row: Any, changed: dict[str, Any], details: UploadDetails
    ) -> None:
        self._identities.anew(connection, uploads, row, changed, _encoded(details))


def _one(upload_id: str) -> Any:
    return select(uploads).where(uploads.c.id == upload_id)


def _here(connection: Connection, upload_ids: Sequence[str]) -> dict[str, int]:
    """How many bytes are here of each of these that has any."""
    query = select(pieces.c.upload_id, func.sum(pieces.c.size))
    query = query.where(pieces.c.upload_id.in_(upload_ids)).group_by(pieces.c.upload_id)
    return {row[0]: int(row[1]) for row in connection.execute(query)}


def _encoded(details: UploadDetails) -> bytes:
    return msgspec.json.encode(asdict(details))
