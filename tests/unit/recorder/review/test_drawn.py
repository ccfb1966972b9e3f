"""Drawings beside a supervision: the worker's own, signed with it, and a child's only where said so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import count

import pytest

from recorder.codec import encode
from recorder.drawings import Said, described
from recorder.errors import StateError, UnknownError
from recorder.render import as_text
from recorder.review.desk import Desk
from recorder.review.finding import Hit
from recorder.supervising import file_all, file_away
from store.cases import Case, CaseDetails
from store.errors import ErasedError, HeldError
from store.notes import Note, is_own
from store.people import Member
from store.records import DRAFTED, Arrival, Recording
from store.store import Store
from store.tables import TEAM
from tests.unit.recorder.review.test_dividing import several, texts
from transcribe.model import Contact, Draft, Origin, Source, Statement

SPARE = Said("A grey cloud over my desk")
MARK = "zyqvaxun"
NUMBERS = count()


@pytest.fixture
def kwame(store: Store, practitioner: Member) -> Case:
    return store.cases.add(CaseDetails("EV-1002", "Kwame"), practitioner.id, "test")


@pytest.fixture
def own(store: Store, practitioner: Member) -> Note:
    """A supervision in the worker's own record, about several young people."""
    whole = several(store, practitioner, "supervision")
    file_away(store, whole.id)
    return store.notes.get(whole.id)


def picture(store: Store, note: Note, words: str = "") -> Recording:
    """A picture that was sent to stand beside a supervision."""
    arrival = Arrival(
        scope=note.scope,
        case_id=None,
        practitioner_id=note.practitioner_id,
        media_type="jpeg",
        kind="picture",
        name="a.jpg",
        recorded_at=1000,
        recorded_from="file",
        note_id=note.id,
    )
    sealed = store.recordings.seal(note.scope, [f"picture {next(NUMBERS)} {words}".encode()])
    return store.recordings.register(sealed, arrival)[0]


def hung(store: Store, desk: Desk, note: Note, said: Said = SPARE) -> str:
    found = picture(store, note)
    desk.drawings.hang(note.id, store.notes.get(note.id).number, found.id, said)
    return found.id


def draft(store: Store, desk: Desk, note: Note | str) -> Draft:
    note_id = note if isinstance(note, str) else note.id
    return desk.draft_at(note_id, store.notes.get(note_id).number)


def test_worker_and_supervisor_hang_pictures_that_both_see_in_their_order(
    store: Store, desk: Desk, supervisors_desk: Desk, own: Note
) -> None:
    first = hung(store, desk, own)
    second = hung(store, supervisors_desk, own, Said(" A  house ", made_by="Amara", photo=True))
    wall = desk.drawings.of(own.id)
    assert [each.drawing.caption for each in wall.shown] == [SPARE.caption, "A house"]
    assert [each.drawing.origin for each in wall.shown] == [Origin.PRACTITIONER, Origin.SUPERVISOR]
    assert wall.shown[1].whose == "Photo by Amara"
    number = store.notes.get(own.id).number
    assert supervisors_desk.drawings.shift(own.id, number, second, up=True) == number + 1
    assert [each.recording for each in draft(store, desk, own).drawings] == [second, first]
    assert desk.drawings.shift(own.id, number + 1, second, up=True) == number + 1
    assert [each.recording for each in desk.draft_at(own.id, number).drawings] == [first, second]
    (sealed,) = {store.recordings.get(each).scope for each in (first, second)}
    assert sealed == own.practitioner_id
    assert store.recordings.get(first).state == DRAFTED


def test_what_is_said_of_a_drawing_is_kept_in_every_version(
    store: Store, desk: Desk, own: Note
) -> None:
    made = hung(store, desk, own)
    said = Said("A storm", made_by="Amara Cole", made_on=date(2025, 11, 5))
    desk.drawings.say(own.id, 2, made, said)
    assert draft(store, desk, own).drawings[0].caption == "A storm"
    assert described(draft(store, desk, own).drawings[0]) == (
        "Drawing by Amara Cole, on 5 November 2025"
    )
    assert desk.draft_at(own.id, 2).drawings[0].caption == SPARE.caption
    assert desk.drawings.say(own.id, 3, made, said) == 3
    (line,) = desk.versions.compare(own.id, 2, 3).drawings
    assert "".join(each.text for each in line.words if each.change != "added") == (
        "Drawing: A grey cloud over my desk"
    )
    assert (line.change, line.is_as_before, line.moved) == ("same", False, False)


