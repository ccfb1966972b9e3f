from __future__ import annotations

import json
from dataclasses import replace

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recorder.home import Home
from recorder.intake.letters import FileLetter, encode
from recorder.retention.certificates import FORMAT, certificates
from recorder.retention.due import HELD, NOT_DONE
from recorder.retention.going import preview, run
from store.cases import CaseDetails
from store.disposal import ARRIVAL, SOUND, TRANSCRIPT, VERSION
from store.errors import SoundErasedError
from store.receiving import open_receiving
from store.records import Arrival
from store.session import now_ms
from tests.unit.recorder.retention.conftest import DAY, MATTERS, UNDONE, Make, note_of

LATER = 400 * DAY


def _set(home: Home, **values: int | bool) -> Home:
    return replace(home, settings=msgspec.structs.replace(home.settings, **values))


def _gone(home: Home, kind: str = SOUND) -> set[str]:
    return {each.object for each in home.store.disposing.all() if each.kind == kind}


def _run_long_after(home: Home) -> None:
    """Told of on one day, and gone a long time after."""
    run(home, "test")
    run(home, "test", now_ms() + LATER)


def test_sound_goes_thirty_days_after_the_receipt_and_the_draft_with_it(
    home: Home, make: Make
) -> None:
    recording, began = make(), now_ms()
    run(home, "test", began)
    run(home, "test", began + 29 * DAY)
    assert _gone(home) == set()
    ran = run(home, "test", began + 31 * DAY)
    assert {each.kind for each in ran.gone} == {SOUND, VERSION}
    assert _gone(home) == {recording.id}
    with pytest.raises(SoundErasedError):
        home.store.recordings.open(recording.id)
    assert home.store.recordings.transcript(recording.id) == b"heard"
    first, second = home.store.notes.versions(note_of(home.store, recording).id, 2)
    assert (first.payload, second.payload) == (b"", b"{}")
    assert list(home.store.vault.ids()) == []
    assert home.store.audit.verify() > 0


def test_nothing_goes_that_was_not_in_the_preview_for_long_enough(home: Home, make: Make) -> None:
    recording, soon = make(), _set(home, keep_sound_days=1, keep_draft_days=1)
    began = now_ms()
    assert run(soon, "test", began + 10 * DAY).gone == ()
    assert run(soon, "test", began + 13 * DAY).gone == ()
    home.store.disposing.tell(())  # something stopped it, and does no longer
    assert run(soon, "test", began + 13 * DAY).told > 0
    assert _gone(home) == set()
    run(soon, "test", began + 15 * DAY)
    assert _gone(home) == {recording.id}


def test_nothing_goes_while_the_rules_are_off_and_the_preview_shows_it_all(
    home: Home, make: Make
) -> None:
    recording = make()
    off = _set(home, retention=False)
    _run_long_after(off)
    assert _gone(home) == set()
    (sound,) = (each for each in preview(off).going if each.item.things[0].kind == SOUND)
    assert [each.object for each in sound.item.things] == [recording.id]
    assert sound.goes_at >= now_ms() + 29 * DAY


@pytest.mark.parametrize(
    ("setting", "kind"), [("keep_sound_days", SOUND), ("keep_draft_days", VERSION)]
)
def test_a_rule_that_says_never_erases_nothing(
    home: Home, make: Make, setting: str, kind: str
) -> None:
    make()
    never = _set(home, **{setting: 0})
    _run_long_after(never)
    assert _gone(home, kind) == set()
    assert kind not in {each.item.things[0].kind for each in preview(never).going}


def test_what_was_heard_goes_only_where_a_council_says_so_and_after_the_sound(
    home: Home, make: Make
) -> None:
    recording = make()
    also = _set(home, keep_transcript_days=60)
    _run_long_after(also)
    assert _gone(home, TRANSCRIPT) == set()
    _run_long_after(also)
    assert _gone(home, TRANSCRIPT) == {recording.id}
    assert home.store.recordings.transcript(recording.id) is None


_STATES = st.lists(st.sets(st.sampled_from(MATTERS + UNDONE), max_size=2), min_size=1, max_size=3)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(states=_STATES)
def test_whatever_is_the_matter_with_it_it_stays_and_all_else_goes(
    home: Home, make: Make, states: list[set[str]]
) -> None:
    made = {make(*sorted(matters)).id: matters for matters in states}
    _run_long_after(home)
    stays = {each.id for each in home.store.recordings.all() if each.gone_at is None}
    assert stays & made.keys() == {key for key, matters in made.items() if matters}
    for each in stays:
        assert b"".join(home.store.recordings.open(each)).startswith(b"what was said")


