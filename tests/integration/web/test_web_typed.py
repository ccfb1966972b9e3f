"""A note that somebody types from its kind's headings, on one page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from recorder.codec import decode_draft
from recorder.review.typed import typed_kinds
from store.cases import Case
from store.notes import Note, is_own
from store.people import Member
from store.store import Store
from templates import note_type
from transcribe.model import Draft, Origin

Form = Callable[..., dict[str, str]]
WHEN = {"text-date": "5/11/2025", "text-start": "16:30"}


def the_note(store: Store) -> tuple[Note, Draft]:
    (note,) = store.notes.all()
    return note, decode_draft(store.notes.version(note.id, note.number).payload)


@pytest.mark.parametrize("kind", typed_kinds())
def test_every_kind_of_note_can_be_typed_under_its_headings(
    store: Store, amara: TestClient, case: Case, practitioner: Member, form: Form, kind: str
) -> None:
    page = amara.get(f"/typed/new?kind={kind}")
    assert f"kind={kind}" in amara.get("/typed/new").text
    sections = note_type(kind).sections
    assert all(f'name="text-{each.key}"' in page.text for each in sections)
    asks = kind != "supervision"
    assert ("Was the young person seen?" in page.text) == (asks and kind != "group_session")
    sent = {f"text-{sections[1].key}": "One thing.\r\n\r\nAnother thing."}
    sent |= {"text-action": "I will ring the tutor."}
    whose = {"text-case": case.id} if asks else {"text-worker": practitioner.id}
    answer = amara.post("/typed/new", data=form(amara, kind=kind) | WHEN | sent | whose)
    assert answer.status_code == 303
    note, draft = the_note(store)
    assert answer.headers["location"] == f"/notes/{note.id}"
    assert is_own(note) is not asks
    texts = [each.text for each in draft.statements]
    assert texts == ["One thing.", "Another thing.", "I will ring the tutor."]
    assert {each.origin for each in draft.statements} == {Origin.PRACTITIONER}
    assert [each.what for each in draft.actions] == ["I will ring the tutor."]
    shown = amara.get(f"/notes/{note.id}").text
    assert "Written by the practitioner" in shown
    assert ("Young person seen" in shown) == asks
    assert ("Next supervision" in shown) is not asks


def test_the_same_form_sent_twice_is_one_note(
    store: Store, amara: TestClient, case: Case, form: Form
) -> None:
    sent = form(amara, kind="case_note") | WHEN | {"text-case": case.id, "text-purpose": "We met."}
    places = {amara.post("/typed/new", data=sent).headers["location"] for _ in range(2)}
    assert len(places) == len(store.notes.all()) == 1


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "Choose the young person"),
        ({"text-case": "mine"}, "Write at least one sentence"),
        ({"text-case": "mine", "text-purpose": "a", "text-date": "5/11/2999"}, "has not come yet"),
        (
            {"text-case": "mine", "text-purpose": "a", "text-seen": "x"},
            "Choose yes, no or not said",
        ),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(
    store: Store, amara: TestClient, case: Case, form: Form, more: dict[str, str], said: str
) -> None:
    filled = {key: case.id if text == "mine" else text for key, text in more.items()}
    sent = form(amara, kind="case_note") | WHEN | {"text-place": "the <b>hub</b>"} | filled
    answer = amara.post("/typed/new", data=sent)
    assert answer.status_code == 422
    assert said in answer.text
    assert "the &lt;b&gt;hub&lt;/b&gt;" in answer.text
    assert store.notes.all() == []


def test_nobody_types_on_anothers_record(
    store: Store, ben: TestClient, case: Case, practitioner: Member, form: Form
) -> None:
    for kind, whose in (
        ("case_note", {"text-case": case.id}),
        ("supervision", {"text-worker": practitioner.id}),
        ("living_summary", {"text-case": case.id}),
    ):
        sent = form(ben, kind=kind) | WHEN | whose | {"text-purpose": "Mine."}
        assert ben.post("/typed/new", data=sent).status_code == 404
    assert ben.get("/typed/new?kind=attempted_contact").status_code == 404
    assert store.notes.all() == []


def test_a_supervision_is_started_followed_and_signed_on_its_pages(
    amara: TestClient, ruth: TestClient, practitioner: Member, form: Form
) -> None:
    for day, task in (("3/11/2025", "Book the course."), ("4/11/2025", "")):
        sent = form(ruth, kind="supervision") | WHEN
        sent |= {"text-worker": practitioner.id, "text-action": task, "text-date": day}
        sent |= {"text-wellbeing": "How was leave?", "text-next": "5/11/2025"}
        where = ruth.post("/typed/new", data=sent).headers["location"]
    page = amara.get(where).text
    assert "What was to be done since" in page
    mark = page.split('name="mark" value="')[1].split('"')[0]
    told = form(amara, number="1", mark=mark, outcome="carried")
    assert amara.post(f"{where}/followed", data=told).status_code == 303
    assert "Carried over" in amara.get(where).text
    assert (
        "said already what became"
        in amara.post(
            f"{where}/followed", data=form(amara, number="2", mark=mark, outcome="done")
        ).text
    )
    assert amara.post(f"{where}/nobody", data=form(amara, number="2")).status_code == 303
    words = form(amara, number="2") | {"text-words": "I asked for cover."}
    assert amara.post(f"{where}/disagree", data=words).status_code == 303
    for browser, role in ((amara, "worker"), (ruth, "supervisor")):
        assert f"Sign as the {role}" in browser.get(where).text
        assert browser.post(f"{where}/sign", data=form(browser, number="2")).status_code == 303
    for browser, mine in (
        (amara, "Your next supervision"),
        (ruth, "The next supervision of Amara"),
    ):
        shown = browser.get(where).text
        assert "Signed by both" in shown
        assert "Where the worker disagrees" in shown
        assert all(mine in browser.get(f"/work{more}").text for more in ("", "?show=coming"))
        assert (
            "Supervision record of Amara Cole"
            in browser.get(f"/supervision/{practitioner.id}").text
        )