def test_what_cannot_stand_under_a_picture_is_refused(store: Store, desk: Desk, own: Note) -> None:
    made, wrong = hung(store, desk, own), Said("x", made_by="y" * 101)
    for said, field in ((Said(" "), "caption"), (Said("x" * 1001), "caption"), (wrong, "maker")):
        with pytest.raises(StateError) as refused:
            desk.drawings.say(own.id, 2, made, said)
        assert refused.value.field == field
        with pytest.raises(StateError):
            desk.drawings.hang(own.id, 2, picture(store, own).id, said)
    printed = as_text(draft(store, desk, own))
    assert "Drawings and photos\n  - A grey cloud over my desk (Drawing)" in printed


def test_a_drawing_is_taken_out_with_a_reason_and_its_picture_is_kept(
    store: Store, desk: Desk, own: Note
) -> None:
    made = hung(store, desk, own)
    with pytest.raises(StateError, match="why it is taken out"):
        desk.drawings.take_out(own.id, 2, made, " ")
    desk.drawings.take_out(own.id, 2, made, "I would rather not.")
    left = draft(store, desk, own)
    assert (left.drawings, left.drawings_removed[0].why) == ((), "I would rather not.")
    assert left.drawings_removed[0].drawing.caption == SPARE.caption
    assert store.recordings.open(made).read(0, 7) == b"picture"
    assert [each.id for each in desk.drawings.of(own.id).waiting] == [made]
    with pytest.raises(UnknownError):
        desk.drawings.take_out(own.id, 3, made, "Again.")


def test_signatures_hold_for_pictures_captions_and_order_as_they_were(
    store: Store, desk: Desk, supervisors_desk: Desk, own: Note, case: Case
) -> None:
    desk.dividing.divide(own.id, 1, [case.id], ["Kwame", "Leila"])
    made, other = hung(store, desk, own), hung(store, desk, own)
    for change in range(4):
        number = store.notes.get(own.id).number
        for each in (desk, supervisors_desk):
            each.supervision.sign(own.id, number)
        assert store.notes.get(own.id).state == "agreed"
        room = supervisors_desk.drawings
        if change == 0:
            room.say(own.id, number, made, Said("Otherwise"))
        elif change == 1:
            room.shift(own.id, number, other, up=True)
        elif change == 2:
            room.take_out(own.id, number, made, "Not this one.")
        else:
            hung(store, supervisors_desk, own)
        after = store.notes.get(own.id)
        assert (after.state, after.number) == ("draft", number + 1)
        beside = desk.supervision.beside(after, draft(store, desk, own))
        assert not beside.signatures
        signed = desk.draft_at(own.id, number).drawings
        digests = [store.recordings.details(each.recording).sha256 for each in signed]
        assert [each.sha256 for each in signed] == digests


def test_a_marked_drawing_goes_to_that_young_persons_note_alone(
    store: Store, desk: Desk, own: Note, case: Case, kwame: Case
) -> None:
    mine = hung(store, desk, own, Said(f"My {MARK} cloud"))
    theirs = hung(store, desk, own, Said("Jordan's house, and Kwame at the door", member=case.id))
    assert {each.id for each in desk.dividing.named(own.id)} == {case.id, kwame.id}
    with pytest.raises(StateError, match="who is not chosen here"):
        desk.dividing.divide(own.id, 3, [kwame.id], [])
    with pytest.raises(StateError, match="who is not chosen here"):
        desk.dividing.preview(own.id, [kwame.id], [])
    store.holds.place(own.scope, "A complaint", "test")
    made = desk.dividing.divide(own.id, 3, [case.id, kwame.id], ["Leila"])
    moved = store.recordings.get(theirs)
    assert (moved.scope, moved.case_id, moved.note_id) == (case.id, case.id, made[0])
    kept = store.recordings.get(mine)
    assert (kept.scope, kept.case_id, kept.note_id) == (own.scope, None, own.id)
    assert is_own(kept)
    assert texts(store, made[0])[-1] == (
        "Drawing: Jordan's house, and another young person at the door"
    )
    assert not any("house" in each for each in texts(store, made[1]))
    assert [each.recording for each in draft(store, desk, own).drawings] == [mine]
    for each in made:
        assert MARK not in repr(draft(store, desk, each))
        assert draft(store, desk, each).drawings == ()
    assert store.recordings.open(theirs).read(0, 7) == b"picture"
    assert desk.drawings.of(own.id).members == []
    with pytest.raises(StateError, match="made already"):
        desk.drawings.say(own.id, 4, mine, Said("Jordan's", member=case.id))
    with pytest.raises(HeldError):  # the hold went along with it
        store.erasing.case(case.id, "test")
    for held in store.holds.all():
        store.holds.release(held.id, "Settled", "test")
    store.erasing.case(case.id, "test")
    with pytest.raises(ErasedError):
        store.recordings.open(theirs)
    assert store.recordings.open(mine).read(0, 7) == b"picture"


