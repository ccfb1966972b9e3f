from __future__ import annotations

import pytest

from recorder.codec import encode
from recorder.errors import NotAllowedError, StateError, UnknownError
from recorder.review import summary
from recorder.review.desk import Desk
from recorder.review.preparing import Choice
from store.cases import Case, CaseDetails
from store.notes import Note
from store.people import Member
from store.store import Store
from tests.sharing import prepare, release, show_them
from transcribe.model import Contact, Draft, Origin, Source, Statement

PLAIN = Choice({"s2": "He said no and walked away."})


@pytest.fixture
def approved(desk: Desk, supervisors_desk: Desk, note: Note) -> Note:
    desk.submit(note.id, 1)
    supervisors_desk.approve(note.id, 1)
    return note


def entry_of(desk: Desk, note: Note) -> str:
    """The id of what waits."""
    return desk.preparing.release_page(note.id).entry.id


def seen(young_desk: Desk) -> list[str]:
    """What the young person reads."""
    return [line.text for shared in young_desk.shared_with_me() for line in shared.lines]


def test_nothing_is_seen_until_a_second_person_lets_it_go(
    desk: Desk, supervisors_desk: Desk, young_desk: Desk, approved: Note
) -> None:
    desk.preparing.prepare(approved.id, 1, PLAIN)
    assert seen(young_desk) == []
    waits = entry_of(desk, approved)
    with pytest.raises(NotAllowedError, match="somebody else"):
        desk.preparing.release(approved.id, 1, waits)
    assert seen(young_desk) == []
    supervisors_desk.preparing.release(approved.id, 1, waits)
    assert seen(young_desk) == ["He said no and walked away."]


def test_a_supervisor_does_not_let_go_what_they_prepared_and_the_practitioner_may(
    desk: Desk, supervisors_desk: Desk, young_desk: Desk, approved: Note
) -> None:
    supervisors_desk.preparing.prepare(approved.id, 1, PLAIN)
    waits = entry_of(desk, approved)
    with pytest.raises(NotAllowedError, match="somebody else"):
        supervisors_desk.preparing.release(approved.id, 1, waits)
    desk.preparing.release(approved.id, 1, waits)
    assert seen(young_desk) == ["He said no and walked away."]


def test_who_does_not_see_the_case_neither_reads_nor_lets_it_go(
    store: Store, desk: Desk, colleague: Member, young_desk: Desk, approved: Note
) -> None:
    desk.preparing.prepare(approved.id, 1, PLAIN)
    waits, other = entry_of(desk, approved), Desk(store, colleague).preparing
    for act in (
        lambda: other.release(approved.id, 1, waits),
        lambda: other.release_page(approved.id),
        lambda: other.page(approved.id),
        lambda: other.mark(approved.id, ["s2"]),
    ):
        with pytest.raises(UnknownError):
            act()
    assert seen(young_desk) == []


def test_only_what_was_read_is_let_go(
    desk: Desk, supervisors_desk: Desk, young_desk: Desk, approved: Note
) -> None:
    desk.preparing.prepare(approved.id, 1, PLAIN)
    read = entry_of(supervisors_desk, approved)
    desk.preparing.prepare(approved.id, 1, Choice({"s1": "We met to go over the plan."}))
    with pytest.raises(StateError, match="changed while you had it open"):
        supervisors_desk.preparing.release(approved.id, 1, read)
    assert seen(young_desk) == []


def test_what_was_let_go_stays_until_the_next_is(
    store: Store, desk: Desk, young_desk: Desk, approved: Note
) -> None:
    show_them(store, desk, approved.id, 1, ["s2"])
    prepare(desk, approved.id, 1, ["s1"])
    assert seen(young_desk) == ["He said no and walked away."]
    release(store, desk, approved.id, 1)
    assert seen(young_desk) == ["We met to go over the plan."]


def test_a_later_version_voids_what_waits(
    desk: Desk, supervisors_desk: Desk, young_desk: Desk, approved: Note
) -> None:
    desk.preparing.prepare(approved.id, 1, PLAIN)
    waits = entry_of(desk, approved)
    desk.save(approved.id, 1, {"s1": "We met."})
    desk.submit(approved.id, 2)
    supervisors_desk.approve(approved.id, 2)
    for number in (1, 2):
        with pytest.raises(StateError):
            supervisors_desk.preparing.release(approved.id, number, waits)
    with pytest.raises(StateError, match="no summary"):
        supervisors_desk.preparing.release_page(approved.id)
    assert seen(young_desk) == []


def test_it_is_sent_back_with_a_reason_and_waits_for_nobody_then(
    desk: Desk, supervisors_desk: Desk, young_desk: Desk, approved: Note
) -> None:
    desk.preparing.prepare(approved.id, 1, PLAIN)
    waits = entry_of(desk, approved)
    with pytest.raises(StateError, match="what should be changed"):
        supervisors_desk.preparing.send_back(approved.id, 1, waits, " ")
    supervisors_desk.preparing.send_back(approved.id, 1, waits, "Say why he walked away.")
    with pytest.raises(StateError):
        supervisors_desk.preparing.release(approved.id, 1, waits)
    back = desk.preparing.page(approved.id).sent_back
    assert back is not None
    assert back.payload == b"Say why he walked away."
    assert seen(young_desk) == []


