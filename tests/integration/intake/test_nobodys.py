"""A recording in nobody's folder: sealed, its opening heard, and whose it is said by a person."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec import structs
from starlette.testclient import TestClient

from recorder.commands.arrivals import arrivals
from recorder.errors import UsageError, sentence_for
from recorder.intake.adopt import adopt
from recorder.intake.adopter import Adopter, waiting_files
from recorder.intake.hand import Hand
from recorder.intake.owner import Owner
from recorder.opening import Due, due, failed, hear_or_wait
from recorder.pipeline import Work
from recorder.retrying import MAX_TRIES
from recorder.review.web.app import create_app
from recorder.review.web.session import YOUNG_LIFE
from recorder.scheduler import Notes, work_on
from recorder.status import status_of
from store import age
from store.cases import CaseDetails
from store.errors import ConflictError
from store.journal import ATTENTION, DROPPED
from store.openings import HEARD, UNHEARD
from store.people import Member
from store.records import RECEIVED
from tests.ear import Ear, Saying
from tests.gopro import Made, write
from tests.integration.intake.desk import Desk, sound

SAID = "Amara here, case note for Jordan. It's Tuesday."


def dropped(desk: Desk, *names: str, content: bytes = b"") -> None:
    """Files at rest in folders of nobody's, taken in."""
    for number, name in enumerate(names):
        path = desk.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content or sound(number))
    desk.settle()
    Adopter(desk.home).look()


def heard(desk: Desk, words: str = SAID) -> Saying:
    """Hear all openings that are due, as a worker does."""
    ear = Saying(words)
    for each in due(desk.home):
        work_on(Work(desk.home, lambda: ear), each.id)
    return ear


def entered(desk: Desk, person: Member) -> TestClient:
    store = desk.home.store
    app = create_app(
        store,
        team="T",
        timezone="Europe/London",
        hosts=["localhost"],
        explain=sentence_for,
        hand=Hand(store),
    )
    made = TestClient(app, base_url="http://127.0.0.1", follow_redirects=False)
    token = store.access.begin(person.id, YOUNG_LIFE)
    made.cookies.set("session", token, domain="127.0.0.1", path="/")
    return made


def test_the_folder_of_who_writes_no_notes_is_nobodys(desk: Desk) -> None:
    """A young person's, also after they were erased, and an administrator's."""
    store, young = desk.home.store, desk.team.young_person
    store.people.add(Member("", "administrator", "ida", "Ida", None), "test")
    dropped(desk, f"{young.handle}/a.wav", f"ida/{desk.team.case.details.ref}/b.wav")
    assert store.recordings.all() == []
    store.erasing.case(desk.team.case.id, "test")
    dropped(desk, f"{young.handle}/c.wav")
    assert store.recordings.all() == []
    assert {each.letter.name for each in waiting_files(store)[0]} == {"a.wav", "b.wav", "c.wav"}
    id_ = waiting_files(store)[0][0].waiting.id
    words = ["give", "--home", str(desk.home.folder), id_, "--to", "ida"]
    assert isinstance(CliRunner().invoke(arrivals, words).exception, UsageError)


@pytest.fixture
def ruth(desk: Desk) -> TestClient:
    return entered(desk, desk.team.supervisor)


def sent(browser: TestClient, path: str, **fields: str) -> int:
    found = re.search(r'name="csrf" value="([^"]+)"', browser.get("/search").text)
    assert found is not None
    return browser.post(path, data={"csrf": found[1], **fields}).status_code


def arrival(desk: Desk) -> str:
    (found,) = desk.home.store.arrivals.ids()
    return found


def test_a_file_at_the_top_is_sealed_heard_and_filed_once_somebody_confirms(
    desk: Desk, ruth: TestClient
) -> None:
    store, content = desk.home.store, sound("a")
    dropped(desk, "visit.wav", content=content)
    assert not (desk.root / "visit.wav").exists()
    (entry,) = store.journal.waiting()
    assert (entry.state, entry.reason, entry.recording_id) == (ATTENTION, "nobody", None)
    assert [type(each) for each in Notes().due(desk.home)] == [Due]
    heard(desk)
    assert Notes().due(desk.home) == []
    assert (store.recordings.all(), store.notes.all()) == ([], [])  # a suggestion, and no more
    page = ruth.get("/unclaimed").text
    assert SAID.replace("'", "&#39;") in page
    ref = desk.team.case.details.ref
    assert f"It is {desk.team.practitioner.name}’s, about Jordan ({ref})" in page
    maker, case = desk.team.practitioner.id, desk.team.case.id
    path = f"/unclaimed/{arrival(desk)}/give"
    assert sent(ruth, path, maker=maker, case=case) == 303
    (recording,) = store.recordings.all()
    assert (recording.practitioner_id, recording.case_id) == (maker, case)
    assert (recording.scope, recording.state) == (case, RECEIVED)
    assert b"".join(store.recordings.open(recording.id)) == content
    assert sent(ruth, path, maker=maker, case=case) == 409  # somebody was first
    assert "There are none." in ruth.get("/unclaimed").text
    actions = [each.action for each in store.audit.events()]
    assert actions.count("opening read") == 1
    assert "arrival given" in actions
    assert store.audit.verify()


