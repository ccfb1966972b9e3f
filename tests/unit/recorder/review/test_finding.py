from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from recorder.codec import encode
from recorder.errors import StateError, UnknownError
from recorder.review.desk import Desk
from recorder.review.finding import Excerpt, Hit, Passage, Piece, excerpt, match, passages
from recorder.review.query import Query, Sieve, parse, squeeze
from recorder.review.sight import Sight
from store.cases import Case, CaseDetails
from store.notes import Note
from store.people import Member
from store.search import Damaged
from store.store import Store
from store.tables import TEAM, cases, note_versions
from tests.unit.recorder.review.test_query import WORDS
from transcribe.model import Action, Contact, Draft, LeftOut, Origin, Removed, Statement

Make = Callable[..., Note]


def draft_of(*texts: str, **fields: object) -> Draft:
    made = [
        Statement(f"s{number}", "what_happened", text, Origin.PRACTITIONER, None, ())
        for number, text in enumerate(texts)
    ]
    plain = Draft("case_note", Contact(), tuple(made))
    return replace(plain, **fields)  # type: ignore[arg-type]  # the tests below know the fields


@pytest.fixture
def make(store: Store, case: Case, practitioner: Member) -> Make:
    """Makes a note that says `texts`, one contact after the other."""
    count = 0

    def made(*texts: str, scope: str = case.id, by: str = practitioner.id) -> Note:
        nonlocal count
        count += 1
        case_id = None if scope == TEAM else scope
        new = Note("", scope, case_id, by, "case_note", "draft", 0, count * 1000, 0)
        with store.database.write() as connection:
            note_id = store.notes.create(connection, new, encode(draft_of(*texts)), None)
        return store.notes.get(note_id)

    return made


def found(desk: Desk, words: str) -> list[str]:
    """The ids of the notes that were found."""
    return [hit.note.id for hit in desk.search(words) if isinstance(hit, Hit)]


# --- what matches ---


def test_every_word_must_occur_somewhere_in_the_note() -> None:
    draft = draft_of("He ran home.", "The bus was late.")
    assert match(parse("bus HOME"), draft) is not None
    assert match(parse("bus school"), draft) is None


def test_a_phrase_must_stand_together_in_one_sentence() -> None:
    draft = draft_of("He  ran\nhome.", "Late bus.")
    assert match(parse('"ran home"'), draft) is not None
    assert match(parse('"home late"'), draft) is None
    assert match(parse("home late"), draft) is not None


OWES = Statement("s9", "worry", "He owes Kai.", Origin.YOUNG_PERSON, None, ())


@pytest.mark.parametrize(
    "word", ["aunt", "mentor", "tuesday", "library", "outdoors", "maya", "owes", "hearsay"]
)
def test_everything_a_reader_can_read_is_searched(word: str) -> None:
    draft = draft_of(
        "We talked.",
        actions=(Action("Ring his mentor", "Aunt Bea", None),),
        contact=Contact(method="outdoors", place="the library", present=("Jordan", "Maya")),
        left_out=(LeftOut("See you Tuesday.", "talk to the recorder"),),
        removed=(Removed(OWES, "p", "Amara Cole", "Hearsay of Kai's.", 1),),
    )
    (shown,) = match(parse(word), draft) or ()
    assert word in shown.text.lower()


@pytest.mark.parametrize("word", ["machine", "what_happened", "s0", "null", "case_note"])
def test_what_only_the_format_says_is_not_found(word: str) -> None:
    draft = draft_of("We talked.")
    assert Sieve(parse(word)).may_match(encode(draft)) in {True, False}
    assert match(parse(word), draft) is None


def test_a_note_of_a_kind_that_is_no_longer_there_is_found_all_the_same() -> None:
    (shown,) = match(parse("bus"), draft_of("The bus.", kind="gone")) or ()
    assert shown.heading == "Anything else"


@settings(max_examples=300)
@given(st.lists(WORDS, max_size=4), st.lists(WORDS, max_size=2), st.data())
def test_the_sieve_changes_no_result(
    texts: list[str], places: list[str], data: st.DataObject
) -> None:
    draft = draft_of(*texts, contact=Contact(place=places[0] if places else None))
    said = [squeeze(passage.text) for passage in passages(draft)]
    pieces = st.sampled_from([w for text in said for w in text.split(" ") if w] or ["e"])
    terms = tuple(data.draw(st.lists(pieces | WORDS.map(squeeze).filter(bool), max_size=3)))
    naive = all(any(term in text for text in said) for term in terms)
    assert (match(Query(terms), draft) is not None) is naive
    assert Sieve(Query(terms)).may_match(encode(draft)) or not naive


