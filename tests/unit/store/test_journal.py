from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from store.cases import Case, CaseDetails
from store.errors import ConflictError, TamperedError
from store.files import AGAIN, AS_IT_IS, SPARSE, UNASSIGNED
from store.journal import (
    ARRIVING,
    ATTENTION,
    DUPLICATE,
    GONE,
    REMOVED,
    SEALED,
    SETTLING,
    Journal,
    Look,
    _Details,
    case_folder,
)
from store.people import Member
from store.reach import Reach
from store.records import QUARANTINED, Arrival
from store.store import Store
from store.tables import TEAM, sightings

PATH = "amara/EV-1001/note.wav"


def look(state: str, **more: str) -> Look:
    return Look(PATH, TEAM, None, state, 10, **more)


def test_a_file_has_one_open_entry_that_changes(store: Store) -> None:
    store.journal.note(look(ARRIVING, reason="arriving"))
    store.journal.note(look(ATTENTION, reason="damaged", sentence="Send it again."))
    (entry,) = store.journal.recent()
    assert (entry.state, entry.path, entry.sentence) == (ATTENTION, PATH, "Send it again.")


def test_a_file_that_comes_again_has_an_entry_of_its_own(store: Store) -> None:
    store.journal.note(look(SEALED))
    store.journal.removed(PATH)
    store.journal.note(look(ARRIVING))
    assert sorted(entry.state for entry in store.journal.recent()) == [ARRIVING, REMOVED]
    assert [entry.state for entry in store.journal.waiting()] == [ARRIVING]


def test_a_file_that_goes_away_waits_no_more(store: Store) -> None:
    store.journal.note(look(ATTENTION, reason="damaged"))
    store.journal.keep([], {PATH: GONE})
    assert store.journal.waiting() == []


def taken(store: Store, arrival: Arrival, content: bytes) -> str:
    sealed = store.recordings.seal(arrival.scope, [content])
    return store.recordings.register(sealed, arrival)[0].id


def test_what_was_taken_from_a_path_lies_there_until_it_is_removed(
    store: Store, arrival: Arrival
) -> None:
    assert store.journal.lying() == []
    first = taken(store, arrival, b"x")
    store.journal.note(look(SEALED, recording_id=first, signature="1:2:3:4"))
    assert store.journal.lying() == [(PATH, "1:2:3:4")]
    store.journal.removed(PATH)
    assert store.journal.lying() == []


def test_a_copy_lies_there_until_it_is_removed_and_stays_a_copy(
    store: Store, arrival: Arrival
) -> None:
    first = taken(store, arrival, b"x")
    store.journal.note(look(DUPLICATE, recording_id=first, signature="1:2:3:4"))
    assert store.journal.lying() == [(PATH, "1:2:3:4")]
    store.journal.removed(PATH)
    assert store.journal.lying() == []
    assert [entry.state for entry in store.journal.recent()] == [DUPLICATE]


def test_a_source_that_is_met_again_is_no_copy_of_itself(store: Store, arrival: Arrival) -> None:
    first = taken(store, arrival, b"x")
    store.journal.note(look(SEALED, recording_id=first, signature="1:2:3:4:5"))
    store.journal.note(look(SETTLING))
    store.journal.note(look(DUPLICATE, recording_id=first, signature="1:2:3:4:6"))
    assert [entry.state for entry in store.journal.recent()] == [SEALED]
    assert store.journal.lying() == [(PATH, "1:2:3:4:6")]


def test_a_file_put_in_the_place_of_another_removes_that_ones_source(
    store: Store, arrival: Arrival
) -> None:
    for content in (b"x", b"y"):
        made = taken(store, arrival, content)
        store.journal.note(look(SEALED, recording_id=made, signature=content.decode()))
    assert sorted(entry.state for entry in store.journal.recent()) == [REMOVED, SEALED]
    assert store.journal.lying() == [(PATH, "y")]


EVERYONE = Reach(everyone=True)


