"""Events for a chronology are sentences of approved notes, under categories from a list."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from recorder.chronology import Event, suggested
from store.notes import Note
from templates.lists import categories
from transcribe.model import Contact, Draft, Origin, Statement

NOTE = Note("a" * 32, "c", "c", "p", "case_note", "approved", 2, 1, 0)
DAY = date(2026, 11, 5)


def events(*said: tuple[str, str], kind: str = "case_note") -> list[Event]:
    statements = tuple(
        Statement(f"s{n}", section, text, Origin.PRACTITIONER, None, ())
        for n, (section, text) in enumerate(said)
    )
    return suggested([(replace(NOTE, kind=kind), DAY, Draft(kind, Contact(), statements))])


def test_a_sentence_is_suggested_word_for_word_with_its_day_and_source() -> None:
    text = "He was ARRESTED  on Friday, he’s out on bail."
    (event,) = events(("what_happened", text), ("what_happened", "We had chips."))
    assert (event.day, event.category, event.title) == (DAY, "police", "Police, arrest or court")
    assert event.description == text
    assert event.source == "Case note, 05/11/2026, version 2"
    assert (event.note, event.number, event.statement) == (NOTE.id, 2, "s0")


def test_words_are_whole_and_stars_take_any_ending() -> None:
    assert events(("worry", "The courtyard was empty.")) == []
    (event,) = events(("worry", "They groomed her, she thinks."))
    assert event.category == "exploitation"


def test_a_category_may_ask_for_a_heading_and_judgement_is_no_event() -> None:
    assert events(("purpose", "We talked about the hospital.")) == []
    assert events(("analysis", "He went missing because he was afraid.")) == []
    assert [each.category for each in events(("decision", "A strategy meeting is on Monday."))] == [
        "decision"
    ]


def test_a_return_home_interview_tells_of_a_missing_episode_once() -> None:
    said = (("what_happened", "He was at a friend’s."), ("what_happened", "They had chips."))
    (event,) = events(*said, kind="return_home_interview")
    assert (event.category, event.statement) == ("missing", "s0")


def test_what_somebody_called_significant_is_suggested_whatever_it_says() -> None:
    said = Statement("s0", "what_happened", "We had chips.", Origin.PRACTITIONER, None, ())
    draft = Draft("case_note", Contact(significant=True), (said,))
    (event,) = suggested([(NOTE, DAY, draft)])
    assert (event.category, event.description) == ("significant", "We had chips.")
    assert suggested([(NOTE, DAY, replace(draft, contact=Contact(significant=False)))]) == []


def test_the_same_sentence_of_a_later_version_is_the_same_suggestion_and_days_stand_in_order() -> (
    None
):
    def of(text: str) -> Draft:
        said = Statement("s0", "worry", text, Origin.PRACTITIONER, None, ())
        return Draft("case_note", Contact(), (said,))

    early = date(2026, 11, 4)
    now, then = suggested([(NOTE, DAY, of("He was stabbed.")), (NOTE, early, of("He was shot."))])[
        ::-1
    ]
    assert (then.day, now.day) == (early, DAY)
    assert then.key != now.key
    (again,) = suggested([(replace(NOTE, number=3), DAY, of("He was stabbed."))])
    assert (again.key, again.number) == (now.key, 3)


def test_every_category_fits_mosaic() -> None:
    found = categories()
    assert len({each.key for each in found}) == len(found) > 5
    assert all(
        0 < len(each.name) <= 100 and (each.say or each.kinds or each.significant) for each in found
    )