# --- how it is shown ---


def test_a_hit_shows_its_heading_and_marks_what_was_found() -> None:
    (shown,) = match(parse("JOSE bus"), draft_of("Then José took the bus.")) or ()
    assert shown == Excerpt(
        "What happened",
        (
            Piece("Then "),
            Piece("José", found=True),
            Piece(" took the "),
            Piece("bus", found=True),
            Piece("."),
        ),
        "s0",
    )


def test_the_sentence_that_says_most_comes_first_and_three_are_enough() -> None:
    texts = ("A bus.", "Another bus.", "He ran for the bus.", "The last bus.")
    shown = match(parse("bus ran"), draft_of(*texts)) or ()
    assert [each.text for each in shown] == ["He ran for the bus.", "A bus.", "Another bus."]


def test_a_long_sentence_is_cut_between_words() -> None:
    words = " ".join(f"word{number}" for number in range(200))
    shown = excerpt(Passage("", words), ["word100"])
    assert shown.text.startswith("…word")
    assert shown.text.endswith("…")
    assert len(shown.text) < 300
    assert shown.text.strip("…").split() == words.split()[92:120]


def test_an_accent_is_marked_with_its_letter() -> None:
    shown = excerpt(Passage("", "cafe\u0301 noir"), ["cafe"])
    assert shown.pieces == (Piece("cafe\u0301", found=True), Piece(" noir"))


@given(WORDS, st.data())
def test_an_excerpt_is_part_of_its_passage_with_the_terms_marked(
    text: str, data: st.DataObject
) -> None:
    words = squeeze(text).split(" ")
    terms = [term for term in data.draw(st.lists(st.sampled_from(words), min_size=1)) if term]
    if not terms:
        return
    shown = excerpt(Passage("", text), terms)
    pieces = shown.pieces[1:] if shown.pieces[0] == Piece("…") else shown.pieces
    pieces = pieces[:-1] if len(pieces) > 1 and pieces[-1] == Piece("…") else pieces
    assert "".join(piece.text for piece in pieces) in text
    marked = [squeeze(piece.text) for piece in shown.pieces if piece.found]
    assert marked
    assert all(any(term in mark for term in terms) for mark in marked)


# --- the search ---


def test_notes_are_found_newest_first_with_their_case(desk: Desk, make: Make, case: Case) -> None:
    old, _, new = make("The bus."), make("The train."), make("A bus again.")
    hits = [each for each in desk.search("bus") if isinstance(each, Hit)]
    assert [hit.note.id for hit in hits] == [new.id, old.id]
    assert {hit.case for hit in hits} == {case}


def test_the_name_and_reference_of_the_case_count_as_found(
    store: Store, desk: Desk, make: Make, practitioner: Member
) -> None:
    other = store.cases.add(CaseDetails("EV-2002", "Sam"), practitioner.id, "test")
    mine, theirs = make("He missed the bus."), make("He missed the bus.", scope=other.id)
    loose = make("Jordan missed the bus.", scope=TEAM)
    assert found(desk, "jordan bus") == [loose.id, mine.id]
    assert found(desk, "ev-2002") == [theirs.id]
    (hit,) = desk.search("sam")
    assert isinstance(hit, Hit)
    assert hit.excerpts == ()


def test_nobody_finds_what_they_may_not_read(
    store: Store, desk: Desk, supervisors_desk: Desk, colleague: Member, make: Make, case: Case
) -> None:
    theirs = store.cases.add(CaseDetails("EV-2002", "Sam"), colleague.id, "test")
    notes = [
        make("bus"),
        make("bus", by=colleague.id),
        make("bus", scope=theirs.id),
        make("bus", scope=theirs.id, by=colleague.id),
        make("bus", scope=TEAM),
        make("bus", scope=TEAM, by=colleague.id),
    ]
    for each in (desk, supervisors_desk, Desk(store, colleague)):
        sight = Sight(store, each.person)
        visible = {note.id for note in notes if sight.may_read(note)}
        assert set(found(each, "bus")) == visible
    assert len(found(desk, "bus")) == 4
    assert case.practitioner_id == desk.person.id


