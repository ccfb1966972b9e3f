"""Sharing a record, handing it over and restricting it, on the pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qsl

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from store.cases import Case
from store.people import Member
from store.store import Store

Form = Callable[..., dict[str, str]]
WHY = "A relative works on the team"


def events(store: Store, *actions: str) -> list[str]:
    return [each.action for each in store.audit.events() if each.action in actions]


Browsers = tuple[TestClient, TestClient, TestClient, TestClient]


@pytest.fixture
def browsers(
    ruth: TestClient,
    amara: TestClient,
    kit: TestClient,
    enter: Callable[[Member], TestClient],
    store: Store,
) -> Browsers:
    """Of a supervisor, the practitioner, data protection and another supervisor."""
    second = store.people.add(Member("", "supervisor", "omar", "Omar Aziz", None), "test")
    return ruth, amara, kit, enter(second)


@pytest.fixture
def other(store: Store) -> Member:
    return store.people.add(Member("", "practitioner", "ben", "Ben Okoro", None), "test")


def test_a_supervisor_shares_a_record_with_a_colleague_and_stops(
    ruth: TestClient,
    enter: Callable[[Member], TestClient],
    other: Member,
    case: Case,
    form: Form,
    store: Store,
) -> None:
    at, ben = f"/cases/{case.id}/access", enter(other)
    assert f'href="{at}"' in ruth.get(f"/cases/{case.id}").text
    assert ben.get(f"/cases/{case.id}").status_code == 404
    assert ruth.post(f"{at}/name", data=form(ruth, person=other.id)).headers["location"] == at
    assert "Ben Okoro" in ruth.get(at).text.partition("Share it with a colleague")[0]
    assert ben.get(f"/cases/{case.id}").status_code == 200
    seen = ben.get(at)
    assert "a supervisor decides" in seen.text.lower()
    assert "Stop sharing" not in seen.text
    assert ben.post(f"{at}/unname", data=form(ben, person=other.id)).status_code == 403
    assert ruth.post(f"{at}/unname", data=form(ruth, person=other.id)).status_code == 303
    assert ben.get(f"/cases/{case.id}").status_code == 404
    assert ruth.post(f"{at}/unname", data=form(ruth, person=other.id)).status_code == 422
    told = ["person named on case", "person taken off case"]
    assert events(store, *told) == told


def test_a_record_is_handed_over_once_somebody_is_sure(
    app: FastAPI, ruth: TestClient, other: Member, case: Case, form: Form, store: Store
) -> None:
    at, made = f"/cases/{case.id}/access/give", list[str]()

    def folder(handle: str, ref: str) -> None:
        made.append(f"{handle}/{ref}")

    app.state.site = replace(app.state.site, folder=folder)
    asked = ruth.post(at, data=form(ruth, to=other.id))
    assert "Hand this record over?" in asked.text
    assert store.cases.get(case.id).practitioner_id == case.practitioner_id
    assert ruth.post(at, data=form(ruth, to=other.id, sure="yes")).status_code == 303
    assert store.cases.get(case.id).practitioner_id == other.id
    assert made == ["ben/EV-1001"]
    again = ruth.post(at, data=form(ruth, to=other.id, sure="yes"))
    assert again.status_code == 422
    assert "practitioner already" in again.text
    store.people.leave(case.practitioner_id, "test")
    gone = ruth.post(at, data=form(ruth, to=case.practitioner_id, sure="yes"))
    assert "practitioner who is here" in gone.text


def listed(page: str, after: str) -> str:
    """The list on a page that follows these words; empty for no such words."""
    return page.partition(after)[2].partition("</ul>")[0]


def test_handing_over_says_who_gains_and_who_loses_sight_of_it(
    browsers: Browsers, supervisor: Member, other: Member, case: Case, form: Form, store: Store
) -> None:
    ruth, amara, _, omar = browsers
    second = store.people.by_handle("omar")
    store.teams.add("North", [case.practitioner_id, supervisor.id], "test")
    team = store.teams.add("South", [other.id, second.id], "test")
    at = f"/cases/{case.id}/access/give"
    gains, loses = "can read it, too", "except for the notes that they wrote themselves"
    page = ruth.post(at, data=form(ruth, to=other.id)).text
    for name in ("Ben Okoro", "Omar Aziz"):
        assert (name in listed(page, gains), name in listed(page, loses)) == (True, False)
    for name in ("Amara Cole", "Ruth Adeyemi (you)"):
        assert (name in listed(page, gains), name in listed(page, loses)) == (False, True)
    assert "cannot undo this yourself" in page
    store.circles.give(case.id, team.id, "test")  # so its supervisors stay whoever has it
    page = omar.post(at, data=form(omar, to=other.id)).text
    found = listed(page, gains)
    assert ("Ben Okoro" in found, "Omar Aziz" in found) == (True, False)
    assert ("Amara Cole" in listed(page, loses), "cannot undo" in page) == (True, False)
    store.circles.name(case.id, case.practitioner_id, "test")
    page = omar.post(at, data=form(omar, to=other.id)).text
    assert ("Whoever can read it now still can" in page, "Amara Cole has left" in page) == (1, 0)
    done = omar.post(at, data=form(omar, to=other.id, sure="yes"))
    assert done.headers["location"] == f"/cases/{case.id}/access"
    assert amara.get(f"/cases/{case.id}").status_code == 200


def test_handing_over_a_restricted_record_says_what_becomes_of_notes_that_were_begun(
    ruth: TestClient, supervisor: Member, other: Member, case: Case, form: Form, store: Store
) -> None:
    at = f"/cases/{case.id}/access/give"
    stay, shared, left = "stay theirs", "by whoever the record is shared with", "finishes the notes"
    page = ruth.post(at, data=form(ruth, to=other.id)).text
    assert (stay in page, shared in page, left in page) == (True, False, False)
    store.circles.restrict(case.id, WHY, "test", [supervisor.id])
    page = ruth.post(at, data=form(ruth, to=other.id)).text
    assert (stay in page, shared in page, left in page) == (False, True, False)
    assert ("Amara Cole" in listed(page, "cannot any more:"), "except for" in page) == (True, False)
    store.people.leave(case.practitioner_id, "test")
    page = ruth.post(at, data=form(ruth, to=other.id)).text
    assert (stay in page, shared in page, left in page) == (False, False, True)
    assert "Whoever can read it now still can" in page


def test_a_folder_that_cannot_be_made_does_not_keep_a_record_from_being_handed_over(
    app: FastAPI, ruth: TestClient, other: Member, case: Case, form: Form, store: Store
) -> None:
    def full(_handle: str, _ref: str) -> None:
        raise OSError

    app.state.site = replace(app.state.site, folder=full)
    sent = form(ruth, to=other.id, sure="yes")
    assert ruth.post(f"/cases/{case.id}/access/give", data=sent).status_code == 303
    assert store.cases.get(case.id).practitioner_id == other.id


def test_a_record_is_restricted_and_opened_again_with_reasons(
    browsers: Browsers, supervisor: Member, case: Case, form: Form, store: Store
) -> None:
    ruth, amara, kit, omar = browsers
    at, mine = f"/cases/{case.id}/access", {"person": supervisor.id, "text-reason": WHY}
    assert omar.get(f"/cases/{case.id}").status_code == 200
    asked = ruth.post(f"{at}/restrict", data=form(ruth, **mine))
    lost = asked.text.partition("will not any more")[2]
    assert "Omar Aziz" in lost
    assert "Ruth Adeyemi" not in lost.partition("<form")[0]
    assert not store.circles.restricted()
    assert ruth.post(f"{at}/restrict", data=form(ruth, sure="yes", **mine)).status_code == 303
    assert omar.get(f"/cases/{case.id}").status_code == omar.get(at).status_code == 404
    for each in (ruth, amara):
        page = each.get(at).text
        assert "This record is restricted" in each.get(f"/cases/{case.id}").text
        assert (WHY in page, "Omar Aziz" in page.partition("Share it with")[0]) == (True, False)
    trail = kit.post("/oversight/trail", data=form(kit, **{"text-ref": "EV-1001"})).text
    assert ("Ruth Adeyemi: named on it" in trail, WHY in trail) == (True, True)
    assert ("supervises its team" in trail, "Jordan" in trail) == (False, False)
    kept = ruth.post(f"{at}/unname", data=form(ruth, person=supervisor.id, sure="yes"))
    assert "name a supervisor on it first" in kept.text.lower()
    empty = ruth.post(f"{at}/lift", data=form(ruth))
    assert (empty.status_code, "Error: Who sees" in empty.text) == (422, True)
    lifting = {"text-reason": "They left"}
    assert "Omar Aziz" in ruth.post(f"{at}/lift", data=form(ruth, **lifting)).text
    assert store.circles.restricted() == {case.id}
    assert ruth.post(f"{at}/lift", data=form(ruth, sure="yes", **lifting)).status_code == 303
    assert omar.get(f"/cases/{case.id}").status_code == 200
    assert ruth.post(f"{at}/lift", data=form(ruth, **lifting)).status_code == 422
    told = ["case restricted", "restriction lifted"]
    assert events(store, *told) == told


def test_who_shuts_a_record_to_themselves_is_warned_and_led_away(
    ruth: TestClient, case: Case, form: Form, store: Store
) -> None:
    second = store.people.add(Member("", "supervisor", "omar", "Omar Aziz", None), "test")
    at = f"/cases/{case.id}/access/restrict"
    sent = form(ruth, **{"person": second.id, "text-reason": WHY})
    assert "cannot undo this yourself" in ruth.post(at, data=sent).text
    done = ruth.post(at, data=sent | {"sure": "yes"})
    assert (done.status_code, done.headers["location"]) == (303, "/queue")
    assert ruth.get(f"/cases/{case.id}/access").status_code == 404


@pytest.mark.parametrize(
    "said",
    [
        ("name", "", "choose a colleague"),
        ("name", "person=x", "only practitioners and supervisors"),
        ("give", "", "choose who has it now"),
        ("give", "to=x", "practitioner who is here"),
        ("restrict", "text-reason=Why", "name a supervisor"),
        ("restrict", "person=x", "only practitioners and supervisors"),
        ("lift", "text-reason=Why", "not restricted"),
        ("unname", "person=x", "not named"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    ruth: TestClient, case: Case, form: Form, store: Store, said: tuple[str, str, str]
) -> None:
    what, sent, says = said
    typed = dict(parse_qsl(sent))
    answer = ruth.post(f"/cases/{case.id}/access/{what}", data=form(ruth, sure="yes", **typed))
    assert answer.status_code == 422
    assert says in answer.text.lower()
    circle = store.circles.of(case.id)
    assert (circle.named, circle.restriction) == ((), None)