def test_nobody_but_a_supervisor_sees_what_is_nobodys(desk: Desk) -> None:
    dropped(desk, "stranger/visit.wav")
    heard(desk)
    browser, store = entered(desk, desk.team.practitioner), desk.home.store
    assert browser.get("/unclaimed").status_code == 404
    assert "nobody’s yet" not in browser.get("/arrived").text
    fields = {"maker": desk.team.practitioner.id, "case": desk.team.case.id, "sure": "yes"}
    for what in ("give", "refuse"):
        assert sent(browser, f"/unclaimed/{arrival(desk)}/{what}", **fields) == 404
    assert len(store.arrivals.ids()) == 1
    assert "opening read" not in [each.action for each in store.audit.events()]
    young = entered(desk, desk.team.young_person)
    assert young.get("/unclaimed").status_code == 404


def test_a_supervisor_is_led_to_where_its_owner_is_named(desk: Desk, ruth: TestClient) -> None:
    dropped(desk, "stranger/visit.wav")
    (entry,) = desk.home.store.journal.waiting()
    for page in ("/arrived", "/work"):
        text = ruth.get(page).text
        assert 'href="/unclaimed">Say whose it is' in text
        assert f"/arrived/{entry.id}/again" not in text  # nothing would come of it


def test_two_of_one_first_name_are_both_offered(desk: Desk, ruth: TestClient) -> None:
    store = desk.home.store
    other = store.people.add(Member("", "practitioner", "amara2", "Amara Diallo", None), "test")
    store.cases.add(CaseDetails("EV-7", "Jordan Bell"), other.id, "test")
    dropped(desk, "one.wav")
    heard(desk)
    page = ruth.get("/unclaimed").text
    assert f"It is {desk.team.practitioner.name}’s, about Jordan" in page
    assert "It is Amara Diallo’s, about Jordan Bell (EV-7)" in page
    heard_surname = "Amara Diallo, case note for Jordan."
    dropped(desk, "two.wav", content=sound("two"))
    heard(desk, heard_surname)
    suggested = json.loads(
        CliRunner().invoke(arrivals, ["list", "--json", "--home", str(desk.home.folder)]).output
    )["files"]
    assert [each["suggested"] for each in suggested][-1] == [{"by": "amara2", "cases": ["EV-7"]}]


def test_a_colleagues_case_is_not_suggested(desk: Desk, ruth: TestClient) -> None:
    store = desk.home.store
    ben = store.people.add(Member("", "practitioner", "ben", "Ben Okoro", None), "test")
    store.cases.add(CaseDetails("EV-8", "Priya"), ben.id, "test")
    dropped(desk, "one.wav")
    heard(desk, "Amara here, case note for Priya.")
    page = ruth.get("/unclaimed").text
    assert "about nobody yet" in page
    assert "about Priya (EV-8)" not in page.partition("Say whose it is")[0]


def test_who_says_nothing_of_themselves_is_not_guessed(desk: Desk, ruth: TestClient) -> None:
    dropped(desk, "one.wav")
    heard(desk, "Case note for Jordan.")
    page = ruth.get("/unclaimed").text
    assert "Nobody on the team says in it that they are speaking." in page
    assert "Perhaps it is" not in page


def test_only_a_minute_is_heard_and_few_words_are_kept(desk: Desk) -> None:
    dropped(desk, "long.wav", content=sound("long", 2 * 16_000 * 90))
    ear = heard(desk, "word " * 300)
    assert ear.heard_ms == [60_000]
    assert desk.team.practitioner.name in (ear.expected or "")  # whose name may be said first
    assert desk.team.case.details.name not in (ear.expected or "")
    opening = desk.home.store.openings.of(arrival(desk))
    assert opening is not None
    assert len(opening.words.split()) == 60