def test_what_became_of_a_file_is_what_became_of_its_recording(
    store: Store, arrival: Arrival, practitioner: Member
) -> None:
    for content in (b"case", b"set aside"):
        made = taken(store, arrival, content)
        path = content.decode()
        store.journal.note(Look(path, arrival.scope, practitioner.id, SEALED, 1, recording_id=made))
    store.recordings.quarantine(store.recordings.get(made), "NoSpeech")
    nobodys = replace(arrival, scope=TEAM, case_id=None)
    made = taken(store, nobodys, b"no case")
    store.journal.note(Look("no case", TEAM, practitioner.id, SEALED, 1, recording_id=made))
    store.journal.note(Look("copy", TEAM, practitioner.id, DUPLICATE, 1, recording_id=made))
    store.journal.note(Look("new", TEAM, practitioner.id, SETTLING, 1))
    found = {entry.path: became for became, entry in store.files.page(EVERYONE)}
    assert found == {
        "case": SEALED,
        "set aside": QUARANTINED,
        "no case": UNASSIGNED,
        "copy": DUPLICATE,
        "new": SETTLING,
    }
    assert store.files.tally(EVERYONE) == dict.fromkeys(found.values(), 1)
    (only,) = store.files.page(EVERYONE, [UNASSIGNED])
    assert only[1].path == "no case"


def test_files_come_a_page_at_a_time_and_each_once(store: Store, practitioner: Member) -> None:
    for number in range(7):
        store.journal.note(Look(str(number), TEAM, practitioner.id, ARRIVING, 1))
    pages = [store.files.page(EVERYONE, (), 3, skip) for skip in (0, 3, 6, 9)]
    assert [len(page) for page in pages] == [3, 3, 1, 0]
    assert {entry.path for page in pages for _, entry in page} == set("0123456")


def test_nobody_is_told_of_files_out_of_reach(
    store: Store, arrival: Arrival, practitioner: Member, supervisor: Member
) -> None:
    made = taken(store, arrival, b"x")
    store.journal.note(look(SEALED, recording_id=made))
    store.journal.note(Look("theirs", TEAM, practitioner.id, ARRIVING, 1))
    store.journal.note(Look("moved", TEAM, supervisor.id, SEALED, 1, recording_id=made))
    mine = Reach(practitioner_id=practitioner.id)
    assert [entry.path for _, entry in store.files.page(mine)] == ["theirs"]
    assert store.files.tally(mine) == {ARRIVING: 1}
    assert store.files.page(Reach(practitioner_id=supervisor.id)) == []
    assert len(store.files.page(EVERYONE)) == 3


@pytest.mark.parametrize(("reason", "then"), [("damaged", AGAIN), (SPARSE, AS_IT_IS)])
def test_a_person_has_a_file_tried_again(store: Store, reason: str, then: str) -> None:
    store.journal.note(look(ATTENTION, reason=reason))
    (entry,) = store.journal.waiting()
    assert store.files.asked_at() == 0
    store.files.again(entry.id, "amara")
    (entry,) = store.journal.waiting()
    assert (entry.state, entry.reason) == (ARRIVING, then)
    first = store.files.asked_at()
    assert [event.action for event in store.audit.events()][-1] == "file tried again"
    with pytest.raises(ConflictError):
        store.files.again(entry.id, "amara")
    store.journal.note(look(ATTENTION, reason=reason))
    store.files.again(entry.id, "amara")
    assert store.files.asked_at() > first


def test_a_path_that_is_no_text_is_kept_as_it_is(store: Store) -> None:
    odd = b"amara/\xff\xfe.wav".decode("utf-8", "surrogateescape")
    store.journal.note(Look(odd, TEAM, None, ATTENTION, 1))
    assert [entry.path for entry in store.journal.recent()] == [odd]


def test_entries_of_an_erased_case_are_not_shown(
    store: Store, case: Case, practitioner: Member
) -> None:
    store.journal.note(Look(PATH, case.id, practitioner.id, ARRIVING, 1))
    store.erasing.case(case.id, "test")
    assert store.journal.recent() == []


# --- before there was a case, and after ---------------------------------------------------------

OF_THE_CASE = (PATH, "sam/ev-1001/old/b.wav", "nobody/ EV-1001 /c.wav")
OF_OTHERS = ("amara/EV-1002/note.wav", "amara/EV-1001.wav", "note.wav", "amara/\udcff/x.wav")


def _seen(store: Store, paths: tuple[str, ...], scope: str = TEAM) -> None:
    for path in paths:
        store.journal.note(Look(path, scope, None, ATTENTION, 1, "nobody", "Say whose it is."))


def _scopes(store: Store) -> dict[str, set[str]]:
    """The paths of what is there, by the scope they are sealed under."""
    found: dict[str, set[str]] = {}
    with store.database.read() as connection:
        for row in connection.execute(select(sightings)):
            path = store.journal._details(connection, row).path
            found.setdefault(row.scope, set()).add(path)
    return found