@pytest.mark.parametrize(
    "role", ["young_person", "business_support", "data_protection", "administrator"]
)
def test_other_roles_have_no_search(store: Store, role: str, make: Make) -> None:
    make("bus")
    someone = Desk(store, store.people.add(Member("", role, "sam", "Sam", None), "test"))
    before = len(list(store.audit.events()))
    with pytest.raises(UnknownError):
        someone.search("bus")
    assert len(list(store.audit.events())) == before


def test_a_search_is_one_event_without_its_words(store: Store, desk: Desk, make: Make) -> None:
    make("The bus.")
    make("The bus.")
    before = len(list(store.audit.events()))
    assert len(found(desk, "bus")) == 2
    (event,) = list(store.audit.events())[before:]
    assert (event.actor, event.action) == (desk.person.id, "notes searched")
    assert (event.object, event.detail) == (desk.person.id, None)


def test_a_search_is_in_the_log_before_its_first_hit_is_looked_at(store: Store, desk: Desk) -> None:
    desk.search("bus")
    assert [each.action for each in store.audit.events()][-1] == "notes searched"


def test_a_search_for_nothing_is_refused_and_leaves_no_trace(store: Store, desk: Desk) -> None:
    before = len(list(store.audit.events()))
    with pytest.raises(StateError):
        desk.search("  ")
    assert len(list(store.audit.events())) == before


def test_a_note_that_is_damaged_is_named_and_hides_no_other(
    store: Store, desk: Desk, make: Make
) -> None:
    old, bad, new = make("bus"), make("bus"), make("bus")
    mine = note_versions.c.note_id == bad.id
    with store.database.write() as connection:
        connection.execute(update(note_versions).where(mine).values(sealed=bytes(300)))
    seen = list(desk.search("bus"))
    assert [each.note.id if isinstance(each, Hit) else each for each in seen] == [
        new.id,
        Damaged(bad.id),
        old.id,
    ]


def test_a_note_that_opens_and_is_no_note_is_damaged(
    store: Store, desk: Desk, case: Case, practitioner: Member
) -> None:
    new = Note("", case.id, case.id, practitioner.id, "case_note", "draft", 0, 0, 0)
    with store.database.write() as connection:
        bad = [store.notes.create(connection, new, p, None) for p in (b'{"a": "bus"}', b"\xff")]
    assert set(desk.search("bus")) == {Damaged(each) for each in bad}


def _damage(store: Store, case: Case) -> None:
    with store.database.write() as connection:
        connection.execute(update(cases).where(cases.c.id == case.id).values(sealed=bytes(300)))


def test_a_case_whose_row_is_damaged_is_named_once_and_its_notes_are_searched(
    store: Store, desk: Desk, supervisors_desk: Desk, make: Make, case: Case
) -> None:
    notes = [make("the bus"), make("a bus"), make("a train")]
    _damage(store, case)
    for each in (desk, supervisors_desk):
        seen = list(each.search("bus"))
        assert [one for one in seen if isinstance(one, Damaged)] == [Damaged(case.id)]
        hits = [one for one in seen if isinstance(one, Hit)]
        assert [(hit.note.id, hit.case) for hit in hits] == [
            (notes[1].id, None),
            (notes[0].id, None),
        ]


def test_a_colleagues_damaged_case_is_named_when_one_of_its_notes_is_met(
    store: Store, desk: Desk, make: Make, colleague: Member
) -> None:
    theirs = store.cases.add(CaseDetails("EV-2002", "Sam"), colleague.id, "test")
    note = make("the bus", scope=theirs.id)
    _damage(store, theirs)
    seen = list(desk.search("bus"))
    assert seen[0] == Damaged(theirs.id)
    assert [one.note.id for one in seen if isinstance(one, Hit)] == [note.id]


def test_an_erased_case_is_not_found(store: Store, desk: Desk, make: Make, case: Case) -> None:
    make("bus")
    store.erasing.case(case.id, "test")
    assert list(Desk(store, desk.person).search("bus")) == []
    # Nor by somebody whose caseload was read before.
    assert list(desk.search("bus")) == []
