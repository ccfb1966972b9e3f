from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import delete, select, update

from store.agreements import Said
from store.cases import Case
from store.errors import ConflictError, NotFoundError, TamperedError
from store.people import Member
from store.records import ERASED
from store.store import Store
from store.tables import TEAM, orphans, pieces, uploads
from store.uploads import OPEN, REFUSED, TAKEN, WHOLE, Upload, UploadDetails

DETAILS = UploadDetails("voice", "a name.webm", 1_000, "case_note", Said("Jo", "in words", "now"))
MOST = 1_000


@pytest.fixture
def upload(store: Store, practitioner: Member, case: Case) -> Upload:
    return store.uploads.begin(practitioner.id, case.id, None, DETAILS, most=3)


def add(store: Store, upload: Upload, *contents: bytes) -> int:
    """Send pieces on from what is here."""
    sealed = [store.uploads.seal(upload, each) for each in contents]
    return store.uploads.keep(upload.id, store.uploads.get(upload.id).offset, sealed, MOST)


def test_pieces_are_there_as_soon_as_they_are_kept_and_read_as_one(
    store: Store, upload: Upload
) -> None:
    assert store.uploads.get(upload.id).offset == 0
    assert add(store, upload, b"one, ", b"two, ") == 10
    assert add(store, upload, b"three") == 15
    found = store.uploads.get(upload.id)
    assert (found.offset, found.state, found.size, found.details) == (15, OPEN, None, DETAILS)
    content, whole = store.uploads.content(upload.id), b"one, two, three"
    assert (content.size, content.count, b"".join(content)) == (15, 3, whole)
    for start in range(17):
        for length in range(17):
            assert content.read(start, length) == whole[start : start + length]


def test_what_does_not_go_on_from_what_is_here_does_not_count(store: Store, upload: Upload) -> None:
    add(store, upload, b"one")
    late = store.uploads.seal(upload, b"two")
    for start in (0, 2, 4):
        with pytest.raises(ConflictError):
            store.uploads.keep(upload.id, start, [late], MOST)
    store.uploads.discard([late])
    assert store.strays.orphans() == set()
    assert store.uploads.get(upload.id).offset == 3


def test_a_piece_that_counts_is_not_discarded(store: Store, upload: Upload) -> None:
    sealed = store.uploads.seal(upload, b"one")
    store.uploads.keep(upload.id, 0, [sealed], MOST)
    store.uploads.discard([sealed])
    assert b"".join(store.uploads.content(upload.id)) == b"one"


def test_nothing_is_longer_than_it_said_or_than_is_taken(
    store: Store, practitioner: Member, upload: Upload
) -> None:
    told = store.uploads.begin(practitioner.id, TEAM, 4, DETAILS, most=3)
    for each, most in ((told, MOST), (upload, 4)):
        sealed = store.uploads.seal(each, b"fiver")
        with pytest.raises(ConflictError):
            store.uploads.keep(each.id, 0, [sealed], most)
        store.uploads.discard([sealed])
    assert store.strays.orphans() == set()


def test_nobody_has_more_than_so_many(store: Store, practitioner: Member, upload: Upload) -> None:
    assert upload.person_id == practitioner.id
    with pytest.raises(ConflictError):
        store.uploads.begin(practitioner.id, TEAM, None, DETAILS, most=1)


def test_a_size_is_said_once(store: Store, upload: Upload) -> None:
    add(store, upload, b"one")
    with pytest.raises(ConflictError):
        store.uploads.say_size(upload.id, 2)
    store.uploads.say_size(upload.id, 5)
    store.uploads.say_size(upload.id, 5)
    with pytest.raises(ConflictError):
        store.uploads.say_size(upload.id, 6)
    with pytest.raises(ConflictError):
        store.uploads.close(upload.id, "test")
    add(store, upload, b"!!")
    assert store.uploads.close(upload.id, "test")
    assert store.audit.verify()


def test_it_is_whole_once_and_takes_no_more(store: Store, upload: Upload) -> None:
    with pytest.raises(ConflictError):
        store.uploads.close(upload.id, "test")  # there is nothing of it
    add(store, upload, b"one")
    assert store.uploads.close(upload.id, "test")
    assert not store.uploads.close(upload.id, "test")
    assert store.uploads.whole() == [upload.id]
    with pytest.raises(ConflictError):
        add(store, upload, b"two")


def test_what_breaks_off_can_be_whole_as_it_is(store: Store, upload: Upload) -> None:
    add(store, upload, b"one")
    store.uploads.say_size(upload.id, 9)
    assert store.uploads.cut(upload.id, "test")
    assert store.uploads.get(upload.id).size == 3
    assert store.uploads.whole() == [upload.id]


