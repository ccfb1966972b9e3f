from __future__ import annotations

import hashlib
import secrets
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select, text, update

from store import age, private
from store.cases import Case, CaseDetails
from store.errors import TamperedError
from store.keystore import OLD_ROOT
from store.people import Member
from store.records import Arrival
from store.root import Root, derive
from store.session import Database
from store.store import Store, connect
from store.tables import TEAM, identities
from tests.databases import Databases

OLD_CASE = "c" * 32


def _wrapped_before(root: Root, name: str, identity: age.X25519Identity) -> bytes:
    nonce, cipher = secrets.token_bytes(12), AESGCM(derive(root.secret, b"recorder/wrap/v1"))
    return nonce + cipher.encrypt(nonce, identity.secret, name.encode())


def test_what_a_new_case_holds_is_sealed_to_a_hybrid_recipient(
    store: Store, arrival: Arrival
) -> None:
    sealed = store.recordings.seal(arrival.scope, [b"words"])
    (stanza,) = age.Header.parse(sealed.header).stanzas
    assert stanza.kind == b"mlkem768x25519"
    recording, _ = store.recordings.register(sealed, arrival)
    assert b"".join(store.recordings.open(recording.id)) == b"words"


def test_a_public_key_put_in_by_another_hand_is_found(store: Store, arrival: Arrival) -> None:
    stranger = age.HybridIdentity.new().recipient
    with store.database.write() as connection:
        mine = identities.c.id == arrival.scope
        connection.execute(update(identities).where(mine).values(recipient=stranger.public))
    sealed = store.recordings.seal(arrival.scope, [b"words"])
    with pytest.raises(TamperedError):
        store.recordings.register(sealed, arrival)
    assert store.recordings.all() == []


def test_identities_from_before_there_were_kinds_keep_working(
    databases: Databases, tmp_path: Path
) -> None:
    url, keys, root = databases.empty(), tmp_path / "keys", Root.new()
    private.write_new(keys / OLD_ROOT, root.secret.hex().encode() + b"\n")
    database = Database(url)
    database.upgrade(to="0001")
    before = {name: age.X25519Identity.new() for name in (TEAM, OLD_CASE)}
    with database.write() as connection:
        for name, identity in before.items():
            connection.execute(
                text("INSERT INTO identities VALUES (:id, :recipient, :wrapped, 7, NULL)"),
                {
                    "id": name,
                    "recipient": identity.recipient.public,
                    "wrapped": _wrapped_before(root, name, identity),
                },
            )
        gone = text("INSERT INTO identities VALUES ('gone', :recipient, NULL, 8, 9)")
        connection.execute(gone, {"recipient": bytes(1)})
    database.close()

    opened = connect(url, tmp_path / "vault", keys)
    with opened.database.read() as connection:
        rows = {row.id: row for row in connection.execute(identities.select())}
    opened_to = {name: rows[name].recipient for name in before}
    assert opened_to == {name: identity.recipient.public for name, identity in before.items()}
    assert {row.kind for row in rows.values()} == {"X25519"}
    assert (rows["gone"].wrapped, rows["gone"].erased_at) == (None, 9)
    assert [row.created_at for row in rows.values()].count(7) == 2

    _seals_and_opens(opened, OLD_CASE, b"X25519")
    person = Member("", "practitioner", "amara", "Amara Cole", None)
    maker = opened.people.add(person, "test")  # sealed under the team's old identity
    assert opened.people.get(maker.id).name == "Amara Cole"
    new = opened.cases.add(CaseDetails("EV-2", "Sam"), maker.id, "test")
    _seals_and_opens(opened, new.id, b"mlkem768x25519")
    opened.close()


def _seals_and_opens(store: Store, scope: str, kind: bytes) -> None:
    sealed = store.recordings.seal(scope, [b"words"])
    assert [each.kind for each in age.Header.parse(sealed.header).stanzas] == [kind]
    arrival = Arrival(scope, scope, "p" * 32, "wav", "audio", "note.wav", 1, "file")
    recording, _ = store.recordings.register(sealed, arrival)
    assert store.recordings.details(recording.id).sha256 == hashlib.sha256(b"words").hexdigest()
    assert b"".join(store.recordings.open(recording.id)) == b"words"


def test_the_identity_of_one_case_never_stands_in_for_anothers(
    store: Store, case: Case, practitioner: Member
) -> None:
    """Else what is sealed from then on would open on when its case is erased."""
    other = store.cases.add(CaseDetails("EV-2", "Sam"), practitioner.id, "test")
    assert store.cases.get(other.id) == other  # both are open here and now
    with store.database.write() as connection:
        row = connection.execute(select(identities).where(identities.c.id == other.id)).one()
        values = {"kind": row.kind, "recipient": row.recipient, "wrapped": row.wrapped}
        mine = identities.c.id == case.id
        connection.execute(update(identities).where(mine).values(**values))
    with pytest.raises(TamperedError), store.database.read() as connection:
        store.people._identities.keys(connection, case.id)
