"""What data protection sees of a case: all that was done to it, whatever became of its parts."""

from __future__ import annotations

from recorder.review.desk import Desk
from store.cases import Case, CaseDetails
from store.notes import Note
from store.people import Member
from store.records import Recording
from store.store import Store


def test_the_trail_of_a_case_holds_what_was_merged_and_erased_and_nothing_of_another(
    store: Store, practitioner: Member, case: Case, recording: Recording, note: Note
) -> None:
    protector = store.people.add(Member("", "data_protection", "kit", "Kit Lowe", None), "test")
    store.cases.add(CaseDetails("EV-2", "Mia"), practitioner.id, "test")
    store.erasing.recording(recording.id, "asked for")
    with store.database.write() as connection:
        store.notes.decide(connection, note, ("merged", practitioner.id, b"x"), "merged")
    found = Desk(store, protector).oversight.trail("EV-1001")
    actions = {each.action for each in found.steps}
    assert {"case added", "note created", "note merged at version 1"} <= actions
    wanted = [
        e.action for e in store.audit.events() if e.object in {case.id, note.id, recording.id}
    ]
    assert sorted(each.action for each in found.steps) == sorted(wanted)
    assert {e.action for e in store.audit.events() if e.object == recording.id} <= actions
    assert len(Desk(store, protector).oversight.trail("EV-2").steps) == 2  # and that it was read
