"""What a young person keeps, and what becomes of it when what it came from is taken away."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest

from recorder.errors import StateError, UnknownError
from recorder.review import keeping, preparing
from recorder.review.desk import Desk
from recorder.review.preparing import Choice
from recorder.review.saying import ADD, RIGHT, Saying, encode_whole
from store.agreements import Said
from store.cases import CaseDetails
from store.derived import COPY, New
from store.keepsakes import PICTURE, SUCCESS, WORDS
from store.notes import Note
from store.original import CopyDetails
from store.people import Member
from store.records import DRAFTED, Arrival, Recording
from store.store import Store
from tests.sharing import show_them
from transcribe.model import Draft, Origin, Statement

QUOTE, NAMED, STRENGTH = "s2", "s6", "s7"
JPEG = b"a picture"
Kept = Callable[[], list[str]]


@pytest.fixture
def draft(draft: Draft) -> Draft:
    def said(key: str, section: str, text: str) -> Statement:
        return replace(draft.statements[0], id=key, section=section, text=text)

    more = (
        said(NAMED, "young_person_words", "He said he likes it at Riverside."),
        said(STRENGTH, "strength", "Jordan went to college each day."),
    )
    own = (replace(each, origin=Origin.PRACTITIONER) for each in (*draft.statements, *more))
    return replace(draft, statements=tuple(own))


@pytest.fixture
def picture(store: Store, arrival: Arrival, note: Note) -> Recording:
    """A picture that belongs to the note."""
    sealed = store.recordings.seal(arrival.scope, [JPEG])
    made, _ = store.recordings.register(sealed, replace(arrival, kind="picture", media_type="jpeg"))
    with store.database.write() as connection:
        store.recordings.advance(connection, made, DRAFTED, note_id=note.id)
    copy = store.recordings.seal(made.scope, [JPEG])
    details = CopyDetails.of(copy, "image/jpeg", 40, 30)
    store.makings.keep(store.recordings.get(made.id), [New(COPY, 1, copy, details)])
    return store.recordings.get(made.id)


@pytest.fixture
def shared(
    store: Store, desk: Desk, supervisors_desk: Desk, note: Note, picture: Recording
) -> Note:
    """The note, approved, and all of this shown."""
    desk.submit(note.id, 1)
    supervisors_desk.approve(note.id, 1)
    keys = ["s1", QUOTE, NAMED, STRENGTH, f"picture {picture.id}"]
    show_them(store, desk, note.id, 1, keys)
    return store.notes.get(note.id)


@pytest.fixture
def things(young_desk: Desk, shared: Note, picture: Recording) -> Kept:
    """Keeps a quote, one with a name, a success and a picture; says which of them are shown."""
    room = young_desk.keeping
    for each in (QUOTE, NAMED, STRENGTH):
        room.line(shared.id, each)
    room.shared_picture(shared.id, picture.id)
    return lambda: [each.kind if each.recording else each.words for each in room.all()][::-1]


ALL = [
    "He said no and walked away.",
    "He said he likes it at Riverside.",
    "You went to college each day.",
    PICTURE,
]


def test_they_keep_what_they_choose_once_and_take_it_out(
    young_desk: Desk, shared: Note, things: Kept, picture: Recording
) -> None:
    room = young_desk.keeping
    assert things() == ALL
    assert [each.kind for each in room.all()] == [PICTURE, SUCCESS, WORDS, WORDS]
    room.line(shared.id, QUOTE)
    assert len(room.all()) == len(ALL)
    assert room.kept(shared.id) == {*ALL[:3], picture.id}
    room.drop(room.all()[0].id)
    assert things() == ALL[:3]
    assert not room.hidden(room.all())


def test_nothing_is_kept_that_they_were_not_shown_or_that_is_no_keepsake(
    store: Store, young_desk: Desk, shared: Note, practitioner: Member, picture: Recording
) -> None:
    room = young_desk.keeping
    case = store.cases.add(CaseDetails("EV-2", "Sky"), practitioner.id, "test")
    sky = store.people.add(Member("", "young_person", "sky", "Sky", case.id), "test")
    other = Desk(store, sky).keeping
    attempts: tuple[Callable[[], None], ...] = (
        lambda: room.line(shared.id, "s1"),  # why they met
        lambda: room.line(shared.id, "s4"),  # for the team
        lambda: room.line("x", QUOTE),
        lambda: room.shared_picture(shared.id, "x"),
        lambda: room.said(shared.id, "x"),
        lambda: other.line(shared.id, QUOTE),
        lambda: other.shared_picture(shared.id, picture.id),
        lambda: other.said(shared.id, "x"),
    )
    for attempt in attempts:
        with pytest.raises(UnknownError):
            attempt()
    assert room.all() == []
    assert other.all() == []


def test_another_sees_takes_home_and_takes_out_nothing_of_it(
    store: Store, young_desk: Desk, things: Kept, practitioner: Member
) -> None:
    case = store.cases.add(CaseDetails("EV-2", "Sky"), practitioner.id, "test")
    sky = store.people.add(Member("", "young_person", "sky", "Sky", case.id), "test")
    other, ids = Desk(store, sky).keeping, [each.id for each in young_desk.keeping.all()]
    acts: tuple[Callable[[str], object], ...] = (other.file, other.picture, other.drop)
    for act in acts:
        for thing_id in ids:
            with pytest.raises(UnknownError):
                act(thing_id)
    with pytest.raises(UnknownError):
        other.everything()
    assert things() == ALL
    with pytest.raises(UnknownError):
        _ = Desk(store, practitioner).keeping


def test_it_is_taken_home_as_plain_files_that_tell_nothing_else(
    young_desk: Desk, things: Kept
) -> None:
    room = young_desk.keeping
    assert len(things()) == len(ALL)
    first = [room.file(each.id) for each in room.all()]
    assert [(each.ending, each.mime, each.content.decode()) for each in first] == [
        ("jpg", "image/jpeg", JPEG.decode()),
        *(("txt", "text/plain", words) for words in (ALL[2], ALL[1], ALL[0])),
    ]
    archive = zipfile.ZipFile(io.BytesIO(room.everything()))
    assert archive.namelist() == ["1.jpg", "2.txt", "3.txt", "4.txt"]
    assert archive.comment == b""
    told = {(e.date_time, e.extra, e.comment) for e in archive.infolist()}
    assert told == {((1980, 1, 1, 0, 0, 0), b"", b"")}
    assert archive.read("4.txt").decode() == ALL[0]


def test_there_is_an_end_to_it(
    young_desk: Desk, things: Kept, shared: Note, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MOST", len(things()))
    own = young_desk.their_say.say(shared.id, Saying(ADD, "And more."))
    with pytest.raises(StateError, match="take one out first"):
        young_desk.keeping.said(shared.id, own)
    young_desk.keeping.line(shared.id, QUOTE)  # it is kept already


# --- what they said themselves ---


def test_their_own_words_stay_whatever_happens_to_the_note_until_they_take_them_back(
    desk: Desk, young_desk: Desk, shared: Note
) -> None:
    room, said = young_desk.keeping, "Tyrell is my mate."
    own = young_desk.their_say.say(shared.id, Saying(ADD, said))
    room.said(shared.id, own)
    desk.preparing.stop(shared.id, 1)
    assert [(each.words, each.own) for each in room.all()] == [(said, True)]
    desk.save(shared.id, 1, {"s1": "We met."})
    (thing,) = room.all()
    assert room.file(thing.id).content.decode() == said


def test_what_they_took_back_is_in_no_list(young_desk: Desk, shared: Note) -> None:
    room = young_desk.keeping
    own = young_desk.their_say.say(shared.id, Saying(ADD, "Nah."))
    room.said(shared.id, own)
    young_desk.their_say.take_back(shared.id, own)
    assert room.all() == []
    assert room.hidden([])


def test_there_is_nothing_to_keep_of_a_word_that_was_not_said(
    young_desk: Desk, shared: Note
) -> None:
    own = young_desk.their_say.say(shared.id, Saying(RIGHT))
    with pytest.raises(UnknownError):
        young_desk.keeping.said(shared.id, own)


def test_their_own_drawing_stays_where_a_picture_that_was_shared_goes(
    store: Store, desk: Desk, young_desk: Desk, shared: Note, things: Kept, picture: Recording
) -> None:
    assert PICTURE in things()
    desk.preparing.stop(shared.id, 1)
    assert PICTURE not in things()
    drawn = encode_whole(Saying(ADD, picture=picture.id))
    store.notes.reply(shared, 1, young_desk.person.id, drawn)
    assert PICTURE in things()


# --- what somebody shared ---


def test_what_is_taken_away_stays_only_if_it_names_nobody(
    desk: Desk, things: Kept, shared: Note, young_desk: Desk
) -> None:
    desk.preparing.stop(shared.id, 1)
    assert things() == [ALL[0], ALL[2]]
    assert young_desk.keeping.hidden(young_desk.keeping.all())


def test_a_name_that_only_the_model_knew_is_one_still(
    desk: Desk,
    supervisors_desk: Desk,
    young_desk: Desk,
    note: Note,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(preparing, "recognised", lambda _: ["walked away"])
    desk.submit(note.id, 1)
    supervisors_desk.approve(note.id, 1)
    choice = Choice({QUOTE: ALL[0]}, {QUOTE: {"walked away"}})
    desk.preparing.prepare(note.id, 1, choice)
    waits = supervisors_desk.preparing.release_page(note.id).entry.id
    supervisors_desk.preparing.release(note.id, 1, waits)
    young_desk.keeping.line(note.id, QUOTE)
    assert [each.words for each in young_desk.keeping.all()] == [ALL[0]]
    desk.preparing.stop(note.id, 1)
    assert young_desk.keeping.all() == []


def test_a_newer_version_takes_names_alone_until_it_is_let_go(
    store: Store, desk: Desk, supervisors_desk: Desk, things: Kept, shared: Note
) -> None:
    desk.save(shared.id, 1, {"s1": "We met."})
    assert things() == [ALL[0], ALL[2], PICTURE]
    desk.submit(shared.id, 2)
    supervisors_desk.approve(shared.id, 2)
    show_them(store, desk, shared.id, 2, [NAMED])  # without the picture, this time
    assert things() == ALL[:3]


def test_what_could_put_someone_at_risk_goes_at_once(
    desk: Desk, things: Kept, shared: Note
) -> None:
    desk.preparing.mark(shared.id, [STRENGTH])
    assert things() == [*ALL[:2], PICTURE]
    desk.preparing.stop(shared.id, 1)
    desk.preparing.mark(shared.id, [])
    assert things() == [ALL[0], ALL[2]]


def test_who_is_known_only_now_is_not_named_by_what_was_taken_away(
    store: Store, desk: Desk, things: Kept, shared: Note, practitioner: Member
) -> None:
    desk.preparing.stop(shared.id, 1)
    assert things() == [ALL[0], ALL[2]]
    store.cases.add(CaseDetails("EV-3", "College"), practitioner.id, "test")
    assert things() == [ALL[0]]


def test_a_picture_goes_when_the_agreement_to_it_is_taken_back(
    store: Store, things: Kept, picture: Recording
) -> None:
    store.agreements.take_back(picture, Said("Nan", "in person", "today"), "test")
    assert things() == ALL[:3]


def test_so_does_one_that_is_erased(store: Store, things: Kept, picture: Recording) -> None:
    store.erasing.recording(picture.id, "test")
    assert things() == ALL[:3]
