"""A restricted case, those who do not see it, and one who opens it in an emergency."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from starlette.testclient import TestClient

from store.cases import Case
from store.notes import Note
from store.people import Member
from store.store import Store
from tests.integration.web.matrix import Side, World, browser, build
from tests.integration.web.test_web_matrix import MAY, SUPERVISOR, TABLE, TAKEN, Line, address, ask

Form = Callable[..., dict[str, str]]
REASON = "He is missing and the police rang"
HOUR = 3_600_000


def tell(ruth: TestClient, form: Form, ref: str, reason: str = REASON) -> tuple[int, str, str]:
    sent = {"text-ref": ref, "text-reason": reason}
    answer = ruth.post("/emergency", data=form(ruth, **sent))
    return answer.status_code, answer.headers.get("location", ""), answer.text


@pytest.fixture
def shut(store: Store, case: Case, note: Note) -> Case:
    """The case, restricted, with a note on it."""
    assert note.case_id == case.id
    store.circles.restrict(case.id, "a relative works here", "test")
    return case


def test_a_case_that_is_opened_is_told_on_every_page_of_those_it_concerns(
    amara: TestClient, ruth: TestClient, kit: TestClient, shut: Case, form: Form, store: Store
) -> None:
    assert ruth.get(f"/cases/{shut.id}").status_code == 404
    assert tell(ruth, form, "ev-1001")[:2] == (303, f"/cases/{shut.id}")
    assert ruth.get(f"/cases/{shut.id}").status_code == 200
    for page in ("/work", "/search", f"/cases/{shut.id}"):
        assert REASON in amara.get(page).text
        assert "Ruth Adeyemi opened Jordan’s record" in amara.get(page).text
        assert "You opened Jordan’s record" in ruth.get(page).text
    assert "EV-1001, by Ruth Adeyemi" in kit.get("/oversight").text
    assert REASON in kit.get("/oversight").text
    (event,) = [e for e in store.audit.events() if e.action == "case opened in emergency"]
    assert store.audit.open(event) == REASON.encode()
    opened = store.emergencies.all()[0].id
    assert ruth.post(f"/emergency/{opened}/end", data=form(ruth)).status_code == 303
    assert ruth.get(f"/cases/{shut.id}").status_code == 404
    assert REASON in amara.get("/work").text
    assert kit.post(f"/oversight/{opened}/looked-into", data=form(kit)).status_code == 303
    assert REASON not in amara.get("/work").text
    assert "Looked into by Kit Lowe" in kit.get("/oversight").text


def test_a_wrong_reference_and_one_of_nothing_are_answered_alike_and_audited(
    ruth: TestClient, shut: Case, form: Form, store: Store, practitioner: Member
) -> None:
    gone = store.cases.add(type(shut.details)("EV-7", "Sam"), practitioner.id, "test")
    store.erasing.case(gone.id, "test")
    answers = [tell(ruth, form, ref) for ref in ("EV-7", "EV-8", "Jordan", "")]
    assert {answer[0] for answer in answers} == {422}
    texts = {
        answer[2].replace(f'value="{ref}"', "").replace(" value", "")
        for ref, answer in zip(("EV-7", "EV-8", "Jordan", ""), answers, strict=True)
    }
    assert len({text.count("there is no case") for text in texts}) == 1
    asked = [e for e in store.audit.events() if e.action == "case asked for in vain"]
    assert len(asked) == 4
    assert store.emergencies.all() == []
    for _ in range(3):
        refused = tell(ruth, form, "EV-9")
    assert "too many tries" in refused[2]


def test_no_reason_opens_nothing_and_what_is_seen_is_not_opened(
    ruth: TestClient, case: Case, form: Form, store: Store
) -> None:
    assert tell(ruth, form, "EV-1001", " ")[0] == 422
    assert tell(ruth, form, "EV-1001")[:2] == (303, f"/cases/{case.id}")
    assert store.emergencies.all() == []


def test_data_protection_shuts_a_case_and_sees_its_trail_and_no_record(
    ruth: TestClient, kit: TestClient, shut: Case, note: Note, form: Form, store: Store
) -> None:
    assert ruth.get(f"/cases/{shut.id}").status_code == 404
    tell(ruth, form, "EV-1001")
    opened = store.emergencies.all()[0].id
    assert kit.post(f"/oversight/{opened}/end", data=form(kit)).status_code == 303
    assert kit.post(f"/oversight/{opened}/end", data=form(kit)).status_code == 409
    assert ruth.get(f"/notes/{note.id}").status_code == 404
    trail = kit.post("/oversight/trail", data=form(kit, **{"text-ref": "EV-1001"}))
    for words in ("case opened in emergency, Ruth Adeyemi", "case restricted", "emergency ended"):
        assert words in trail.text
    assert "Jordan" not in trail.text
    assert kit.get(f"/notes/{note.id}").status_code == 404
    wrong = kit.post("/oversight/trail", data=form(kit, **{"text-ref": "EV-9"}))
    assert wrong.status_code == 422


@pytest.mark.parametrize(
    ("role", "words"),
    [("business_support", "recorder export mosaic"), ("administrator", "recorder teams")],
)
def test_other_roles_are_told_what_they_can_do(
    enter: Callable[[Member], TestClient], store: Store, role: str, words: str
) -> None:
    person = store.people.add(Member("", role, role, role, None), "test")
    assert words in enter(person).get("/", follow_redirects=True).text


# --- every route that names something of a case, by how the case stands to a supervisor ---

_OF_NO_CASE = {"loose", "own"}
OF_A_CASE = [
    key
    for key, line in sorted(TABLE.items())
    if (line.kind in {"own staff", "supervisor decides"} or key[1].startswith("/listen-again/{"))
    and _OF_NO_CASE.isdisjoint(line.of.values())
    and "{person_id}" not in key[1]
]
READ = {
    ("GET", path)
    for path in (
        "/cases/{case_id}",
        "/notes/{note_id}",
        "/notes/{note_id}/versions",
        "/recordings/{recording_id}",
        "/recordings/{recording_id}/film",
        "/recordings/{recording_id}/media",
        "/recordings/{recording_id}/picture",
    )
}


@pytest.fixture(scope="module", params=["restricted", "other team"])
def world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """The first side's case is not Ruth's to see, and she opened the second's in an emergency."""
    made = build(tmp_path_factory.mktemp("shut"))
    store, people = made.store, made.people
    cases = [side.ids["case_id"] for side in made.sides]
    if request.param == "restricted":
        for case_id in cases:
            store.circles.restrict(case_id, "a relative works here", "test")
    else:
        store.teams.add("North", [people["ruth"].id], "test")
        store.teams.add("South", [people["amara"].id, people["ben"].id], "test")
    store.emergencies.open(cases[1], people["ruth"].id, REASON, HOUR)
    yield made
    made.store.close()