def test_what_was_said_of_a_marked_drawing_that_was_taken_out_stays_with_the_worker(
    store: Store, desk: Desk, own: Note, case: Case
) -> None:
    theirs = hung(
        store, desk, own, Said(f"Jordan's {MARK} house", made_by="Jordan", member=case.id)
    )
    desk.drawings.take_out(own.id, 2, theirs, "Jordan wants it back.")
    (made,) = desk.dividing.divide(own.id, 3, [case.id], ["Kwame", "Leila"])
    wall = desk.drawings.of(own.id)
    (gone,) = wall.removed
    assert gone.drawing.recording == theirs
    assert gone.drawing.caption == f"Another young person's {MARK} house"
    assert (gone.drawing.made_by, gone.why) == (
        "Another young person",
        "Another young person wants it back.",
    )
    assert gone.drawing.member is None
    assert [each.id for each in wall.waiting] == [theirs]
    assert is_own(store.recordings.get(theirs))
    assert MARK not in repr(draft(store, desk, made))


def test_the_same_picture_may_be_in_the_case_already(
    store: Store, desk: Desk, own: Note, case: Case
) -> None:
    arrival = Arrival(case.id, case.id, own.practitioner_id, "jpeg", "picture", "a", 1, "file")
    for each in (arrival, Arrival(own.scope, None, own.practitioner_id, *_JPEG, note_id=own.id)):
        sealed = store.recordings.seal(each.scope, [b"the very same"])
        found, new = store.recordings.register(sealed, each)
        assert new
    desk.drawings.hang(own.id, 1, found.id, Said("A tree", member=case.id))
    (made,) = desk.dividing.divide(own.id, 2, [case.id], ["Kwame", "Leila"])
    assert [each.id for each in store.recordings.of_note(made)] == [found.id]


_JPEG = ("jpeg", "picture", "a", 1, "file")


def test_the_same_picture_may_stand_beside_two_supervisions_and_once_beside_each(
    store: Store, practitioner: Member, own: Note
) -> None:
    another = several(store, practitioner, "supervision")
    file_away(store, another.id)
    found = []
    for note_id in (own.id, another.id, own.id):
        arrival = Arrival(own.scope, None, own.practitioner_id, *_JPEG, note_id=note_id)
        sealed = store.recordings.seal(own.scope, [b"the very same"])
        found.append(store.recordings.register(sealed, arrival))
    assert [new for _, new in found] == [True, True, False]
    assert [each.note_id for each, _ in found] == [own.id, another.id, own.id]


def test_a_supervision_with_a_young_persons_drawing_is_not_about_nobody(
    store: Store, desk: Desk, practitioner: Member, case: Case
) -> None:
    whole = several(store, practitioner, "supervision")
    file_away(store, whole.id)
    note = store.notes.get(whole.id)
    desk.save(note.id, 1, {}, removed={f"s{n}": "Off." for n in range(5)})
    made = hung(store, desk, note, Said("A house", member=case.id))
    with pytest.raises(StateError, match="names a young person"):
        desk.supervision.about_nobody(note.id, 3)
    desk.drawings.say(note.id, 3, made, Said("Jordan's house"))
    with pytest.raises(StateError, match="names a young person"):
        desk.supervision.about_nobody(note.id, 4)
    desk.drawings.say(note.id, 4, made, Said("A house"))
    desk.supervision.about_nobody(note.id, 5)


def tray(store: Store, maker: Member) -> tuple[Recording, Note]:
    """A photo in somebody's folder, of no case yet, and the note that only says so."""
    arrival = Arrival(TEAM, None, maker.id, "jpeg", "picture", "a.jpg", 1000, "file")
    sealed = store.recordings.seal(TEAM, [f"picture {next(NUMBERS)}".encode()])
    recording, _ = store.recordings.register(sealed, arrival)
    only = Statement(
        "p1", "what_happened", "A picture was added.", Origin.MACHINE, None, (Source(recording.id),)
    )
    new = Note("", TEAM, None, maker.id, "case_note", "draft", 0, 1000, 0)
    with store.database.write() as connection:
        payload = encode(Draft("case_note", Contact(), (only,)))
        note_id = store.notes.create(connection, new, payload, None)
        store.recordings.advance(connection, recording, DRAFTED, note_id=note_id)
    return store.recordings.get(recording.id), store.notes.get(note_id)


