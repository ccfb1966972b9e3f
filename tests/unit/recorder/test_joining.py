from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from recorder.joining import joined, moment, parted, together
from transcribe.model import (
    Action,
    Contact,
    Described,
    Draft,
    Earlier,
    Followed,
    LeftOut,
    Origin,
    Removed,
    Reworded,
    Source,
    Statement,
    Told,
)

ORIGIN = Earlier("one", 3, whole=False)


def made(recording: str, contact: Contact, at: int = 1000) -> Draft:
    """What one recording says: two sentences, one of them to be done, and one left out."""
    source = (Source(recording, 100, 200),)
    said = Statement("s1", "what_happened", f'He said "{recording}".', Origin.MACHINE, None, source)
    todo = Statement("s2", "action", f"Ring {recording}.", Origin.MACHINE, None, source)
    return Draft(
        "case_note",
        contact,
        (said, todo),
        (Action(f"Ring {recording}", None, None, source),),
        (recording,),
        (LeftOut("Um.", "nothing", 0, 100, recording),),
        pictures=(Described(recording, "A house"),),
        told=(Told(recording, at, contact),),
        removed=(Removed(said, "p", "Amara", f"Not {recording}'s.", 7),),
        reworded=(Reworded(recording, "m", "0" * 64, {"seed": 1}, 2, 1, {"words": 1}),),
    )


FIRST = made("r1", Contact(date(2026, 11, 5), "16:00", None, place="hub", present=("Mum",)))
SECOND = made("r2", Contact(end_time="17:00", method="home visit", present=("Nan", "Mum")), 900)


def test_both_say_what_filed_them() -> None:
    picture, heard = replace(FIRST, models=()), replace(SECOND, models=("a", "b"))
    assert joined(picture, heard).models == joined(heard, heard).models == ("a", "b")


def test_two_drafts_are_one_after_the_other_and_every_id_is_its_own() -> None:
    both = joined(FIRST, SECOND)
    assert [each.text for each in both.statements] == [
        each.text for each in (*FIRST.statements, *SECOND.statements)
    ]
    assert [each.sources for each in both.statements[2:]] == [
        each.sources for each in SECOND.statements
    ]
    assert [each.id for each in both.statements] == ["s1", "s2", "s1-2", "s2-2"]
    assert len({s.id for s in joined(both, both).statements}) == 8
    assert (both.actions, both.left_out) == (
        (*FIRST.actions, *SECOND.actions),
        (*FIRST.left_out, *SECOND.left_out),
    )
    assert both.quotes == ("r1", "r2")
    assert both.reworded == (*FIRST.reworded, *SECOND.reworded)
    assert both.removed == (*FIRST.removed, *SECOND.removed)


def test_the_first_to_say_a_fact_is_taken_at_its_word_and_times_are_never_mixed() -> None:
    assert joined(FIRST, SECOND).contact == Contact(
        date(2026, 11, 5), "16:00", None, "home visit", "hub", ("Mum", "Nan")
    )
    assert joined(SECOND, FIRST).contact.start_time is None
    assert joined(SECOND, FIRST).contact.end_time == "17:00"


def test_parting_undoes_joining() -> None:
    stays, goes = parted(joined(FIRST, SECOND), frozenset({"r2"}), ORIGIN)
    assert stays == FIRST
    assert goes == replace(
        SECOND,
        statements=tuple(replace(each, id=f"{each.id}-2") for each in SECOND.statements),
        removed=SECOND.removed,
        earlier=(ORIGIN,),
    )


def test_what_a_person_put_right_and_what_they_typed_stays() -> None:
    both = joined(FIRST, SECOND)
    own = Statement("v2", "worry", "Mine.", Origin.PRACTITIONER, "Amara", (Source(typed_by="a"),))
    changed = replace(
        both, statements=(*both.statements, own), contact=replace(both.contact, place="the park")
    )
    stays, goes = parted(changed, frozenset({"r1"}), ORIGIN)
    assert own in stays.statements
    assert stays.contact == replace(SECOND.contact, place="the park")
    assert goes.contact == FIRST.contact


def test_facts_of_a_draft_that_does_not_say_whose_they_are_stay() -> None:
    old = replace(joined(FIRST, SECOND), told=())
    stays, goes = parted(old, frozenset({"r2"}), ORIGIN)
    assert stays.contact == old.contact
    assert goes.contact == Contact()


@pytest.mark.parametrize(("out", "follows"), [({"r2"}, True), ({"r1"}, False)])
def test_a_note_that_was_merged_in_follows_its_recordings(out: set[str], follows: bool) -> None:  # noqa: FBT001 - a parameter of the test
    merged = Earlier("two", 4, whole=True, recordings=("r2",))
    both = joined(FIRST, replace(SECOND, earlier=(merged,)))
    stays, goes = parted(both, frozenset(out), ORIGIN)
    trace = replace(merged, whole=False)
    assert set(goes.earlier) == {ORIGIN, merged if follows else trace}
    assert set(stays.earlier) == {trace if follows else merged}
    # Back together it is there once, as a whole.
    assert [each for each in joined(stays, goes).earlier if each.note == "two"] == [merged]


def test_the_moment_of_a_contact_is_the_earliest_that_was_told() -> None:
    assert moment((*FIRST.told, *SECOND.told), 5) == 900
    assert moment((), 5) == 5
    assert together(()) == Contact()


def test_what_became_of_last_times_actions_is_said_once() -> None:
    said = Followed("n1", "Book the course", "done", "amara")
    stays, goes = parted(
        replace(joined(FIRST, SECOND), followed=(said,)), frozenset({"r2"}), ORIGIN
    )
    assert (stays.followed, goes.followed) == ((said,), ())
