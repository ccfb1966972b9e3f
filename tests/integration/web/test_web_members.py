"""The page that makes each young person's own note out of one about several."""

from __future__ import annotations

from collections.abc import Callable

from starlette.testclient import TestClient

from store.cases import Case
from store.people import Member
from store.store import Store
from tests.unit.recorder.review.test_dividing import several

Form = Callable[..., dict[str, str]]


def test_nothing_is_made_before_it_was_looked_at(
    store: Store, amara: TestClient, practitioner: Member, case: Case, form: Form
) -> None:
    whole = several(store, practitioner)
    where = f"/notes/{whole.id}/members"
    assert f'href="{where}"' in amara.get(f"/notes/{whole.id}").text
    assert f'value="{case.id}" checked' in amara.get(where).text
    sent = form(amara, number="1", member=case.id, then="make") | {"text-also": "Kwame, Leila"}
    shown = amara.post(where, data=sent)
    assert shown.status_code == 200
    assert "another young person came too." in shown.text
    assert "In nobody’s note" in shown.text
    assert len(store.notes.all()) == 1
    seen = shown.text.split('name="seen" value="')[1].split('"')[0]
    made = amara.post(where, data=sent | {"seen": seen})
    assert made.status_code == 303
    page = amara.get(made.headers["location"]).text
    assert "Kwame" not in page
    assert "Leila" not in page
    assert "Made out of a note about several young people" in page
    assert "Each young person’s own note was made" in amara.get(f"/notes/{whole.id}").text


def test_what_is_missing_is_said(
    store: Store, amara: TestClient, practitioner: Member, case: Case, form: Form
) -> None:
    assert case.details.name == "Jordan"
    whole = several(store, practitioner)
    answer = amara.post(f"/notes/{whole.id}/members", data=form(amara, number="1", then="look"))
    assert answer.status_code == 422
    assert "Choose the young people whom it is about" in answer.text
