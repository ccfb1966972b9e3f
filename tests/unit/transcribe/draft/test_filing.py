"""A whole draft: nothing lost, nothing invented, everything on evidence."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates import note_type, recorded_keys
from transcribe.draft import draft, from_script
from transcribe.model import SCRIPT, Draft, Origin, Person, Source, Utterance

PEOPLE = (
    Person("Kwame", "young_person"),
    Person("Dele", "practitioner"),
    Person("Beverley", "supervisor"),
    Person("Mum", "parent"),
    Person("Jermaine", "peer"),
)
AT = datetime(2026, 3, 10, 16, 42)  # noqa: DTZ001 - London time without an offset is the contract
NOTE = """\
Right, okay, recording, um.
This is Dele, case note for Kwame, Tuesday the tenth of March, quarter to four till half four.
We met outdoors, by the river at Wandsworth Park, just me and him.
He looked tired.
He was clear that he was not hit.
I think he's underplaying it.
I'll ring the school tomorrow.
Okay, that's it, bye.
"""


def made(text: str = NOTE, kind: str = "case_note") -> Draft:
    return draft(from_script(text), note_type(kind), PEOPLE, AT)


def test_a_note_is_filed_under_its_headings() -> None:
    assert [one.section for one in made().statements] == [
        "header",
        "header",
        "observation",
        "young_person_words",
        "analysis",
        "action",
    ]
    assert [one.text for one in made().left_out] == [
        "Right, okay, recording, um.",
        "Okay, that's it, bye.",
    ]


def test_the_contact_is_read_from_the_header() -> None:
    contact = made().contact
    assert str(contact.date) == "2026-03-10"
    assert (contact.start_time, contact.end_time) == ("15:45", "16:30")
    assert contact.method == "in person, outdoors"
    assert contact.place == "the river, Wandsworth Park"
    assert contact.present == ("Dele", "Kwame")
    assert (contact.seen, contact.seen_alone) == (True, True)


def test_statements_are_numbered_sourced_and_spoken_by_the_worker() -> None:
    statements = made().statements
    assert [one.id for one in statements] == [f"s{n}" for n in range(1, 7)]
    assert {one.sources for one in statements} == {(Source(recording=SCRIPT),)}
    assert {one.speaker for one in statements} == {"Dele"}
    assert {one.origin for one in statements} == {Origin.MACHINE}


def test_a_denial_keeps_its_negation() -> None:
    assert "He was clear that he was not hit." in [one.text for one in made().statements]


def test_drafting_twice_gives_the_same() -> None:
    assert made() == made()


def test_the_template_is_kept() -> None:
    assert made().template == note_type("case_note").sha256


def test_an_aware_time_is_read_as_london_time() -> None:
    at = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)  # half past midnight on the second, in London
    found = draft(from_script("I'll ring him tomorrow."), note_type("case_note"), PEOPLE, at)
    assert str(found.actions[0].due) == "2026-07-03"


def test_a_badly_heard_sentence_is_marked() -> None:
    heard = Utterance("He looked tired.", Source("r1", 0, 900), probability=0.3)
    clear = replace(heard, probability=0.9)
    found = draft((heard, clear), note_type("case_note"), PEOPLE, AT)
    assert [[check.code for check in one.checks] for one in found.statements] == [["unclear"], []]


def test_a_weekday_that_does_not_fit_is_marked() -> None:
    found = made("I'm seeing him on Monday the eighteenth of March.")
    assert [check.code for check in found.statements[0].checks] == ["weekday"]


def test_a_note_type_without_a_heading_uses_the_nearest() -> None:
    whole = note_type("case_note")
    few = replace(
        whole, sections=tuple(s for s in whole.sections if s.key in {"header", "what_happened"})
    )
    found = draft(from_script(NOTE), few, PEOPLE, AT)
    assert {one.section for one in found.statements} == {"header", "what_happened"}


def test_nothing_said_gives_an_empty_draft() -> None:
    assert made("").statements == ()


SUPERVISION = """\
BEVERLEY: Supervision with Dele, Tuesday the tenth of March, ten o'clock, in the small room.
BEVERLEY: How are you doing in yourself?
DELE: I'm tired, I've not been sleeping.
DELE: It's been a lot.
BEVERLEY: Let's start with Kwame.
DELE: Kwame's been in college every day.
BEVERLEY: And how's your workload?
DELE: Too much, I'm behind on everything.
"""


def test_the_workers_own_matters_stay_in_their_own_section() -> None:
    found = draft(from_script(SUPERVISION), note_type("supervision"), PEOPLE, AT)
    private = [one.text for one in found.statements if one.section == "wellbeing"]
    assert private == [
        "How are you doing in yourself?",
        "I'm tired, I've not been sleeping.",
        "It's been a lot.",
        "And how's your workload?",
        "Too much, I'm behind on everything.",
    ]
    assert found.contact.present == ("Beverley", "Dele")


PHRASES = st.sampled_from(
    [
        "He said, quote, I'm fine, unquote.",
        "I'll ring her on Monday, no sorry, Tuesday.",
        "I think",
        "um",
        "Kwame",
        "no",
        "mum said",
        "by Friday the thirtieth",
        "at half past four",
        "he goes, I'm not going.",
        "We met at home.",
        "please",
        "BEVERLEY: Right, Kwame.",
        "'",
        "quote",
        "to",
    ]
)
SENTENCES = st.lists(
    st.one_of(
        st.lists(PHRASES, min_size=1, max_size=5).map(" ".join),
        st.text(min_size=1, max_size=60).filter(lambda text: bool(text.strip())),
    ),
    max_size=8,
)


@given(SENTENCES, st.sampled_from(recorded_keys()), st.sampled_from([PEOPLE, PEOPLE[:1], ()]))
def test_every_utterance_is_filed_or_left_out(
    said: list[str], kind: str, people: tuple[Person, ...]
) -> None:
    utterances = [
        Utterance(text, Source("r1", 1000 * n, 1000 * n + 900)) for n, text in enumerate(said)
    ]
    found = draft(utterances, note_type(kind), people, AT)
    starts = [source.start_ms for one in found.statements for source in one.sources]
    starts += [one.start_ms for one in found.left_out]
    assert sorted(start or 0 for start in starts) == [1000 * n for n in range(len(said))]
    sections = {section.key for section in note_type(kind).sections}
    assert {one.section for one in found.statements} <= sections
    assert all(one.sources and one.text.strip() for one in found.statements)
    assert all(one.sources for one in found.actions)
    assert all(any(quote in text for text in said) for quote in found.quotes)


@pytest.mark.parametrize("kind", recorded_keys())
def test_every_kind_of_note_drafts(kind: str) -> None:
    assert made(kind=kind).kind == kind


def test_whoever_went_out_is_not_whom_he_means_next() -> None:
    note = (
        "Case note for Kwame, it's Dele, at his uncle's flat.\n"
        "His uncle let me in and then he went out, so it was just the two of us.\n"
        "He said, I don't want to be known for this."
    )
    assert made(note).quotes == ("I don't want to be known for this",)