def test_a_photo_from_ones_tray_moves_into_the_record_and_leaves_nothing_behind(
    store: Store, desk: Desk, supervisors_desk: Desk, supervisor: Member, own: Note
) -> None:
    photo, alone = tray(store, supervisor)
    assert desk.drawings.of(own.id).waiting == []
    assert [each.id for each in supervisors_desk.drawings.of(own.id).waiting] == [photo.id]
    with pytest.raises(UnknownError):
        desk.drawings.hang(own.id, 1, photo.id, SPARE)
    supervisors_desk.drawings.hang(own.id, 1, photo.id, SPARE)
    moved = store.recordings.get(photo.id)
    assert (moved.scope, moved.practitioner_id, moved.note_id) == (
        *(own.practitioner_id, own.practitioner_id),
        own.id,
    )
    assert store.notes.get(alone.id).state == "merged"
    assert store.recordings.open(photo.id).read(0, 7) == b"picture"


def test_nobody_else_hangs_sees_or_finds_any_of_it(
    store: Store, desk: Desk, colleague: Member, young_person: Member, own: Note, case: Case
) -> None:
    made = hung(store, desk, own, Said(f"{MARK} cloud"))
    found = [each for each in desk.search(f"{MARK} cloud") if isinstance(each, Hit)]
    assert [each.note.id for each in found] == [own.id]
    store.cases.give(case.id, colleague.id, "test")
    other = Desk(store, colleague)
    assert list(other.search(MARK)) == []
    calls: list[Callable[[], object]] = [
        lambda: other.drawings.of(own.id),
        lambda: other.gallery.picture(made, "picture"),
        lambda: other.drawings.hang(own.id, 2, made, SPARE),
        lambda: other.drawings.say(own.id, 2, made, SPARE),
        lambda: other.drawings.take_out(own.id, 2, made, "No."),
    ]
    for call in calls:
        with pytest.raises(UnknownError):
            call()
    with pytest.raises(UnknownError):
        _ = Desk(store, young_person).drawings
    with pytest.raises(UnknownError):
        desk.drawings.of(several(store, store.people.get(own.practitioner_id)).id)


def test_they_go_along_when_the_supervision_is_another_workers(
    store: Store, desk: Desk, supervisors_desk: Desk, colleague: Member, own: Note
) -> None:
    made = hung(store, desk, own)
    supervisors_desk.supervision.file_for(own.id, 2, colleague.id)
    moved = store.recordings.get(made)
    assert (moved.scope, moved.practitioner_id) == (colleague.id, colleague.id)
    (shown,) = Desk(store, colleague).drawings.of(own.id).shown
    assert shown.drawing.caption == SPARE.caption
    with pytest.raises(UnknownError):
        desk.drawings.of(own.id)


def test_an_erased_picture_is_told_of_and_the_caption_stays(
    store: Store, desk: Desk, own: Note
) -> None:
    made = hung(store, desk, own)
    store.erasing.recording(made, "test")
    (shown,) = desk.drawings.of(own.id).shown
    assert (shown.gone, shown.drawing.caption) == ("This picture was erased.", SPARE.caption)
    store.erasing.own_record(own.practitioner_id, "test")
    with pytest.raises((UnknownError, ErasedError)):
        desk.drawings.of(own.id)


def test_an_erased_picture_goes_along_to_another_worker_and_raises_no_alarm(
    store: Store, desk: Desk, supervisors_desk: Desk, colleague: Member, own: Note
) -> None:
    erased, kept = hung(store, desk, own), hung(store, desk, own, Said("A tree"))
    store.erasing.recording(erased, "test")
    supervisors_desk.supervision.file_for(own.id, 3, colleague.id)
    for each in (erased, kept):
        moved = store.recordings.get(each)
        assert (moved.scope, moved.practitioner_id) == (colleague.id, colleague.id)
    wall = Desk(store, colleague).drawings.of(own.id)
    assert [(each.drawing.caption, each.gone) for each in wall.shown] == [
        (SPARE.caption, "This picture was erased."),
        ("A tree", ""),
    ]
    assert wall.waiting == []
    with pytest.raises(ErasedError):
        store.recordings.open(erased)
    assert store.recordings.open(kept).read(0, 7) == b"picture"
    assert store.database.alarm.damaged == []
    assert store.examination.run().failures == []
    store.erasing.own_record(own.practitioner_id, "test")  # where it lay before
    assert store.recordings.open(kept).read(0, 7) == b"picture"


