"""What a living summary draws from approved notes."""

from recorder.living import drawn
from store.notes import Note
from transcribe.model import Action, Contact, Draft


def test_the_workers_own_tasks_are_none_of_a_young_persons() -> None:
    note = Note("n", "c", "c", "p", "case_note", "approved", 1, 1, 0)
    shared, own = (
        Action("Ring the school", "Dele", None),
        Action("Book some leave", "Dele", None, private=True),
    )
    approved = [(note, Draft("case_note", Contact(), (), (shared, own)))]
    assert [line.text for line in drawn(approved, ())] == ["Ring the school"]
