"""A young person's own page for staff, where the living summary stands."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from recorder.review.desk import Desk
from store.cases import Case
from store.notes import Note
from store.people import Member
from store.store import Store

Form = Callable[..., dict[str, str]]


@pytest.fixture
def approved(store: Store, note: Note, practitioner: Member, supervisor: Member) -> Note:
    Desk(store, practitioner).submit(note.id, 1)
    Desk(store, supervisor).approve(note.id, 1)
    return store.notes.get(note.id)


def test_the_page_shows_where_the_work_stands_and_each_line_leads_to_its_note(
    amara: TestClient, ruth: TestClient, case: Case, approved: Note
) -> None:
    for browser in (amara, ruth):
        page = browser.get(f"/cases/{case.id}").text
        assert "He said no &amp; walked away." in page
        assert f'href="/notes/{approved.id}#s-s2"' in page
        assert f'action="/cases/{case.id}/done"' in page
    assert f'href="/cases/{case.id}"' in amara.get(f"/notes/{approved.id}").text


def test_what_is_done_falls_off_the_page(
    amara: TestClient, form: Form, case: Case, approved: Note, store: Store
) -> None:
    where = f"/cases/{case.id}"
    assert approved.case_id == case.id
    before = amara.get(where).text
    assert before.count("Ring his tutor") == 2  # to be read, and on the button for who hears it
    place = before.split('name="place" value="')[1].split('"')[0]
    sent = form(amara, number="1", place=place)
    assert amara.post(f"{where}/done", data=sent).status_code == 303
    after = amara.get(where).text
    assert "Said to be done (1)" in after
    assert f'action="{where}/done"' not in after
    late = amara.post(f"{where}/done", data=sent)
    assert late.status_code == 409
    assert "This summary changed while you had it open" in late.text
    assert "Ring his tutor" in amara.get(f"{where}?version=1").text
    assert len(store.summaries.of(case.id)) == 2
    name = after.split('name="done" value="')[1].split('"')[0]
    back = form(amara, number="2", done=name)
    assert amara.post(f"{where}/undone", data=back).status_code == 303
    assert f'action="{where}/done"' in amara.get(where).text
    assert amara.post(f"{where}/undone", data=back).status_code == 409


@pytest.mark.parametrize("version", ["0", "9", "x", "-1"])
def test_a_version_that_is_none_is_no_page(
    amara: TestClient, case: Case, approved: Note, version: str
) -> None:
    assert approved.case_id == case.id
    assert amara.get(f"/cases/{case.id}?version={version}").status_code == 404


def test_it_is_nobody_elses_page(
    ben: TestClient, jordan: TestClient, form: Form, case: Case, approved: Note
) -> None:
    assert approved.case_id == case.id
    for browser in (ben, jordan):
        assert browser.get(f"/cases/{case.id}").status_code == 404
        sent = form(browser, number="1", place="0")
        assert browser.post(f"/cases/{case.id}/done", data=sent).status_code == 404
