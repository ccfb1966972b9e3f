from __future__ import annotations

from store.cases import Case
from store.journal import ARRIVING, ATTENTION, GONE, REMOVED, SEALED, Look
from store.people import Member
from store.records import Arrival
from store.store import Store
from store.tables import TEAM

PATH = "amara/EV-1001/note.wav"


def look(state: str, **more: str) -> Look:
    return Look(PATH, TEAM, None, state, 10, **more)


def test_a_file_has_one_open_entry_that_changes(store: Store) -> None:
    store.journal.note(look(ARRIVING, reason="arriving"))
    store.journal.note(look(ATTENTION, reason="damaged", sentence="Send it again."))
    (entry,) = store.journal.recent()
    assert (entry.state, entry.path, entry.sentence) == (ATTENTION, PATH, "Send it again.")


def test_a_file_that_comes_again_has_an_entry_of_its_own(store: Store) -> None:
    store.journal.note(look(SEALED))
    store.journal.removed(PATH)
    store.journal.note(look(ARRIVING))
    assert sorted(entry.state for entry in store.journal.recent()) == [ARRIVING, REMOVED]
    assert [entry.state for entry in store.journal.waiting()] == [ARRIVING]


def test_a_file_that_goes_away_waits_no_more(store: Store) -> None:
    store.journal.note(look(ATTENTION, reason="damaged"))
    store.journal.close(PATH, GONE)
    assert store.journal.waiting() == []


def test_the_last_file_taken_from_a_path_is_known(store: Store, arrival: Arrival) -> None:
    sealed = store.recordings.seal(arrival.scope, [b"x"])
    recording, _ = store.recordings.register(sealed, arrival)
    assert store.journal.known(PATH) is None
    store.journal.note(look(SEALED, recording_id=recording.id, signature="1:2:3:4"))
    assert store.journal.known(PATH) == "1:2:3:4"


def test_a_path_that_is_no_text_is_kept_as_it_is(store: Store) -> None:
    odd = b"amara/\xff\xfe.wav".decode("utf-8", "surrogateescape")
    store.journal.note(Look(odd, TEAM, None, ATTENTION, 1))
    assert [entry.path for entry in store.journal.recent()] == [odd]


def test_entries_of_an_erased_case_are_not_shown(
    store: Store, case: Case, practitioner: Member
) -> None:
    store.journal.note(Look(PATH, case.id, practitioner.id, ARRIVING, 1))
    store.erasing.case(case.id, "test")
    assert store.journal.recent() == []