@pytest.mark.parametrize("matter", MATTERS + UNDONE)
def test_each_thing_that_can_be_the_matter_keeps_it(home: Home, make: Make, matter: str) -> None:
    kept, other = make(matter), make()
    _run_long_after(home)
    assert _gone(home) == {other.id}
    (shown,) = (
        each
        for each in preview(home).going
        if kept.id in {thing.object for thing in each.item.things}
    )
    assert shown.goes_at == 0
    assert (shown.item.kept == (NOT_DONE,)) == (matter in UNDONE)


def test_a_picture_and_what_a_young_person_recorded_are_kept_unless_a_council_says_otherwise(
    home: Home, make: Make
) -> None:
    picture, theirs = make(kind="picture"), make(said_by="f" * 32)
    _run_long_after(home)
    assert _gone(home) == set()
    _run_long_after(_set(home, keep_picture_days=5, keep_theirs_days=5))
    assert {
        (each.object, each.rule) for each in home.store.disposing.all() if each.kind == SOUND
    } == {
        (picture.id, "pictures"),
        (theirs.id, "theirs"),
    }


def test_what_failed_goes_by_its_own_rule(home: Home, make: Make) -> None:
    store = home.store
    recording = make("draft")
    maker = store.people.get(recording.practitioner_id)
    case = store.cases.add(CaseDetails("EV-F", "Jo"), maker.id, "test")

    new = Arrival(case.id, case.id, maker.id, "wav", "audio", "b.wav", 1, "file")
    broken, _ = store.recordings.register(store.recordings.seal(case.id, [b"noise"]), new)
    store.recordings.quarantine(broken, "NoSpeech")
    run(home, "test")
    run(home, "test", now_ms() + 80 * DAY)
    assert _gone(home) == set()
    run(home, "test", now_ms() + 91 * DAY)
    (done,) = store.disposing.all()
    assert (done.object, done.rule) == (broken.id, "failed")


def test_a_file_of_nobodys_goes_unless_anything_is_held(home: Home, make: Make) -> None:

    url = home.store.database.engine.url.render_as_string(hide_password=False)
    receiving = open_receiving(url, home.folder / "vault", home.folder / "receive.json")
    letter = FileLetter("elsewhere/a.wav", "1-2-3", "wav", "audio", 1)
    receiving.leave(receiving.seal([b"left by somebody"]), "e" * 64, encode(letter))
    receiving.close()
    (left,) = home.store.arrivals.ids()
    hold = home.store.holds.place(make("draft").scope, "an inquiry", "test")
    _run_long_after(home)
    assert home.store.arrivals.ids() == [left]
    assert [each.item.kept for each in preview(home).going if each.item.rule == "nobodys"] == [
        (HELD,)
    ]
    home.store.holds.release(hold, "over", "test")
    _run_long_after(home)
    assert home.store.arrivals.ids() == []
    assert _gone(home, ARRIVAL) == {left}
    assert home.store.strays.orphans() == set()


def test_certificates_hold_ids_sums_and_rules_and_no_words(home: Home, make: Make) -> None:
    recording = make()
    _run_long_after(home)
    found = json.loads(certificates(home.store, "test"))
    assert found["format"] == FORMAT
    sound = next(each for each in found["certificates"] if each["kind"] == SOUND)
    assert (sound["object"], sound["rule"], sound["actor"]) == (recording.id, "sound", "test")
    details = home.store.recordings.details(recording.id)
    assert (sound["sha256"], sound["size"]) == (details.payload_sha256, details.payload_size)
    assert sound["told_at"] <= sound["at"]


def test_the_schedule_for_whole_records_is_told_of_and_never_done(home: Home, make: Make) -> None:
    recording, _ = make("draft"), make("draft")
    home.store.cases.complete(recording.scope, "900001", "2008-02-29", "test")
    shown = preview(_set(home, keep_record_years=75)).endings
    ends = {each.case_id: each.ends and each.ends.isoformat() for each in shown}
    assert ends[recording.scope] == "2083-03-01"
    assert sorted(str(each) for each in ends.values()) == ["2083-03-01", "None"]


def test_a_rule_can_be_named_in_the_log(home: Home) -> None:
    for each in preview(home).rules.every:
        assert len(f"{each.kind} erased by rule {each.name}") <= 40
        assert len(f"{each.kind} to go by rule {each.name}") <= 40