def test_what_waits_is_listed_for_everybody_who_may_let_it_go(
    store: Store, desk: Desk, supervisors_desk: Desk, colleague: Member, approved: Note
) -> None:
    def listed(of: Desk, name: str) -> list[str]:
        return [row.note.id for row in of.lists.groups(6)[name].rows]

    other = Desk(store, colleague)
    prepare(desk, approved.id, 1, ["s2"])
    assert listed(supervisors_desk, "to_read") == [approved.id]
    assert supervisors_desk.lists.to_read(1).count == 1
    assert listed(desk, "to_read") == listed(other, "to_read") == []
    waits = entry_of(supervisors_desk, approved)
    supervisors_desk.preparing.send_back(approved.id, 1, waits, "Shorter, please.")
    assert listed(supervisors_desk, "to_read") == listed(supervisors_desk, "sent_back") == []
    assert listed(desk, "sent_back") == [approved.id]
    assert listed(other, "sent_back") == []
    prepare(desk, approved.id, 1, ["s2"])
    assert listed(desk, "sent_back") == []
    release(store, desk, approved.id, 1)
    assert listed(supervisors_desk, "to_read") == []


def test_what_a_later_version_voids_waits_for_nobody(
    desk: Desk, supervisors_desk: Desk, approved: Note
) -> None:
    prepare(desk, approved.id, 1, ["s2"])
    desk.save(approved.id, 1, {"s1": "We met."})
    desk.submit(approved.id, 2)
    supervisors_desk.approve(approved.id, 2)
    assert supervisors_desk.lists.to_read(6).count == 0


def test_the_draft_and_what_was_made_of_it_are_both_kept(
    desk: Desk, supervisors_desk: Desk, approved: Note
) -> None:
    desk.preparing.prepare(approved.id, 1, Choice({"s2": "You said no. Then he walked away."}))
    (line,) = supervisors_desk.preparing.release_page(approved.id).prepared.lines
    assert line.original == line.drafted == "He said no and walked away."
    assert line.text == "You said no. Then he walked away."
    kinds = [entry.kind for entry in desk.read(approved.id).decisions]
    assert kinds == ["submitted", "approved", "prepared"]


@pytest.mark.parametrize(
    "words", ["You said yes and walked away.", "You walked away with a knife.", "", "x" * 20_001]
)
def test_untrue_words_are_refused_at_their_box(desk: Desk, approved: Note, words: str) -> None:
    with pytest.raises(StateError) as refused:
        desk.preparing.prepare(approved.id, 1, Choice({"s2": words}))
    assert refused.value.field == "text-s2"


def test_a_name_is_cleared_by_hand_one_by_one(
    desk: Desk, supervisors_desk: Desk, young_desk: Desk, approved: Note
) -> None:
    words = {"s3": "Then a boy called Tyrell came up with Kofi."}
    none: set[str] = set()
    for cleared in (none, {"Tyrell"}, {"Kofi"}, {"Tyrell and Kofi"}):
        with pytest.raises(StateError) as refused:
            desk.preparing.prepare(approved.id, 1, Choice(words, {"s3": cleared}))
        assert refused.value.field == "clear-s3"
    desk.preparing.prepare(approved.id, 1, Choice(words, {"s3": {"Tyrell", "Kofi"}}))
    page = supervisors_desk.preparing.release_page(approved.id)
    assert sorted(page.prepared.lines[0].cleared) == ["Kofi", "Tyrell"]
    assert seen(young_desk) == []


def test_somebody_who_became_known_since_stops_the_release(
    store: Store, desk: Desk, supervisors_desk: Desk, young_desk: Desk, note: Note
) -> None:
    note_id = said(store, note, "then ashanti walked away.")
    desk.submit(note_id, 1)
    supervisors_desk.approve(note_id, 1)
    desk.preparing.prepare(note_id, 1, Choice({"p0": "then ashanti walked away."}))
    waits = supervisors_desk.preparing.release_page(note_id).entry.id
    store.cases.add(CaseDetails("EV-9", "Ashanti Boateng"), note.practitioner_id, "test")
    with pytest.raises(StateError, match="something is known now"):
        supervisors_desk.preparing.release(note_id, 1, waits)
    assert seen(young_desk) == []


def test_a_sentence_marked_as_a_risk_is_offered_to_nobody_and_goes_from_their_page_at_once(
    store: Store, desk: Desk, supervisors_desk: Desk, young_desk: Desk, approved: Note
) -> None:
    show_them(store, desk, approved.id, 1, ["s1", "s2"])
    supervisors_desk.preparing.mark(approved.id, ["s2"])
    assert seen(young_desk) == ["We met to go over the plan."]
    assert "s2" not in {each.id for each in desk.preparing.offered(approved.id).lines}
    with pytest.raises(NotAllowedError):
        desk.preparing.prepare(approved.id, 1, PLAIN)
    assert desk.read(approved.id).at_risk == {"s2"}
    desk.preparing.mark(approved.id, [])
    assert desk.preparing.marked(approved.id) == frozenset()
    assert len(seen(young_desk)) == 2