def test_in_the_end_nothing_of_it_is_left(store: Store, upload: Upload) -> None:
    add(store, upload, b"one", b"two")
    with pytest.raises(ConflictError), store.database.write() as connection:
        store.uploads.end(connection, upload.id, "r", "test")  # it is not whole
    store.uploads.cut(upload.id, "test")
    with store.database.write() as connection:
        blobs = store.uploads.end(connection, upload.id, "r", "test")
    assert len(blobs) == 2
    assert set(store.vault.ids()) == set(blobs)
    with pytest.raises(ConflictError), store.database.write() as connection:
        store.uploads.end(connection, upload.id, "r", "test")
    store.uploads.forget(blobs)
    assert set(store.vault.ids()) == set()
    found = store.uploads.get(upload.id)
    assert (found.state, found.recording_id, found.offset, found.size) == (TAKEN, "r", 6, 6)
    with store.database.read() as connection:
        assert connection.execute(select(orphans)).all() == []


def test_blobs_that_a_crash_leaves_are_swept(store: Store, upload: Upload) -> None:
    add(store, upload, b"one")
    store.strays.sweep()
    store.uploads.close(upload.id, "test")
    with store.database.write() as connection:
        store.uploads.end(connection, upload.id, "r", "test")
    store.erasing.sweep()
    assert set(store.vault.ids()) == set()


def test_a_piece_noted_as_an_orphan_on_its_way_can_still_be_let_go(
    store: Store, upload: Upload
) -> None:
    sealed = store.uploads.seal(upload, b"one")
    store.strays.sweep()
    store.uploads.keep(upload.id, 0, [sealed], MOST)
    store.uploads.remove(upload.id, "test")
    assert set(store.vault.ids()) == set()


def test_what_is_refused_says_why_and_stays_until_it_is_removed(
    store: Store, upload: Upload
) -> None:
    add(store, upload, b"one")
    store.uploads.close(upload.id, "test")
    store.uploads.refuse(upload.id, "not_taken", "No.", "test")
    found = store.uploads.get(upload.id)
    assert (found.state, found.reason, found.details.sentence) == (REFUSED, "not_taken", "No.")
    assert found.details == replace(DETAILS, sentence="No.")
    with pytest.raises(ConflictError):
        store.uploads.refuse(upload.id, "not_taken", "No.", "test")
    store.uploads.remove(upload.id, "test")
    assert set(store.vault.ids()) == set()
    with pytest.raises(NotFoundError):
        store.uploads.remove(upload.id, "test")
    assert store.audit.verify()


def test_a_persons_are_listed_and_those_that_broke_off(
    store: Store, practitioner: Member, supervisor: Member, upload: Upload
) -> None:
    other = store.uploads.begin(supervisor.id, TEAM, 9, DETAILS, most=3)
    assert [each.id for each in store.uploads.of(practitioner.id)] == [upload.id]
    assert [each.id for each in store.uploads.of(supervisor.id)] == [other.id]
    found = store.uploads.get(upload.id)
    assert store.uploads.untouched({OPEN: found.touched_at}) == []
    assert store.uploads.untouched({OPEN: max(found.touched_at, other.touched_at) + 1}) == [
        upload.id,
        other.id,
    ]


def test_an_erased_case_takes_what_is_on_its_way_to_it(
    store: Store, practitioner: Member, case: Case, upload: Upload
) -> None:
    add(store, upload, b"one", b"two")
    loose = store.uploads.begin(practitioner.id, TEAM, None, DETAILS, most=3)
    add(store, loose, b"of no case")
    store.erasing.case(case.id, "test")
    assert [each.id for each in store.uploads.of(practitioner.id)] == [loose.id]
    assert b"".join(store.uploads.content(loose.id)) == b"of no case"
    with store.database.read() as connection:
        assert connection.execute(select(pieces).where(pieces.c.scope == case.id)).all() == []
    assert len(set(store.vault.ids())) == 1
    assert store.recordings.all(ERASED) == []


def test_a_missing_piece_or_one_out_of_its_place_is_found(store: Store, upload: Upload) -> None:
    add(store, upload, b"one", b"two", b"three")
    with store.database.read() as connection:
        rows = connection.execute(select(pieces).order_by(pieces.c.start)).all()
    with store.database.write() as connection:
        connection.execute(delete(pieces).where(pieces.c.id == rows[1].id))
    with pytest.raises(TamperedError):
        store.uploads.content(upload.id)
    with store.database.write() as connection:
        connection.execute(update(pieces).where(pieces.c.id == rows[2].id).values(start=3))
    with pytest.raises(TamperedError):
        store.uploads.content(upload.id)


def test_another_persons_name_on_an_upload_does_not_open_it(
    store: Store, supervisor: Member, upload: Upload
) -> None:
    with store.database.write() as connection:
        connection.execute(update(uploads).values(person_id=supervisor.id))
    with pytest.raises(TamperedError):
        store.uploads.get(upload.id)


def test_it_is_looked_at_with_all_the_rest(store: Store, upload: Upload) -> None:
    add(store, upload, b"one", b"two")
    assert [look.fault for look in store.inventory.pieces(deep=True)] == [None, None]
    report = store.examination.run()
    assert (report.failures, report.rows["pieces"], report.blobs, report.size) == ([], 2, 2, 6)
    (blob, *_) = store.vault.ids()
    store.vault.delete(blob)
    assert sorted(str(look.fault) for look in store.inventory.pieces()) == ["None", "missing"]
    assert len(store.examination.run().failures) == 1
    assert WHOLE not in {each.state for each in store.uploads.of(upload.person_id)}