def test_what_was_seen_before_there_was_a_case_is_sealed_under_it(
    store: Store, practitioner: Member
) -> None:
    _seen(store, OF_THE_CASE + OF_OTHERS)
    before = store.journal.waiting()
    case = store.cases.add(CaseDetails("EV-1001", "Jordan"), practitioner.id, "test")
    assert _scopes(store) == {case.id: set(OF_THE_CASE), TEAM: set(OF_OTHERS)}
    found = store.journal.waiting()
    assert [replace(each, case_id=None) for each in found] == before
    assert {each.path for each in found if each.case_id == case.id} == set(OF_THE_CASE)
    assert store.audit.verify() > 0


def test_what_is_seen_in_a_cases_folder_is_sealed_under_it_whoevers_that_lies_in(
    store: Store, case: Case
) -> None:
    _seen(store, OF_THE_CASE + OF_OTHERS)
    assert _scopes(store) == {case.id: set(OF_THE_CASE), TEAM: set(OF_OTHERS)}


def test_an_erased_case_takes_along_what_was_sealed_under_the_team_before(
    store: Store, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Journal, "_scope", lambda *_: TEAM)  # as entries were sealed once
    _seen(store, OF_THE_CASE + OF_OTHERS)
    assert set(_scopes(store)) == {TEAM}
    store.erasing.case(case.id, "test")
    assert _scopes(store) == {TEAM: set(OF_OTHERS)}


@pytest.mark.usefixtures("every_look_later")
def test_what_comes_to_an_erased_cases_folder_is_shown(store: Store, case: Case) -> None:
    store.erasing.case(case.id, "test")
    _seen(store, OF_THE_CASE)
    store.erasing.sweep()
    assert {each.path for each in store.journal.waiting()} == set(OF_THE_CASE)


def test_a_recording_of_no_case_has_no_sources_left_that_went_with_one(
    store: Store, arrival: Arrival, case: Case
) -> None:
    sealed = store.recordings.seal(TEAM, [b"x"])
    unassigned = Arrival(TEAM, None, arrival.practitioner_id, "wav", "audio", "n.wav", 1, "file")
    recording, _ = store.recordings.register(sealed, unassigned)
    store.journal.note(look(SEALED, recording_id=recording.id, signature="1:2:3:4"))
    assert store.journal.sources(recording.id) == [(PATH, "1:2:3:4")]
    store.erasing.case(case.id, "test")
    assert store.journal.sources(recording.id) == []
    assert b"".join(store.recordings.open(recording.id)) == b"x"


@pytest.mark.parametrize(
    ("folders", "ref"),
    [((), None), (("amara",), None), (("amara", "EV-1"), "EV-1"), (("a", "EV-1", "b"), "EV-1")],
)
def test_the_second_folder_is_a_cases(folders: tuple[str, ...], ref: str | None) -> None:
    assert case_folder(folders) == ref


# --- the payload ----------------------------------------------------------------------------------

TEXTS = st.text() | st.binary().map(lambda raw: raw.decode("utf-8", "surrogateescape"))
DETAILS = st.builds(_Details, TEXTS, TEXTS, TEXTS)


@given(DETAILS)
def test_details_survive_the_round_trip_in_one_form(details: _Details) -> None:
    assert _Details.of(details.encoded(), "s1") == details


@given(DETAILS, st.integers(0), st.integers(1, 255))
def test_one_flipped_byte_is_another_path_or_one_known_error(
    details: _Details, at: int, flip: int
) -> None:
    changed = bytearray(details.encoded())
    changed[at % len(changed)] ^= flip
    try:
        found = _Details.of(bytes(changed), "s1")
    except TamperedError:
        return
    assert found != details
    assert found.encoded() == bytes(changed)


ODD = [b"", b"[" * 200_000, b"[]", b'["a","b","c"]', b'["a", "b", 7]', b'["\xff", "", ""]', b"{}"]


@given(st.binary(max_size=40))
def test_any_bytes_are_no_details(payload: bytes) -> None:
    for each in (payload, *ODD, json.dumps(["a", "b", "c"]).encode("utf-16")):
        with pytest.raises(TamperedError) as refused:
            _Details.of(each, "s1")
        assert refused.value.__cause__ is None
