"""Celebrating success in browsers: written, asked about, agreed to, read by another, on the wall."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from recorder.review import successes
from store.cases import CaseDetails
from store.notes import Note
from store.people import Member
from store.store import Store
from store.stories import AGREED, ASKED, GONE, SHOWN

Form = Callable[..., dict[str, str]]
STORY = "A young person <i>learned</i> to cook & did it for the whole family."
SHOWN_AS = "A young person &lt;i&gt;learned&lt;/i&gt; to cook &amp; did it for the whole family."


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the model for names, which takes seconds to load."""
    monkeypatch.setattr(successes, "recognised", lambda _: ())


@pytest.fixture
def asked(store: Store, amara: TestClient, jordan: TestClient, shared: Note, form: Form) -> str:
    """A story that the young person was asked about."""
    assert jordan.get("/summary").status_code == 200
    page = f"/cases/{shared.case_id}/stories"
    answer = amara.post(page, data=form(amara) | {"text-story": STORY})
    assert (answer.status_code, answer.headers["location"]) == (303, page)
    (story,) = store.young.stories.of(str(shared.case_id))
    assert (story.words, story.state) == (STORY, ASKED)
    return story.id


def state(store: Store, story_id: str) -> str:
    return store.young.stories.get(story_id).state


def test_it_goes_from_the_worker_by_the_young_person_and_a_colleague_to_the_wall(
    store: Store,
    amara: TestClient,
    ruth: TestClient,
    jordan: TestClient,
    asked: str,
    form: Form,
) -> None:
    assert 'href="/summary/wall"' in jordan.get("/summary").text
    assert SHOWN_AS in jordan.get("/summary/wall").text
    assert "Put it on the wall" not in ruth.get(f"/stories/{asked}").text
    answer = jordan.post(f"/summary/wall/{asked}", data=form(jordan, say="yes"))
    assert answer.headers["location"] == "/summary/wall"
    assert 'href="/summary/wall"' not in jordan.get("/summary").text  # they answered
    assert f"/stories/{asked}" in ruth.get("/wall").text
    assert f"/stories/{asked}" not in amara.get("/wall").text
    for page in ("/work", "/queue"):
        assert "A success story waits for somebody to read it" in ruth.get(page).text
    assert "A success story waits" not in amara.get("/work").text
    assert "Put it on the wall" not in amara.get(f"/stories/{asked}").text
    assert amara.post(f"/stories/{asked}/approve", data=form(amara)).status_code == 403
    assert state(store, asked) == AGREED
    answer = ruth.post(f"/stories/{asked}/approve", data=form(ruth))
    assert (answer.status_code, answer.headers["location"]) == (303, "/wall")
    assert state(store, asked) == SHOWN
    assert SHOWN_AS in amara.get("/wall").text


def test_the_wall_shows_the_words_alone(
    store: Store, ruth: TestClient, ben: TestClient, young_person: Member, asked: str, form: Form
) -> None:
    store.young.stories.agree(asked, young_person.id)
    ruth.post(f"/stories/{asked}/approve", data=form(ruth))
    page = ben.get("/wall").text
    main = re.sub("<[^>]+>", " ", page[page.index("<main") : page.index("</main")])
    assert main.split() == f"Our wall {SHOWN_AS}".split()
    assert ben.get(f"/stories/{asked}").status_code == 404


def test_a_young_person_changes_their_mind_and_it_is_gone_at_once(
    store: Store, ruth: TestClient, jordan: TestClient, asked: str, form: Form
) -> None:
    jordan.post(f"/summary/wall/{asked}", data=form(jordan, say="yes"))
    ruth.post(f"/stories/{asked}/approve", data=form(ruth))
    assert SHOWN_AS in ruth.get("/wall").text
    assert "I changed my mind" in jordan.get("/summary/wall").text
    assert 'href="/summary/wall"' in jordan.get("/summary/things").text
    jordan.post(f"/summary/wall/{asked}", data=form(jordan, say="no"))
    assert state(store, asked) == GONE
    for page in (ruth.get("/wall"), jordan.get("/summary/wall")):
        assert SHOWN_AS not in page.text
    assert jordan.post(f"/summary/wall/{asked}", data=form(jordan, say="yes")).status_code == 404


def test_what_tells_whose_it_is_stays_in_the_box_with_what_to_take_out(
    store: Store, amara: TestClient, jordan: TestClient, shared: Note, form: Form
) -> None:
    assert jordan.get("/summary").status_code == 200
    wrong = "Jordan is back at Riverside since 4 May."
    sent = form(amara) | {"text-story": wrong, "clear-story": "Jordan", "cleared": "Riverside"}
    answer = amara.post(f"/cases/{shared.case_id}/stories", data=sent)
    assert answer.status_code == 422
    assert f">\n{wrong}</textarea>" in answer.text or f">{wrong}</textarea>" in answer.text
    for words in ("Jordan", "Riverside", "4 May"):
        assert f"“{words}”" in answer.text
    assert 'type="checkbox"' not in answer.text  # nothing is let stand by a tick
    assert store.young.stories.of(str(shared.case_id)) == []


def test_staff_take_it_away_and_an_answer_to_that_is_told(
    store: Store, amara: TestClient, jordan: TestClient, asked: str, form: Form
) -> None:
    answer = amara.post(f"/stories/{asked}/down", data=form(amara))
    assert answer.headers["location"] == f"/stories/{asked}"
    assert state(store, asked) == GONE
    assert amara.post(f"/stories/{asked}/down", data=form(amara)).status_code == 409
    assert jordan.post(f"/summary/wall/{asked}", data=form(jordan, say="yes")).status_code == 404
    assert "Nothing is told about you." in jordan.get("/summary/wall").text


def test_another_young_person_and_staff_answer_nothing_for_them(
    store: Store,
    enter: Callable[[Member], TestClient],
    amara: TestClient,
    asked: str,
    form: Form,
    practitioner: Member,
) -> None:
    case = store.cases.add(CaseDetails("EV-2", "Sky"), practitioner.id, "test")
    sky = enter(store.people.add(Member("", "young_person", "sky", "Sky", case.id), "test"))
    assert SHOWN_AS not in sky.get("/summary/wall").text
    for other in (sky, amara):
        for said in ("yes", "no", "", "x"):
            answer = other.post(f"/summary/wall/{asked}", data=form(other, say=said))
            assert answer.status_code == 404
    assert state(store, asked) == ASKED
