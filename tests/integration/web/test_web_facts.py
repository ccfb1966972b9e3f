from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest
from starlette.testclient import TestClient

from recorder.clock import milliseconds
from recorder.codec import decode_draft, encode
from store.cases import Case
from store.notes import Note
from store.people import Member
from store.store import Store
from transcribe.model import Contact, Draft

Form = Callable[..., dict[str, str]]
RIGHT = {
    "text-date": "4/11/2026",
    "text-start": "16:05",
    "text-end": "",
    "text-method": "home visit",
    "text-place": "Battersea",
    "text-present": "Amara, Jordan, Nan",
    "text-seen": "yes",
    "text-alone": "no",
    "text-significant": "yes",
}


def test_facts_heard_wrongly_are_put_right_in_a_new_version(
    store: Store, amara: TestClient, form: Form, note: Note
) -> None:
    address = f"/notes/{note.id}/facts"
    assert amara.get(address).status_code == 200
    assert amara.post(address, data=form(amara, number="1") | RIGHT).status_code == 303
    saved = decode_draft(store.notes.version(note.id, 2).payload).contact
    assert saved == Contact(
        date=date(2026, 11, 4),
        start_time="16:05",
        method="home visit",
        place="Battersea",
        present=("Amara", "Jordan", "Nan"),
        seen=True,
        seen_alone=False,
        significant=True,
    )
    assert amara.post(address, data=form(amara, number="2") | RIGHT).status_code == 303
    assert store.notes.get(note.id).number == 2


@pytest.mark.parametrize(
    "wrong",
    [
        ("text-date", "31/2/2026", "day/month/year"),
        ("text-start", "half four", "24-hour"),
        ("text-alone", "perhaps", "yes, no or not said"),
        ("text-significant", "perhaps", "yes, no or not said"),
    ],
)
def test_what_cannot_be_read_is_said_and_what_was_typed_stays(
    store: Store, amara: TestClient, form: Form, note: Note, wrong: tuple[str, str, str]
) -> None:
    field, typed, word = wrong
    sent = form(amara, number="1") | RIGHT | {field: typed}
    answer = amara.post(f"/notes/{note.id}/facts", data=sent)
    assert answer.status_code == 422
    assert word in answer.text
    assert "home visit" in answer.text
    assert store.notes.get(note.id).number == 1


def test_facts_of_a_version_that_was_overtaken_are_not_saved(
    store: Store, amara: TestClient, form: Form, note: Note
) -> None:
    address = f"/notes/{note.id}/facts"
    amara.post(address, data=form(amara, number="1") | RIGHT)
    late = form(amara, number="1") | RIGHT | {"text-place": "Tooting"}
    answer = amara.post(address, data=late)
    assert answer.status_code == 422
    assert "Tooting" in answer.text
    assert store.notes.get(note.id).number == 2


def test_the_72_hours_count_from_when_they_came_back(
    amara: TestClient, form: Form, store: Store, case: Case, practitioner: Member, draft: Draft
) -> None:
    kind = "return_home_interview"
    new = Note("", case.id, case.id, practitioner.id, kind, "draft", 0, 1_762_362_300_000, 0)
    with store.database.write() as connection:
        note_id = store.notes.create(connection, new, encode(replace(draft, kind=kind)), None)
    ask = "Write down when they came back"
    assert ask in amara.get(f"/notes/{note_id}").text
    assert ask in amara.get("/work").text
    where = f"/notes/{note_id}/facts"
    assert 'name="text-back-at"' in amara.get(where).text
    half = amara.post(where, data=form(amara, number="1", **{"text-back": "5/11/2025"}))
    assert half.status_code == 422
    assert "Write both the day and the time" in half.text
    whole = {"text-back": "5/11/2025", "text-back-at": "18:30"}
    assert amara.post(where, data=form(amara, number="1", **whole)).status_code == 303
    page = amara.get(f"/notes/{note_id}").text
    assert "Overdue by" in page
    assert "The 72 hours ended 8 November 2025, 6:30pm." in page
    assert "What to cover" in page
    assert ">If they declined<" not in page  # a heading for those alone who did
    assert 'value="18:30"' in amara.get(where).text


def test_what_somebody_else_put_right_meanwhile_is_not_undone_by_pressing_again(
    store: Store, amara: TestClient, ruth: TestClient, form: Form, note: Note
) -> None:
    address = f"/notes/{note.id}/facts"
    ruth.post(address, data=form(ruth, number="1") | RIGHT)
    old = {"text-place": "the <b>hub</b>", "text-end": "17:00", "text-method": "by <phone>"}
    answer = amara.post(address, data=form(amara, number="1") | old)
    assert answer.status_code == 422
    assert 'value="Battersea"' in answer.text  # nobody but Ruth changed it
    assert 'value="by &lt;phone&gt;"' in answer.text
    assert "It now says: home visit" in answer.text
    shown = RIGHT | {"text-end": "17:00", "text-method": "by <phone>"}
    assert amara.post(address, data=form(amara, number="2") | shown).status_code == 303
    saved = decode_draft(store.notes.version(note.id, 3).payload).contact
    assert (saved.place, saved.end_time, saved.method) == ("Battersea", "17:00", "by <phone>")


def test_a_fact_that_the_form_does_not_ask_for_stays(
    store: Store, amara: TestClient, form: Form, case: Case, practitioner: Member, draft: Draft
) -> None:
    returned = datetime(2026, 11, 3, 18, 30)  # noqa: DTZ001 - local, as it is kept
    new = Note("", case.id, case.id, practitioner.id, "case_note", "draft", 0, 1_762_362_300_000, 0)
    with store.database.write() as connection:
        payload = encode(replace(draft, contact=Contact(returned=returned)))
        note_id = store.notes.create(connection, new, payload, None)
    address = f"/notes/{note_id}/facts"
    assert amara.post(address, data=form(amara, number="1") | RIGHT).status_code == 303
    saved = decode_draft(store.notes.version(note_id, 2).payload).contact
    assert (saved.place, saved.returned) == ("Battersea", returned)


def test_a_note_stands_on_the_day_that_was_put_right(
    store: Store, amara: TestClient, form: Form, note: Note
) -> None:
    address = f"/notes/{note.id}/facts"
    amara.post(address, data=form(amara, number="1") | RIGHT | {"text-place": "the hub"})
    after = store.notes.get(note.id)
    moment = datetime(2026, 11, 4, 16, 5)  # noqa: DTZ001 - local, as it was typed
    assert after.contact_at == milliseconds(moment, "Europe/London")
    assert "4 November 2026, 4:05pm" in amara.get(f"/notes/{note.id}").text
    amara.post(address, data=form(amara, number="2") | RIGHT)
    assert store.notes.get(note.id).contact_at == after.contact_at