def test_a_picture_that_was_erased_before_its_supervision_was_filed_is_filed_with_it(
    store: Store, desk: Desk, practitioner: Member, case: Case
) -> None:
    whole = several(store, practitioner, "supervision", case.id)
    erased, kept = (
        store.recordings.register(
            store.recordings.seal(case.id, [f"picture {next(NUMBERS)}".encode()]),
            Arrival(case.id, case.id, practitioner.id, *_JPEG, note_id=whole.id),
        )[0]
        for _ in range(2)
    )
    store.erasing.recording(erased.id, "test")
    assert file_away(store, whole.id)
    for each in (erased, kept):
        filed = store.recordings.get(each.id)
        assert (filed.scope, filed.case_id) == (practitioner.id, None)
    assert [each.id for each in desk.drawings.of(whole.id).waiting] == [kept.id]
    with pytest.raises(UnknownError):
        desk.drawings.hang(whole.id, 1, erased.id, SPARE)
    desk.drawings.hang(whole.id, 1, kept.id, SPARE)
    assert store.database.alarm.damaged == []
    assert store.examination.run().failures == []


def test_a_picture_is_hung_once_and_again_only_when_it_was_taken_out(
    store: Store, desk: Desk, supervisors_desk: Desk, supervisor: Member, own: Note
) -> None:
    made = hung(store, desk, own)
    photo, _ = tray(store, supervisor)
    supervisors_desk.drawings.hang(own.id, 2, photo.id, Said("A tree"))
    for each in (made, photo.id):
        with pytest.raises(StateError, match="in the gallery already"):
            supervisors_desk.drawings.hang(own.id, 3, each, Said("Again"))
    assert store.notes.get(own.id).number == 3
    captions = [SPARE.caption, "A tree"]
    assert [each.caption for each in draft(store, desk, own).drawings] == captions
    desk.drawings.take_out(own.id, 3, made, "Upside down.")
    desk.drawings.hang(own.id, 4, made, Said("Again"))
    left = draft(store, desk, own)
    assert [each.caption for each in left.drawings] == ["A tree", "Again"]
    assert [each.drawing.caption for each in left.drawings_removed] == [SPARE.caption]


def test_who_changes_it_meanwhile_is_not_overwritten(store: Store, desk: Desk, own: Note) -> None:
    made = hung(store, desk, own)
    desk.drawings.say(own.id, 2, made, Said("Once"))
    calls: list[Callable[[], object]] = [
        lambda: desk.drawings.say(own.id, 2, made, Said("Twice")),
        lambda: desk.drawings.hang(own.id, 2, picture(store, own).id, SPARE),
        lambda: desk.drawings.shift(own.id, 2, made, up=True),
        lambda: desk.drawings.take_out(own.id, 2, made, "No."),
    ]
    for call in calls:
        with pytest.raises(StateError, match="changed while you had it open"):
            call()


def test_a_drawing_whose_bytes_were_erased_stops_no_division_and_raises_no_alarm(
    store: Store, desk: Desk, own: Note, case: Case
) -> None:
    theirs = hung(store, desk, own, Said("A house", member=case.id))
    store.erasing.recording(theirs, "test")
    (made,) = desk.dividing.divide(own.id, 2, [case.id], ["Kwame", "Leila"])
    moved = store.recordings.get(theirs)
    assert (moved.scope, moved.case_id, moved.note_id) == (case.id, case.id, made)
    assert store.database.alarm.damaged == []


def test_neither_a_supervision_nor_one_young_persons_part_of_it_is_split(
    store: Store, desk: Desk, own: Note, case: Case
) -> None:
    for caption in ("A house", "A tree"):
        hung(store, desk, own, Said(caption, member=case.id))
    with pytest.raises(StateError, match="is not split"):
        desk.contacts.split(own.id, 3, [store.recordings.of_note(own.id)[0].id])
    (made,) = desk.dividing.divide(own.id, 3, [case.id], ["Kwame", "Leila"])
    with pytest.raises(StateError, match="is not split"):
        desk.contacts.split(made, 1, [store.recordings.of_note(made)[0].id])
    file_all(store)
    assert {each.case_id for each in store.recordings.of_note(made)} == {case.id}
