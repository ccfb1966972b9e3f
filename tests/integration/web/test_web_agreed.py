"""What a young person agreed to: what they see of it, one tap to stop it, and who is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from recorder.review.agreed import PARENT
from recorder.review.desk import Desk
from recorder.review.saying import KEEP_BACK, saying_of
from recorder.review.summary import key_of
from store.agreements import GIVEN, SEEN, TAKEN_BACK, Said
from store.cases import Case, CaseDetails
from store.derived import COPY, New
from store.notes import Note
from store.original import CopyDetails
from store.people import Member
from store.records import (
    DRAFTED,
    PROBED,
    QUARANTINED,
    RECEIVED,
    WITHDRAWN,
    Arrival,
    Recording,
)
from store.store import Store
from tests.sharing import show_them

Form = Callable[..., dict[str, str]]
Agree = Callable[..., Recording]
STOP = "Stop using it"
PAGE = "/summary/agreed"


@pytest.fixture
def agree(store: Store, arrival: Arrival) -> Agree:
    """Makes a recording that somebody agreed to."""

    def made(who: str, how: str = "They said so, in person", *, of: Arrival = arrival) -> Recording:
        sealed = store.recordings.seal(of.scope, [f"{who} {how}".encode()])
        recording, _ = store.recordings.register(sealed, of)
        store.agreements.ask(recording, "test")
        said = Said(who, how, "5/11/2026, at Tyrell’s house")
        store.agreements.give(store.recordings.get(recording.id), said, "test")
        return store.recordings.get(recording.id)

    return made


@pytest.fixture
def picture(
    store: Store, arrival: Arrival, practitioner: Member, shared: Note, drawing: bytes
) -> Recording:
    """One that they were shown, to which nobody wrote down an agreement."""
    of = replace(arrival, kind="picture", media_type="jpeg")
    made, _ = store.recordings.register(store.recordings.seal(of.scope, [drawing]), of)
    sealed = store.recordings.seal(of.scope, [drawing])
    new = New(COPY, 1, sealed, CopyDetails.of(sealed, "image/jpeg", 40, 30))
    store.makings.keep(made, [new])
    with store.database.write() as connection:
        store.recordings.advance(connection, made, DRAFTED, note_id=shared.id)
    keys = ["s1", key_of(made.id)]
    show_them(store, Desk(store, practitioner), shared.id, shared.number, keys)
    return store.recordings.get(made.id)


def stop(browser: TestClient, form: Form, recording: Recording) -> int:
    return browser.post(f"{PAGE}/{recording.id}/back", data=form(browser)).status_code


def test_a_tap_stops_it_at_once_and_the_practitioner_is_told(
    store: Store, jordan: TestClient, amara: TestClient, ruth: TestClient, agree: Agree, form: Form
) -> None:
    recording = agree("jordan ")
    assert STOP in jordan.get(PAGE).text
    assert stop(jordan, form, recording) == 303
    stopped = store.recordings.get(recording.id)
    assert (stopped.state, stopped.reason) == (QUARANTINED, WITHDRAWN)
    page = jordan.get(PAGE).text
    assert "Nobody hears or sees it" in page
    assert STOP not in page
    where = f"/recordings/{recording.id}/agreement"
    for staff in (amara, ruth):
        assert staff.get(f"/recordings/{recording.id}/media").status_code == 403
        told = staff.get("/work").text.partition("have taken back")[2].partition("</section>")[0]
        assert f'href="{where}"' in told
        assert "Jordan" in told
    assert "Taken back</strong> by Jordan: On their own page" in amara.get(where).text
    assert amara.post(f"{where}/seen", data=form(amara)).headers["location"] == "/work"
    assert "have taken back" not in ruth.get("/work").text
    assert "Seen</strong> by Amara Cole" in ruth.get(where).text
    assert ruth.post(f"{where}/seen", data=form(ruth)).status_code == 409


def test_tapped_twice_it_is_taken_back_once(
    store: Store, jordan: TestClient, agree: Agree, form: Form
) -> None:
    recording = agree("Jordan")
    assert [stop(jordan, form, recording) for _ in range(2)] == [303, 303]
    kinds = [each.kind for each in store.agreements.of(recording.id)]
    assert kinds == [GIVEN, TAKEN_BACK]


def test_a_yes_again_is_written_down_by_the_worker_and_can_be_taken_back_again(
    store: Store, jordan: TestClient, amara: TestClient, agree: Agree, form: Form
) -> None:
    recording = agree("Jordan")
    stop(jordan, form, recording)
    where = f"/recordings/{recording.id}/agreement"
    amara.post(f"{where}/seen", data=form(amara))
    again = form(amara, **{"text-who": "Jordan", "how": "in_person", "text-when": "today"})
    assert amara.post(where, data=again).status_code == 303
    assert store.agreements.stands(recording.id)
    assert STOP in jordan.get(PAGE).text
    stop(jordan, form, recording)
    assert "have taken back" in amara.get("/work").text


def test_of_what_others_agreed_to_they_are_not_told(
    store: Store,
    jordan: TestClient,
    arrival: Arrival,
    practitioner: Member,
    agree: Agree,
    form: Form,
) -> None:
    other = store.cases.add(CaseDetails("EV-1002", "Jordan"), practitioner.id, "test")
    elsewhere = replace(arrival, scope=other.id, case_id=other.id)
    mum = agree("Mum")
    hidden = [mum, agree("Jordan’s Mum"), agree("Nan", PARENT), agree("Jordan", of=elsewhere)]
    jordan.post("/summary/name", data=form(jordan, **{"text-name": "Mum"}))
    before = jordan.get(PAGE).text
    assert STOP not in before
    assert [stop(jordan, form, each) for each in hidden] == [404] * 4
    assert stop(jordan, form, replace(mum, id="x")) == 404
    assert {store.recordings.get(each.id).reason for each in hidden} == {None}


def test_what_a_parent_agreed_to_is_theirs_once_they_were_shown_its_note(
    store: Store, jordan: TestClient, shared: Note, voice: Recording, agree: Agree
) -> None:
    recording = agree("Nan", PARENT)
    assert STOP not in jordan.get(PAGE).text
    with store.database.write() as connection:
        store.recordings.advance(connection, recording, DRAFTED, note_id=shared.id)
    page = jordan.get(PAGE).text
    assert "Your parent or carer said yes for you." in page
    assert f"{PAGE}/{recording.id}/back" in page
    assert voice.id not in page  # the worker's own voice note
    assert "Nan" not in page


def test_what_stands_in_the_record_of_it_is_on_no_page_of_theirs(
    jordan: TestClient, agree: Agree, practitioner: Member
) -> None:
    agree("Jordan")
    page = jordan.get(PAGE).text
    assert "You said yes." in page
    for word in ("Tyrell", "5/11/2026", "in person", practitioner.name, "note.wav"):
        assert word not in page


def test_a_picture_that_they_were_shown_is_theirs_to_stop(
    jordan: TestClient, shared: Note, picture: Recording, form: Form
) -> None:
    assert "Nobody wrote down that you said yes." in jordan.get(PAGE).text
    shown = f"/summary/{shared.id}/pictures/{picture.id}"
    assert jordan.get(shown).status_code == 200
    assert stop(jordan, form, picture) == 303
    assert jordan.get(shown).status_code == 404
    assert "pictures/" not in jordan.get(f"/summary/{shared.id}").text
    assert "Taken back on" in jordan.get(PAGE).text


def test_work_that_goes_on_in_that_moment_does_not_get_in_its_way(
    store: Store, young_person: Member, agree: Agree, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording, read, left = agree("Jordan"), store.recordings.get, [2]

    def moves_on(recording_id: str) -> Recording:
        """As read, and then a stage of the work ends."""
        found = read(recording_id)
        if left[0]:
            left[0] -= 1
            with store.database.write() as connection:
                state = RECEIVED if found.state == PROBED else PROBED
                store.recordings.advance(connection, found, state)
        return found

    monkeypatch.setattr(store.recordings, "get", moves_on)
    Desk(store, young_person).their_agreements.take_back(recording.id)
    assert (read(recording.id).reason, left) == (WITHDRAWN, [0])


def test_if_it_goes_on_and_on_they_are_told_to_tap_again(
    store: Store, jordan: TestClient, agree: Agree, form: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = agree("Jordan")
    stale = store.recordings.get(recording.id)
    with store.database.write() as connection:
        store.recordings.advance(connection, stale, RECEIVED)
    monkeypatch.setattr(store.recordings, "get", lambda _: stale)
    answer = jordan.post(f"{PAGE}/{recording.id}/back", data=form(jordan))
    assert answer.status_code == 409
    assert "That did not work just now. Tap again" in answer.text


def test_one_tap_asks_that_a_summary_is_not_shared_and_it_waits_for_an_answer(
    store: Store, jordan: TestClient, amara: TestClient, shared: Note, form: Form
) -> None:
    page = jordan.get(PAGE).text
    assert 'value="keep_back"' in page
    assert "sent on to others" not in page
    asked = form(jordan, about="", kind="keep_back", instead="")
    answer = jordan.post(f"/summary/{shared.id}/reply", data=asked)
    (kept,) = store.notes.replies(shared.id)
    assert saying_of(kept).kind == KEEP_BACK
    page = jordan.get(PAGE).text
    assert answer.headers["location"] in page
    assert 'value="keep_back"' not in page
    assert "Young people have written back" in amara.get("/work").text


def test_what_was_sent_on_and_what_stays_is_said_plainly(
    store: Store, jordan: TestClient, shared: Note
) -> None:
    store.notes.exported(shared.id, 1, "test")
    page = jordan.get(PAGE).text
    assert "It was sent on to others. That cannot be undone." in page
    assert "They have to keep that, even if you say no." in page


def test_whoever_opened_a_case_in_an_emergency_is_not_told_and_does_not_answer_for_it(
    store: Store, case: Case, jordan: TestClient, ben: TestClient, agree: Agree, form: Form
) -> None:
    recording = agree("Jordan")
    stop(jordan, form, recording)
    where = f"/recordings/{recording.id}/agreement/seen"
    assert ben.post(where, data=form(ben)).status_code == 404
    opened = next(each.id for each in store.people.all("practitioner") if each.handle == "ben")
    store.emergencies.open(case.id, opened, "missing tonight", 3_600_000)
    assert "have taken back" not in ben.get("/work").text
    assert ben.post(where, data=form(ben)).status_code == 403
    assert SEEN not in {each.kind for each in store.agreements.of(recording.id)}