def test_what_needs_an_agreement_is_not_heard_first(desk: Desk, ruth: TestClient) -> None:
    film = desk.home.folder / "film.mp4"
    voice = desk.home.folder / "voice.wav"
    voice.write_bytes(sound("film", 2 * 16_000 * 2))
    write(film, voice, 0, 1, Made())
    dropped(desk, "stranger/film.mp4", content=film.read_bytes())
    dropped(desk, "stranger/EV-1001/session/talk.wav")
    ear = heard(desk)
    assert ear.heard_ms == []
    store = desk.home.store
    found = [store.openings.of(each) for each in store.arrivals.ids()]
    assert {(each.state, each.reason) for each in found if each} == {(UNHEARD, "AgreementNeeded")}
    assert "has to agree first" in ruth.get("/unclaimed").text


@pytest.mark.parametrize(("words", "reason"), [("", "NoSpeech")])
def test_silence_is_said_and_the_file_waits_on(desk: Desk, words: str, reason: str) -> None:
    dropped(desk, "stranger/quiet.wav")
    heard(desk, words)
    opening = desk.home.store.openings.of(arrival(desk))
    assert opening is not None
    assert (opening.state, opening.reason) == (UNHEARD, reason)


def test_a_picture_is_not_listened_to(desk: Desk, ruth: TestClient) -> None:
    sample = Path(__file__).parents[3] / "recorder" / "sample" / "drawing.jpg"
    dropped(desk, "drawing.jpg", content=sample.read_bytes())
    assert due(desk.home) == []
    assert "Nobody can tell from it whose it is." in ruth.get("/unclaimed").text
    fields = {"maker": desk.team.practitioner.id, "case": ""}
    assert sent(ruth, f"/unclaimed/{arrival(desk)}/give", **fields) == 303
    (recording,) = desk.home.store.recordings.all()
    assert (recording.kind, recording.case_id) == ("picture", None)


def test_what_is_given_away_while_it_is_heard_leaves_nothing_behind(desk: Desk) -> None:
    dropped(desk, "visit.wav")
    (item,) = due(desk.home)

    def given() -> Saying:
        Hand(desk.home.store).give(item.id, desk.team.practitioner.id, None, "test")
        return Saying(SAID)

    assert hear_or_wait(Work(desk.home, given), item.id) == "left"
    assert desk.home.store.openings.get(item.id) is None
    assert len(desk.home.store.recordings.all()) == 1


def test_who_comes_second_has_given_nothing_and_the_log_says_so(desk: Desk) -> None:
    store, maker = desk.home.store, desk.team.practitioner.id
    dropped(desk, "visit.wav")
    (file,), _ = waiting_files(store)  # both look at it, and both say whose it is
    assert adopt(store, file, Owner(maker, desk.team.case.id), "first") is not None
    with pytest.raises(ConflictError):
        adopt(store, file, Owner(maker, None), "second")
    given = [each for each in store.audit.events() if each.action == "arrival given"]
    assert [(each.actor, each.object) for each in given] == [("first", file.waiting.id)]
    (recording,) = store.recordings.all()
    assert recording.case_id == desk.team.case.id


def test_an_opening_that_was_settled_before_its_turn_is_left(desk: Desk) -> None:
    dropped(desk, "visit.wav")
    (item,) = due(desk.home)
    Hand(desk.home.store).give(item.id, desk.team.practitioner.id, None, "test")
    assert work_on(Work(desk.home, Ear), item.id) == "left"


def test_a_file_that_kills_its_worker_is_given_up_and_waits_unharmed(desk: Desk) -> None:
    dropped(desk, "visit.wav")
    (item,) = due(desk.home)
    for _ in range(MAX_TRIES):
        Notes().lost(desk.home, item.id, RuntimeError("a worker was lost"))
    opening = desk.home.store.openings.get(item.id)
    assert opening is not None
    assert opening.state == UNHEARD
    assert desk.home.store.arrivals.ids() == [item.id]
    assert failed(desk.home, "0" * 32, RuntimeError("x")) == "left"


def test_a_machines_fault_is_waited_out(desk: Desk) -> None:
    dropped(desk, "visit.wav")
    (item,) = due(desk.home)
    for _ in range(MAX_TRIES + 1):
        assert failed(desk.home, item.id, OSError(28, "x")) == "postponed"
    opening = desk.home.store.openings.get(item.id)
    assert opening is not None
    assert (opening.state, opening.reason) == ("due", "MachineFault")
    assert due(desk.home) == []


def test_it_is_refused_on_the_page_only_with_the_box_ticked(desk: Desk, ruth: TestClient) -> None:
    store = desk.home.store
    dropped(desk, "visit.wav")
    heard(desk)
    path = f"/unclaimed/{arrival(desk)}/refuse"
    assert sent(ruth, path) == 409
    assert len(store.arrivals.ids()) == 1
    assert sent(ruth, path, sure="yes") == 303
    assert (store.arrivals.ids(), list(store.vault.ids())) == ([], [])
    assert [each.state for each in store.journal.recent()] == [DROPPED]
    assert sent(ruth, path, sure="yes") == 409


