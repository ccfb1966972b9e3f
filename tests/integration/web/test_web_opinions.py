"""Whether a summary sounds like them, and whether it helped: two taps, and counts for a supervisor."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from recorder.review.desk import Desk
from store.feedback import Answers
from store.notes import Note
from store.people import Member
from store.store import Store

Form = Callable[..., dict[str, str]]


def answers(store: Store, note: Note) -> list[Answers]:
    return [each.answers for each in store.young.feedback.of(note.id)]


def pressed(page: str) -> list[tuple[str, str]]:
    """Which answers a page shows as given."""
    return re.findall(r'name="(\w+)" value="(\w+)" aria-pressed="true"', page)


def tap(browser: TestClient, form: Form, note: Note, **fields: str) -> str:
    answer = browser.post(f"/summary/{note.id}/feedback", data=form(browser) | fields)
    assert answer.status_code == 303
    return answer.headers["location"]


def test_each_question_is_a_tap_and_leaves_the_other(
    store: Store, jordan: TestClient, shared: Note, form: Form
) -> None:
    last = f"/summary/{shared.id}/steps/3"
    assert pressed(jordan.get(last).text) == []
    assert tap(jordan, form, shared, sounds="partly", step="3") == f"{last}#feedback"
    assert tap(jordan, form, shared, helped="yes") == f"/summary/{shared.id}#feedback"
    assert answers(store, shared) == [Answers("partly", "yes")]
    tap(jordan, form, shared, sounds="no")
    assert answers(store, shared) == [Answers("no", "yes")]
    for where in (last, f"/summary/{shared.id}"):
        page = jordan.get(where).text
        assert pressed(page) == [("sounds", "no"), ("helped", "yes")]
        assert "You can change it." in page


def test_they_are_asked_once_they_have_read_it(jordan: TestClient, shared: Note) -> None:
    first, last = (jordan.get(f"/summary/{shared.id}/steps/{each}").text for each in (1, 3))
    assert "Did it help?" not in first
    assert last.index("Say something about all of it") < last.index("Did it help?")


@pytest.mark.parametrize("fields", [{}, {"sounds": "very"}, {"helped": ""}, {"other": "yes"}])
def test_an_answer_that_no_button_gives_is_not_kept(
    store: Store, jordan: TestClient, shared: Note, form: Form, fields: dict[str, str]
) -> None:
    where = f"/summary/{shared.id}/feedback"
    assert jordan.post(where, data=form(jordan) | fields).status_code == 404
    assert answers(store, shared) == []


def test_of_a_newer_version_they_are_asked_anew(
    store: Store, young_person: Member, jordan: TestClient, shared: Note
) -> None:
    store.young.feedback.give(shared, shared.number + 1, young_person.id, Answers("no", "no"))
    assert pressed(jordan.get(f"/summary/{shared.id}").text) == []


def test_supervisors_see_numbers_of_enough_people_and_nobodys_answer(
    store: Store, ruth: TestClient, jordan: TestClient, shared: Note, form: Form
) -> None:
    for number in range(4):
        store.young.feedback.give(shared, 1, f"person-{number}", Answers("yes"))
    assert "so nothing is shown" in ruth.get("/team").text
    tap(jordan, form, shared, sounds="no")
    page = ruth.get("/team").text
    row = re.findall("Does this sound like you[?].*?</tr>", page, re.DOTALL)
    cells = re.findall('data-label="(.*?)">(.*?)<', row[0])
    assert cells == [(word, "fewer than 5") for word in ("Yes", "A bit", "No")]
    assert "Did it help?" not in page
    store.young.feedback.give(shared, 1, "person-4", Answers("yes"))
    assert "5 or more" in ruth.get("/team").text
    assert "fewer than 5" not in ruth.get(f"/notes/{shared.id}").text


def test_answers_outside_a_supervisors_teams_are_not_counted(
    store: Store, supervisor: Member, shared: Note, practitioner: Member
) -> None:
    for number in range(5):
        store.young.feedback.give(shared, 1, f"person-{number}", Answers("yes", "yes"))
    room = Desk(store, supervisor).opinions
    assert room.counts()["helped"] == {"yes": 5, "partly": 0, "no": 0}
    other = store.people.add(Member("", "supervisor", "zed", "Zed", None), "test")
    store.teams.add("One", [practitioner.id, supervisor.id], "test")
    store.teams.add("Two", [other.id], "test")
    assert Desk(store, supervisor).opinions.counts() != {}
    assert Desk(store, other).opinions.counts() == {}
