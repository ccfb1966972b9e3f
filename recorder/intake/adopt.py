"""Making a recording of a file that was taken in without the root key.

Its payload stays in the vault as it is and gets a header for its case. Only what came sealed from a
laptop is opened and sealed anew. Recording, journal, audit log and the end of the arrival are one
transaction: a crash leaves it waiting or adopted.
"""

from __future__ import annotations

from dataclasses import dataclass

from recorder.errors import MediaError
from recorder.intake.identify import recognise
from recorder.intake.letters import FileLetter
from recorder.intake.overview import state_of
from recorder.intake.owner import Owner
from recorder.intake.scan import code_of
from recorder.intake.take import or_discarded
from recorder.intake.unseal import inner_name, inside, is_sealed
from recorder.media.readable import blocks
from recorder.media.sniff import MediaType
from store.arrivals import Waiting
from store.audit import SYSTEM
from store.journal import DROPPED as DROPPED_FILE
from store.journal import DUPLICATE, SEALED, Look
from store.receiving import ADOPTED, DROPPED, REFUSED
from store.records import Arrival
from store.sealing import Sealed
from store.session import Connection
from store.store import Store
from store.tables import TEAM


@dataclass(frozen=True, slots=True)
class File:
    """A file that waits to be adopted."""

    waiting: Waiting
    sealed: Sealed  # to the team
    letter: FileLetter


def adopt(store: Store, file: File, whose: Owner, giver: str | None = None) -> str | None:
    """Make a recording of `file` and return its id; None if it came sealed and is refused.

    `giver` is who said whose it is; None where its folder does. Raises StoreError when it cannot
    be done now: the file waits on.
    """
    if is_sealed(file.letter.name):
        return _adopt_unsealed(store, file, whose, giver)
    with store.database.write() as connection:
        sealed = store.arrivals.given_to(connection, file.sealed, whose.scope)
        kind = (file.letter.media_type, file.letter.kind)
        recording_id, new = _enter(store, connection, file, sealed, _arrival(file, whose, *kind))
        _settle(store, connection, file, ADOPTED, giver)
    if not new:
        store.recordings.doubled(recording_id, sealed)
    return recording_id


def drop(store: Store, file: File, actor: str) -> None:
    """Refuse `file` for good: what was sealed of it is removed, and the journal says so."""
    with store.database.write() as connection:
        path, size, marked = file.letter.path, file.sealed.size, file.letter.signature
        look = Look(path, TEAM, None, DROPPED_FILE, size, signature=marked)
        store.journal.enter(connection, look)
        store.arrivals.settle(connection, file.waiting, DROPPED)
        store.audit.append(connection, actor, "arrival dropped", file.waiting.id)
    store.recordings.discard(file.sealed)


def _adopt_unsealed(store: Store, file: File, whose: Owner, giver: str | None) -> str | None:
    try:
        media_type, sealed = _sealed_anew(store, file, whose)
    except MediaError as error:
        _refuse(store, file, whose, error, giver)
        recording_id = None
    else:
        arrival = _arrival(file, whose, media_type.key, media_type.kind)
        with or_discarded(store, sealed), store.database.write() as connection:
            recording_id, new = _enter(store, connection, file, sealed, arrival)
            _settle(store, connection, file, ADOPTED, giver)
        if not new:
            store.recordings.doubled(recording_id, sealed)
    store.recordings.discard(file.sealed)
    return recording_id


def _sealed_anew(store: Store, file: File, whose: Owner) -> tuple[MediaType, Sealed]:
    """The type of what is inside, and that sealed to its owner; MediaError if it is not taken."""
    kept = store.arrivals.content(file.waiting.id, file.sealed)
    content = inside(store.laptops, kept, file.letter.name)
    media_type = recognise(content, inner_name(file.letter.name))
    return media_type, store.recordings.seal(whose.scope, blocks(content))


def _enter(
    store: Store, connection: Connection, file: File, sealed: Sealed, arrival: Arrival
) -> tuple[str, bool]:
    recording_id, new = store.recordings.enter(connection, sealed, arrival)
    store.journal.enter(
        connection,
        Look(
            path=file.letter.path,
            scope=arrival.scope,
            practitioner_id=arrival.practitioner_id,
            state=SEALED if new else DUPLICATE,
            size=sealed.size,
            recording_id=recording_id,
            signature=file.letter.signature,
        ),
    )
    return recording_id, new


def _settle(
    store: Store, connection: Connection, file: File, state: str, giver: str | None
) -> None:
    """End the arrival. That somebody gave it is in the log only if it was them who ended it so."""
    store.arrivals.settle(connection, file.waiting, state)
    if giver is not None:
        store.audit.append(connection, giver, "arrival given", file.waiting.id)


def _refuse(store: Store, file: File, whose: Owner, error: MediaError, giver: str | None) -> None:
    """Say why in the journal. The source is still in its folder: see `recorder.intake.keyless`."""
    with store.database.write() as connection:
        store.journal.enter(
            connection,
            Look(
                path=file.letter.path,
                scope=whose.scope,
                practitioner_id=whose.practitioner_id,
                state=state_of(code_of(error)),
                size=file.sealed.size,
                reason=code_of(error),
                sentence=error.sentence,
            ),
        )
        _settle(store, connection, file, REFUSED, giver)
        store.audit.append(connection, SYSTEM, "arrival refused", file.waiting.id)


def _arrival(file: File, whose: Owner, media_type: str, kind: str) -> Arrival:
    return Arrival(
        scope=whose.scope,
        case_id=whose.case_id,
        practitioner_id=whose.practitioner_id,
        media_type=media_type,
        kind=kind,
        name=inner_name(file.letter.name),
        recorded_at=file.letter.made_at,
        recorded_from="file",
    )