@pytest.mark.parametrize("fields", [{"maker": ""}, {"maker": "x"}, {"case": "x"}])
def test_a_form_that_names_nobody_files_nothing(
    desk: Desk, ruth: TestClient, fields: dict[str, str]
) -> None:
    dropped(desk, "visit.wav")
    good = {"maker": desk.team.practitioner.id, "case": desk.team.case.id}
    assert sent(ruth, f"/unclaimed/{arrival(desk)}/give", **(good | fields)) == 409
    assert len(desk.home.store.arrivals.ids()) == 1
    assert desk.home.store.recordings.all() == []


def test_whom_it_is_about_stays_chosen_when_nobody_was_named(desk: Desk, ruth: TestClient) -> None:
    dropped(desk, "visit.wav")
    page = ruth.get("/unclaimed").text
    assert " selected" not in page.partition('name="case"')[2].partition("</select>")[0]
    token = page.partition('name="csrf" value="')[2].partition('"')[0]
    fields = {"csrf": token, "maker": "", "case": desk.team.case.id}
    again = ruth.post(f"/unclaimed/{arrival(desk)}/give", data=fields)
    assert again.status_code == 409
    chosen = again.text.partition('name="case"')[2].partition("</select>")[0]
    assert f'value="{desk.team.case.id}" selected' in chosen


def test_who_is_added_gets_what_waits_in_the_folder_of_their_name(desk: Desk) -> None:
    dropped(desk, "newcomer/visit.wav")
    added = desk.home.store.people.add(Member("", "practitioner", "newcomer", "New", None), "test")
    Adopter(desk.home).look()
    (recording,) = desk.home.store.recordings.all()
    assert recording.practitioner_id == added.id
    assert desk.home.store.openings.due() == []


@pytest.fixture
def keeping(desk: Desk) -> Desk:
    desk.set(after_intake="keep")
    return desk


def test_a_source_that_stays_is_taken_once_whatever_becomes_of_it(keeping: Desk) -> None:
    store, maker = keeping.home.store, keeping.team.practitioner.id
    dropped(keeping, "given.wav", "refused.wav", "waits.wav")
    ids = {each.path: each.id for each in Hand(store).files()}
    Hand(store).give(ids["given.wav"], maker, None, "test")
    Hand(store).refuse(ids["refused.wav"], "test")
    for _ in range(2):
        keeping.settle()
        Adopter(keeping.home).look()
        keeping.restart()
    assert store.arrivals.ids() == [ids["waits.wav"]]
    assert len(store.recordings.all()) == 1
    assert len(list(keeping.root.iterdir())) == 3
    states = {each.path: each.state for each in store.journal.recent()}
    assert states == {"given.wav": "sealed", "refused.wav": DROPPED, "waits.wav": ATTENTION}


def test_one_that_came_sealed_is_opened_to_be_heard_and_filed(desk: Desk) -> None:
    recipient, content = desk.home.store.laptops.recipients()[0], sound("laptop")
    whole = b"".join(age.seal_file([recipient], [content]))
    dropped(desk, "visit.wav.age", content=whole)
    assert not (desk.root / "visit.wav.age").exists()
    heard(desk)
    opening = desk.home.store.openings.of(arrival(desk))
    assert opening is not None
    assert (opening.state, opening.words) == (HEARD, SAID)
    hand = Hand(desk.home.store)
    recording_id = hand.give(arrival(desk), desk.team.practitioner.id, None, "test")
    assert b"".join(desk.home.store.recordings.open(recording_id or "")) == content
    broken = bytearray(b"".join(age.seal_file([recipient], [sound("other", 300_000)])))
    broken[-40] ^= 1
    dropped(desk, "broken.wav.age", content=bytes(broken))
    assert (desk.root / "broken.wav.age").exists()
    assert desk.home.store.arrivals.ids() == []


def test_settings_say_what_waits(desk: Desk) -> None:
    quiet = replace(desk.home, settings=structs.replace(desk.home.settings, agreement=("audio",)))
    dropped(desk, "visit.wav")
    ear = Saying(SAID)
    assert hear_or_wait(Work(quiet, lambda: ear), arrival(desk)) == "given up"
    assert ear.heard_ms == []
    with pytest.raises(ConflictError):
        quiet.store.openings.keep(arrival(desk), SAID)


def test_what_waits_for_a_person_is_not_said_to_wait_for_the_machine(desk: Desk) -> None:
    dropped(desk, "visit.wav")
    now = status_of(desk.home)
    assert [item.reason for item in now.attention][:1] == ["nobody"]
    assert now.sealed_waiting == 0
