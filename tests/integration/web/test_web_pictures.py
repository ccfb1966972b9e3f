"""What is said of a picture: by people, in versions, shown where the picture is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from recorder.codec import decode_draft
from recorder.errors import NotAllowedError
from recorder.export.gather import caption
from recorder.review.desk import Desk
from recorder.review.finding import Hit
from recorder.review.summary import key_of
from store.agreements import Said
from store.derived import COPY, STRAIGHTENED, THUMBNAIL, New
from store.notes import Note
from store.original import CopyDetails
from store.people import Member
from store.records import DRAFTED, Arrival, Recording
from store.store import Store
from tests.sharing import show_them
from transcribe.model import Described, Draft, Origin

Form = Callable[..., dict[str, str]]
SAYS = {
    "text-title": " Our  flat ",
    "text-caption": "It is <b>loud</b> & warm.",
    "text-drawn": "Jordan",
    "shown": STRAIGHTENED,
}


@pytest.fixture
def picture(store: Store, note: Note, arrival: Arrival) -> Recording:
    """A picture in the note, with all that is made of one."""
    shot = replace(arrival, kind="picture", media_type="jpeg")
    found, _ = store.recordings.register(store.recordings.seal(shot.scope, [b"an original"]), shot)
    with store.database.write() as connection:
        store.recordings.advance(connection, found, DRAFTED, note_id=note.id)
    found, new = store.recordings.get(found.id), []
    for kind in (COPY, THUMBNAIL, STRAIGHTENED):
        sealed = store.recordings.seal(found.scope, [kind.encode()])
        words = "my safe plce" if kind == COPY else ""
        details = CopyDetails.of(sealed, "image/jpeg", 40, 30, words)
        new.append(New(kind, 1, sealed, details))
    store.makings.keep(found, new)
    return found


def newest(store: Store, note: Note) -> Draft:
    number = store.notes.get(note.id).number
    return decode_draft(store.notes.version(note.id, number).payload)


def test_what_is_said_of_a_picture_is_a_new_version_and_stands_beside_it(
    amara: TestClient, store: Store, note: Note, picture: Recording, form: Form
) -> None:
    where = f"/notes/{note.id}/pictures/{picture.id}"
    assert where in amara.get(f"/notes/{note.id}").text
    page = amara.get(where)
    assert page.status_code == 200
    assert f'src="/recordings/{picture.id}/straightened"' in page.text
    answer = amara.post(where, data=form(amara, number="1") | SAYS)
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"/notes/{note.id}#picture-{picture.id}",
    )
    said = newest(store, note).described(picture.id)
    assert said == Described(
        picture.id, "Our flat", "It is <b>loud</b> & warm.", "Jordan", straightened=True
    )
    assert store.notes.version(note.id, 1).payload != store.notes.version(note.id, 2).payload
    shown = amara.get(f"/notes/{note.id}").text
    assert "It is &lt;b&gt;loud&lt;/b&gt; &amp; warm." in shown
    assert f'src="/recordings/{picture.id}/straightened"' in shown
    assert amara.get(f"/recordings/{picture.id}/straightened").content == b"straightened"
    # Said once more it changes nothing; and the plain one is back at a click.
    amara.post(where, data=form(amara, number="2") | SAYS)
    assert store.notes.get(note.id).number == 2
    amara.post(where, data=form(amara, number="2") | SAYS | {"shown": "picture"})
    assert not newest(store, note).described(picture.id).straightened
    empty = dict.fromkeys(SAYS, "")
    amara.post(where, data=form(amara, number="3") | empty)
    assert newest(store, note).pictures == ()


def test_it_is_found_by_its_words(
    store: Store, note: Note, picture: Recording, practitioner: Member
) -> None:
    desk = Desk(store, practitioner)
    assert list(desk.search("flat warm")) == []
    desk.describe(note.id, 1, Described(picture.id, "Our flat", "It is warm."))
    (hit,) = desk.search("flat warm")
    assert isinstance(hit, Hit)
    assert [each.heading for each in hit.excerpts] == ["Picture", "Picture"]


def test_what_is_too_long_is_said_and_stays_typed(
    amara: TestClient, store: Store, note: Note, picture: Recording, form: Form
) -> None:
    where = f"/notes/{note.id}/pictures/{picture.id}"
    for field in ("text-title", "text-caption", "text-drawn"):
        long = SAYS | {field: "long " * 300}
        answer = amara.post(where, data=form(amara, number="1") | long)
        assert answer.status_code == 422
        assert "That is too long" in answer.text
        assert "long long" in answer.text
    late = amara.post(where, data=form(amara, number="7") | SAYS)
    assert late.status_code == 404
    assert "It is &lt;b&gt;loud&lt;/b&gt; &amp; warm." in late.text
    assert store.notes.get(note.id).number == 1


def test_words_read_by_a_machine_enter_a_note_only_as_somebodys_own(
    amara: TestClient,
    store: Store,
    note: Note,
    picture: Recording,
    form: Form,
    practitioner: Member,
) -> None:
    where = f"/notes/{note.id}/pictures/{picture.id}"
    assert "my safe plce" in amara.get(where).text
    assert "my safe plce" not in amara.get(f"/notes/{note.id}").text
    assert "my safe plce" not in str(newest(store, note))
    sent = form(amara, number="1") | {"section": "strength", "text-words": "My safe place."}
    assert amara.post(f"{where}/words", data=sent).status_code == 303
    (added,) = [s for s in newest(store, note).statements if s.text == "My safe place."]
    assert (added.origin, added.section, added.speaker) == (
        *(Origin.PRACTITIONER, "strength"),
        practitioner.name,
    )
    assert [(s.recording, s.typed_by) for s in added.sources] == [(picture.id, practitioner.id)]
    shown = amara.get(f"/notes/{note.id}").text
    assert "Read on a picture by the practitioner" in shown
    empty = form(amara, number="2") | {"section": "strength", "text-words": " "}
    assert amara.post(f"{where}/words", data=empty).status_code == 422
    other = form(amara, number="2") | {"section": "nowhere", "text-words": "x"}
    assert amara.post(f"{where}/words", data=other).status_code == 404


@pytest.fixture
def others(ben: TestClient, jordan: TestClient) -> tuple[TestClient, TestClient]:
    """The browsers of a practitioner with no part in the case, and of the young person."""
    return ben, jordan


def test_nobody_else_says_anything_of_it(
    others: tuple[TestClient, ...], store: Store, note: Note, picture: Recording, form: Form
) -> None:
    where = f"/notes/{note.id}/pictures/{picture.id}"
    for browser in others:
        assert browser.get(where).status_code == 404
        assert browser.post(where, data=form(browser, number="1") | SAYS).status_code == 404
        assert browser.post(f"{where}/words", data=form(browser, number="1")).status_code == 404
    assert store.notes.get(note.id).number == 1


def test_nothing_is_said_of_what_is_no_picture_of_the_note(
    amara: TestClient, store: Store, note: Note, voice: Recording, form: Form
) -> None:
    for other in (voice.id, "0" * 32):
        elsewhere = f"/notes/{note.id}/pictures/{other}"
        assert amara.get(elsewhere).status_code == 404
        assert amara.post(elsewhere, data=form(amara, number="1") | SAYS).status_code == 404
    assert store.notes.get(note.id).number == 1


def test_an_approved_version_says_what_it_said(
    store: Store, note: Note, picture: Recording, practitioner: Member, supervisor: Member
) -> None:
    """What is said of a picture is part of what was approved: changed, it is another version."""
    desk = Desk(store, practitioner)
    number = desk.describe(note.id, 1, Described(picture.id, title="Our flat"))
    desk.submit(note.id, number)
    Desk(store, supervisor).approve(note.id, number)
    after = desk.describe(note.id, number, Described(picture.id, title="Another"))
    assert after == number + 1
    assert store.notes.get(note.id).state == "draft"


@pytest.fixture
def approved(
    store: Store, note: Note, picture: Recording, practitioner: Member, supervisor: Member
) -> Note:
    """The note with a picture of which something is said, approved."""
    desk = Desk(store, practitioner)
    said = Described(picture.id, "Our flat", "It is warm.", "Jordan", straightened=True)
    desk.submit(note.id, desk.describe(note.id, 1, said))
    Desk(store, supervisor).approve(note.id, 2)
    return store.notes.get(note.id)


def test_a_young_person_sees_a_picture_that_was_chosen_for_them_and_no_other(
    jordan: TestClient, store: Store, approved: Note, picture: Recording, practitioner: Member
) -> None:
    shown, desk = f"/summary/{approved.id}/pictures/{picture.id}", Desk(store, practitioner)
    show_them(store, desk, approved.id, 2, ["s1"])
    assert jordan.get(shown).status_code == 404
    assert picture.id not in jordan.get(f"/summary/{approved.id}").text
    show_them(store, desk, approved.id, 2, [key_of(picture.id)])
    page = jordan.get(f"/summary/{approved.id}").text
    for words in ("Our flat", "“It is warm.”", "Drawn by Jordan", f'src="{shown}"'):
        assert words in page
    assert jordan.get(shown).content == b"straightened"
    assert jordan.get(f"/recordings/{picture.id}/picture").status_code == 404
    assert jordan.get(f"/summary/{approved.id}/pictures/{'0' * 32}").status_code == 404
    store.agreements.take_back(store.recordings.get(picture.id), Said("J", "no", "now"), "test")
    assert jordan.get(shown).status_code == 404
    assert picture.id not in jordan.get("/summary").text


def test_a_picture_is_shared_by_a_tick_and_seen_there_by_nobody_on_the_staff(
    amara: TestClient, approved: Note, picture: Recording, form: Form
) -> None:
    where = f"/notes/{approved.id}/share"
    assert key_of(picture.id) in amara.get(where).text
    assert " checked" not in amara.get(where).text
    sent = form(amara, number="2") | {"line": key_of(picture.id)}
    assert amara.post(where, data=sent).status_code == 303
    assert " checked" in amara.get(where).text
    assert amara.get(f"/summary/{approved.id}/pictures/{picture.id}").status_code == 404


def test_a_picture_under_which_somebody_else_is_named_is_not_offered(
    store: Store, note: Note, picture: Recording, practitioner: Member, supervisor: Member
) -> None:
    desk = Desk(store, practitioner)
    desk.submit(note.id, desk.describe(note.id, 1, Described(picture.id, caption="Me and Tyrell")))
    Desk(store, supervisor).approve(note.id, 2)
    made = desk.preparing.offered(note.id)
    assert made.pictures == ()
    assert [each.recording for each in made.pictures_held_back] == [picture.id]
    with pytest.raises(NotAllowedError):
        show_them(store, desk, note.id, 2, [key_of(picture.id)])


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (Described("r"), ""),
        (Described("r", "Our flat"), "Our flat."),
        (Described("r", "Why?", drawn_by="Jo"), "Why? Drawn by Jo."),
        (Described("r", caption="it is loud"), "In their own words: “it is loud”."),
    ],
)
def test_a_caption_in_an_export_says_whose_words_it_holds(said: Described, expected: str) -> None:
    assert caption(said) == expected


def test_what_somebody_else_said_of_it_meanwhile_is_not_undone_by_pressing_again(
    amara: TestClient, ruth: TestClient, note: Note, picture: Recording, form: Form
) -> None:
    where = f"/notes/{note.id}/pictures/{picture.id}"
    theirs = {"text-title": "Home", "text-caption": "It is <loud>.", "shown": "picture"}
    assert ruth.post(where, data=form(ruth, number="1") | theirs).status_code == 303
    mine = {"text-title": "Our <flat>", "text-drawn": "Jordan", "shown": "picture"}
    answer = amara.post(where, data=form(amara, number="1") | mine)
    assert answer.status_code == 422
    for words in ("Our &lt;flat&gt;", "It now says: Home", "It is &lt;loud&gt;.", "Jordan"):
        assert words in answer.text, words