def test_a_mark_outlives_a_new_version(desk: Desk, approved: Note) -> None:
    desk.preparing.mark(approved.id, ["s2"])
    desk.save(approved.id, 1, {"s2": "He said no to them."})
    assert desk.preparing.marked(approved.id) == {"s2"}
    with pytest.raises(UnknownError):
        desk.preparing.mark(approved.id, ["made-up"])


def test_a_mark_stops_what_waits(desk: Desk, supervisors_desk: Desk, approved: Note) -> None:
    desk.preparing.prepare(approved.id, 1, PLAIN)
    waits = entry_of(desk, approved)
    desk.preparing.mark(approved.id, ["s2"])
    with pytest.raises(StateError, match="something is known now"):
        supervisors_desk.preparing.release(approved.id, 1, waits)


def test_taking_it_away_takes_away_what_waits_too(
    store: Store, desk: Desk, supervisors_desk: Desk, young_desk: Desk, approved: Note
) -> None:
    with pytest.raises(StateError, match="not shared"):
        desk.preparing.stop(approved.id, 1)
    desk.preparing.prepare(approved.id, 1, PLAIN)
    desk.preparing.stop(approved.id, 1)
    with pytest.raises(StateError, match="no summary"):
        supervisors_desk.preparing.release_page(approved.id)
    show_them(store, desk, approved.id, 1, ["s2"])
    desk.preparing.stop(approved.id, 1)
    assert seen(young_desk) == []


def test_what_was_shared_before_it_took_two_is_still_shown(
    store: Store, desk: Desk, young_desk: Desk, approved: Note
) -> None:
    now = store.notes.get(approved.id)
    with store.database.write() as connection:
        store.notes.decide(connection, now, ("shared", desk.person.id, b'["s2"]'), now.state)
    assert seen(young_desk) == ["He said no and walked away."]


# --- names of others ---

# People, places and accounts, as people write and machines hear them; the last ones are ordinary
# words, or have no capital.
PLANTED = (
    *("Tyrell", "Kofi", "Dwayne", "Zoë", "Šimon", "Ayaan", "Priya", "O'Neill", "Jean-Paul"),
    *("Mohammed Ali", "Big Dee", "Lil T", "Ghost", "Smiley", "K", "Tee", "Rico", "Mr Adeyemi"),
    *("PC Harris", "Clapham Junction", "Plough Lane", "Lidl", "Snapchat", "SW11 1AA", "BD51 SMR"),
    *("Riverside Academy", "the Winstanley", "County Boys", "Nando’s", "Manchester", "Peckham"),
    *("@lil.tee", "kofi@example.org", "07700 900123", "+44 7700 900123", "14 mill lane"),
    *("https://example.org/x", "sw11 1aa", "Will", "May", "Rose", "Hope", "Said", "My", "Summer"),
    *("Sky", "Mark", "ashanti", "will smith", "tyrell", "a boy called marlon"),
)
FRAMES = (
    "{} was there.",
    "{} said it was a joke.",
    "Then I saw {} by the shops.",
    "It was {}.",
    "“{} was there,” he said.",
    "He said no. {} was with us.",
    "We talked about {}, and about school.",
)
NEAR = ("Tyrell Grant", "Ashanti Boateng", "Will Smith")


def said(store: Store, note: Note, *texts: str) -> str:
    """A note of these sentences."""
    at = (Source(typed_by=note.practitioner_id),)
    statements = tuple(
        Statement(f"p{n}", "what_happened", text, Origin.PRACTITIONER, "Amara Cole", at)
        for n, text in enumerate(texts)
    )
    new = Note("", note.scope, note.case_id, note.practitioner_id, "case_note", "draft", 0, 2000, 0)
    with store.database.write() as connection:
        draft = encode(Draft("case_note", Contact(), statements))
        return store.notes.create(connection, new, draft, note.practitioner_id)


def test_of_fifty_planted_names_none_goes_out_unless_a_person_cleared_it(
    store: Store,
    desk: Desk,
    supervisors_desk: Desk,
    young_desk: Desk,
    note: Note,
    case: Case,
) -> None:
    assert len(set(PLANTED)) >= 50
    for number, name in enumerate(NEAR):
        store.cases.add(CaseDetails(f"EV-{number + 50}", name), case.practitioner_id, "test")
    texts = [frame.format(name) for name in PLANTED for frame in FRAMES]
    note_id = said(store, note, *texts)
    desk.submit(note_id, 1)
    supervisors_desk.approve(note_id, 1)
    offered = desk.preparing.offered(note_id).lines
    assert len(offered) == len(texts)
    assert [each.original for each in offered if not each.found] == []
    for each in offered[:: len(FRAMES) + 1]:  # every name, in one frame or another
        with pytest.raises(StateError) as refused:
            desk.preparing.prepare(note_id, 1, Choice({each.id: each.drafted}))
        assert refused.value.field == f"clear-{each.id}"
    assert seen(young_desk) == []
    assert summary.shared(store, store.notes.get(note_id)) is None