def sent(world: World, side: Side, key: tuple[str, str], who: str) -> tuple[int, bytes]:
    line: Line = TABLE[key]
    where = address(key[1], side, line.of)
    answer = ask(world, browser(world.app), who, key[0], where, **line.sent)
    return answer.status, answer.content


NO_PART = {("POST", "/calls/{call_id}/seen")}  # nobody who only reads a case is called


@pytest.mark.parametrize("key", OF_A_CASE, ids=map(" ".join, OF_A_CASE))
def test_what_is_of_a_case_out_of_sight_is_not_there(world: World, key: tuple[str, str]) -> None:
    before = world.rows()
    nowhere = ask(world, browser(world.app), "ruth", "GET", "/nowhere").content
    for who in ("ruth", "ben", "sky", "administrator", "data_protection"):
        status, content = sent(world, world.sides[0], key, who)
        assert status == 404, who
        if key[0] == "GET":
            assert content == nowhere, who
    assert world.rows() == before


@pytest.mark.parametrize("key", OF_A_CASE, ids=map(" ".join, OF_A_CASE))
def test_what_was_opened_in_an_emergency_is_read_and_not_changed(
    world: World, key: tuple[str, str]
) -> None:
    assert set(TABLE) >= READ
    before = world.rows("audit", "audit_head")
    status, _ = sent(world, world.sides[1], key, "ruth")
    assert SUPERVISOR in MAY[TABLE[key].kind]
    # The pages of changes are refused as the changes are; a change of nothing is none.
    gone = {404} if key in NO_PART else set()
    assert status in TAKEN.get(key, TAKEN[key[0]]) | {403, 409} | gone
    assert status == 200 or key not in READ
    assert world.rows("audit", "audit_head") == before
    assert sent(world, world.sides[1], key, "amara")[0] == 404
