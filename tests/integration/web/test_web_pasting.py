"""Pasting into Mosaic: the person is made sure of first, then each value, then the receipt."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from recorder.export.body import body
from recorder.export.gather import due
from recorder.export.passing import way
from recorder.review.saying import ADD, Saying, encode_saying
from store.cases import Case
from store.notes import Note
from store.outward import APPENDED, BEGUN, LEFT, LET_BE, RECEIVED, Passing
from store.people import Member
from store.store import Store

Form = Callable[..., dict[str, str]]
Paste = Callable[..., str]
LOOKED = {"same": "yes", "beside": "address"}


@pytest.fixture
def bea(enter: Callable[[Member], TestClient], store: Store) -> TestClient:
    """Business support."""
    new = Member("", "business_support", "bea", "Bea Lund", None)
    return enter(store.people.add(new, "test"))


@pytest.fixture
def sure(shared: Note, form: Form, store: Store) -> Paste:
    """Has somebody make sure of the person; the page they come to."""

    def done(browser: TestClient, **said: str) -> str:
        number = str(store.notes.get(shared.id).number)
        sent = form(browser, number=number) | (said or LOOKED)
        answer = browser.post(f"/mosaic/{shared.id}/sure", data=sent, follow_redirects=True)
        return answer.text

    return done


@pytest.fixture
def receipt(shared: Note, form: Form) -> Paste:
    """Has somebody type the receipt on the page as they see it; what they are told."""

    def done(browser: TestClient, there: str) -> str:
        page = browser.get(f"/mosaic/{shared.id}").text
        part = page.partition("/receipt")[2]
        (number,) = re.findall(r'name="number" value="(\d+)"', part)
        marks = re.findall(r'name="said" value="([^"]+)"', part)
        sent: dict[str, object] = {**form(browser, number=number), "text-there": there}
        answer = browser.post(
            f"/mosaic/{shared.id}/receipt", data=sent | {"said": marks}, follow_redirects=True
        )
        return answer.text

    return done


def kinds(store: Store, note: Note) -> list[str]:
    return [each.kind for each in store.passages.of(note.id)]


def shown(page: str) -> dict[str, str]:
    """The values of the fields on a page."""
    fields = re.findall(r'<input[^>]* id="copy-(\w+)" readonly value="([^"]*)"', page)
    texts = re.findall(r'<textarea[^>]* id="copy-(\w+)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    return {name: html.unescape(value) for name, value in (*fields, *texts)}


@pytest.mark.parametrize("who", ["bea", "ruth"])
def test_no_value_is_shown_before_the_person_is_made_sure_of(
    request: pytest.FixtureRequest, shared: Note, sure: Paste, store: Store, who: str
) -> None:
    browser = request.getfixturevalue(who)
    before = browser.get(f"/mosaic/{shared.id}").text
    assert (shown(before), "900001" in before, "Jordan" in before) == ({}, True, True)
    assert "Is it the right person?" in before
    assert "note shown for Mosaic" not in [each.action for each in store.audit.events()]
    values = shown(sure(browser))
    leaving = due(store, "Europe/London", shared, way(store, shared.id))
    assert leaving is not None
    assert values == {
        "person_id": "900001",
        "note_type": leaving.note_type,
        "title": leaving.title,
        "effective_date": f"{leaving.contact_date:%d/%m/%Y}",
        "significant_event": "No",
        "created_by": leaving.worker_username,
        "note": body(leaving),
    }
    (begun,) = store.passages.of(shared.id)
    assert (begun.kind, begun.passing.made_sure_by) == (
        BEGUN,
        "name, Mosaic id and address, compared by eye",
    )
    assert store.people.get(begun.actor_id).handle == who
    events = [each.action for each in store.audit.events()]
    assert "note shown for Mosaic" in events


def test_lengths_are_told_beside_each_field(amara: TestClient, sure: Paste) -> None:
    page = sure(amara)
    title = shown(page)["title"]
    assert f"{len(title)} of 100 characters" in page
    assert "6 of 9 characters" in page


def test_without_looking_nothing_is_shown(
    amara: TestClient, sure: Paste, shared: Note, store: Store
) -> None:
    for said, words in (
        ({"beside": "address"}, "say that you looked"),
        ({"same": "yes"}, "say what else you compared"),
        ({"same": "yes", "beside": "the weather"}, "say what else you compared"),
    ):
        page = sure(amara, **said)
        assert (words in page.lower(), shown(page)) == (True, {})
    assert kinds(store, shared) == []


def test_a_date_of_birth_that_is_known_here_is_typed_and_has_to_be_theirs(
    amara: TestClient, sure: Paste, shared: Note, case: Case, store: Store
) -> None:
    store.cases.complete(case.id, "900001", "2010-02-03", "test")
    for wrong in ("4 2 2010", "", "last year"):
        page = sure(amara, same="yes", **{"text-born": wrong}, beside="address")
        assert shown(page) == {}, wrong
    assert "2010" not in amara.get(f"/mosaic/{shared.id}").text.replace("3 2 2010", "")
    assert shown(sure(amara, same="yes", **{"text-born": "03/02/2010"}))
    assert store.passages.of(shared.id)[-1].passing.made_sure_by.endswith("date of birth, typed")


def test_with_the_receipt_it_has_left_and_goes_no_second_time(
    bea: TestClient, sure: Paste, receipt: Paste, shared: Note, store: Store
) -> None:
    assert shared.id in bea.get("/mosaic").text
    sure(bea)
    assert "Keep the receipt" in bea.get(f"/mosaic/{shared.id}").text
    assert shared.id not in receipt(bea, " 4711 ")
    assert kinds(store, shared) == [BEGUN, LEFT, RECEIVED]
    assert store.passages.of(shared.id)[-1].passing.note_there == "4711"
    assert list(store.notes.exported_versions(shared.id)) == [1]
    again = bea.get(f"/mosaic/{shared.id}").text
    assert "nothing in it is new, so it does not go twice" in again
    assert "<strong>4711</strong>" in again
    assert shown(sure(bea)) == {}
    assert kinds(store, shared) == [BEGUN, LEFT, RECEIVED]


def test_a_receipt_is_digits(
    amara: TestClient, sure: Paste, receipt: Paste, shared: Note, store: Store
) -> None:
    sure(amara)
    for there in ("", "47a", "1234567890123", "0", "٤٧١١"):
        assert "digits alone" in receipt(amara, there), there
    assert kinds(store, shared) == [BEGUN]


def test_the_receipt_of_another_note_is_refused(
    amara: TestClient, sure: Paste, receipt: Paste, shared: Note, store: Store
) -> None:
    with store.database.write() as connection:
        copy = store.notes.create(connection, shared, b"{}", None)
    store.passages.add(store.notes.get(copy), 1, RECEIVED, Passing(1, "4711"), "test")
    sure(amara)
    assert "another note that went from here" in receipt(amara, "4711")
    assert kinds(store, shared) == [BEGUN]


def test_what_somebody_pastes_is_told_to_the_next_who_may_take_over(
    amara: TestClient, bea: TestClient, sure: Paste, shared: Note, form: Form
) -> None:
    sure(amara)
    page = bea.get(f"/mosaic/{shared.id}").text
    assert "Amara Cole has begun to paste this" in page
    assert (shown(page), "/receipt" in page) == ({}, False)
    direct = form(bea, number="1") | {"text-there": "4711"}
    assert bea.post(f"/mosaic/{shared.id}/receipt", data=direct).status_code == 409
    assert shown(sure(bea))
    assert shown(amara.get(f"/mosaic/{shared.id}").text) == {}


def test_what_was_not_pasted_waits_again(
    amara: TestClient, sure: Paste, shared: Note, form: Form, store: Store
) -> None:
    sure(amara)
    assert amara.post(f"/mosaic/{shared.id}/let-be", data=form(amara)).status_code == 303
    assert kinds(store, shared) == [BEGUN, LET_BE]
    assert "Is it the right person?" in amara.get(f"/mosaic/{shared.id}").text
    assert amara.post(f"/mosaic/{shared.id}/let-be", data=form(amara)).status_code == 409


def test_an_unapproved_note_and_one_without_a_mosaic_id_are_refused_in_words(
    amara: TestClient, bea: TestClient, note: Note, case: Case, store: Store, form: Form
) -> None:
    page = amara.get(f"/mosaic/{note.id}").text
    assert "This version is not approved, so it does not go to Mosaic: have it approved" in page
    sent = form(amara, number="1") | LOOKED
    assert amara.post(f"/mosaic/{note.id}/sure", data=sent).status_code == 409
    assert bea.get(f"/mosaic/{note.id}").status_code == 404
    assert store.passages.of(note.id) == []
    store.cases.complete(case.id, "", "", "test")
    with store.database.write() as connection:
        store.notes.decide(connection, note, ("approved", note.practitioner_id, b""), "approved")
    assert "so nobody can say on whose record it belongs" in amara.get(f"/mosaic/{note.id}").text
    assert amara.post(f"/mosaic/{note.id}/sure", data=sent).status_code == 409


def test_a_pack_is_receipted_afterwards_and_a_wrong_id_put_right(
    bea: TestClient, receipt: Paste, shared: Note, store: Store
) -> None:
    store.passages.add(shared, 0, LEFT, Passing(1, by="pack"), "test")
    page = bea.get("/mosaic").text
    assert page.index("Gone, without a receipt") < page.index(shared.id)
    assert shared.id not in receipt(bea, "4711")
    receipt(bea, "4712")
    receipt(bea, "4712")
    assert kinds(store, shared) == [LEFT, RECEIVED, RECEIVED]
    assert way(store, shared.id).there == "4712"
    assert store.passages.receipts()[shared.id].passing.note_there == "4711"


def test_what_they_say_since_is_pasted_as_an_appendment_to_the_same_note(
    amara: TestClient,
    sure: Paste,
    receipt: Paste,
    shared: Note,
    store: Store,
    young_person: Member,
) -> None:
    sure(amara)
    receipt(amara, "4711")
    words = encode_saying(Saying(ADD, "It was <my> idea."))
    store.notes.reply(shared, 1, young_person.id, words)
    assert shared.id in amara.get("/mosaic").text
    values = shown(sure(amara))
    assert list(values) == ["appends_to", "note"]
    assert values["appends_to"] == "4711"
    assert "It was <my> idea." in values["note"]
    assert "added it to" in receipt(amara, "4712")
    receipt(amara, "4711")
    kept = store.passages.of(shared.id)
    assert [each.kind for each in kept][3:] == [BEGUN, APPENDED, RECEIVED]
    assert kept[-2].passing.text == values["note"].replace("\r\n", "\n")
    assert shared.id not in amara.get("/mosaic").text


def test_what_they_say_while_it_is_pasted_is_not_lost(
    amara: TestClient, sure: Paste, shared: Note, store: Store, young_person: Member, form: Form
) -> None:
    sure(amara)
    store.notes.reply(shared, 1, young_person.id, encode_saying(Saying(ADD, "One more thing.")))
    sent = form(amara, number="1") | {"text-there": "4711"}  # of the page as it was
    amara.post(f"/mosaic/{shared.id}/receipt", data=sent)
    assert "One more thing." in shown(sure(amara))["note"]


def test_a_restricted_case_is_pasted_by_its_own_people_alone(
    amara: TestClient, bea: TestClient, shared: Note, case: Case, store: Store
) -> None:
    assert bea.get(f"/mosaic/{shared.id}").status_code == 200
    store.circles.restrict(case.id, "a relative works here", "test")
    assert bea.get(f"/mosaic/{shared.id}").status_code == 404
    assert shared.id not in bea.get("/mosaic").text
    assert shared.id in amara.get("/mosaic").text


def test_without_scripts_each_value_can_be_selected_and_no_button_promises_more(
    amara: TestClient, sure: Paste
) -> None:
    page = sure(amara)
    buttons = re.findall(r"<button[^>]*data-copy[^>]*>", page)
    assert len(buttons) == 7
    assert all(" hidden " in each for each in buttons)
    assert page.count(" readonly ") == 7
