from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.errors import StateError, UnknownError
from recorder.review import revise
from store.people import Member
from transcribe.model import Action, Check, Draft, Origin, Source, Statement

AMARA = Member("p1", "practitioner", "amara", "Amara Cole", None)


def by_id(draft: Draft, key: str) -> Statement:
    return next(statement for statement in draft.statements if statement.id == key)


def test_a_changed_sentence_is_the_editors_and_keeps_its_source(draft: Draft) -> None:
    revised = revise.revise(draft, {"s1": "We met about the plan."}, Origin.PRACTITIONER)
    changed = by_id(revised, "s1")
    assert (changed.text, changed.origin) == ("We met about the plan.", Origin.PRACTITIONER)
    assert changed.sources == by_id(draft, "s1").sources


def test_a_changed_sentence_loses_the_checks_of_its_old_words(draft: Draft) -> None:
    flagged = replace(by_id(draft, "s1"), checks=(Check("unclear", "look", "Listen again."),))
    draft = replace(draft, statements=(flagged, *draft.statements[1:]))
    kept = revise.revise(draft, {"s2": "He said no."}, Origin.PRACTITIONER)
    assert by_id(kept, "s1").checks == flagged.checks
    changed = revise.revise(draft, {"s1": "We met."}, Origin.PRACTITIONER)
    assert by_id(changed, "s1").checks == ()


@pytest.mark.parametrize(
    "form", ["We met  to go over\r\nthe plan.", " We met to go over the plan. "]
)
def test_white_space_that_a_form_changed_makes_nobody_an_author(draft: Draft, form: str) -> None:
    assert revise.revise(draft, {"s1": form}, Origin.PRACTITIONER) == draft


def test_white_space_in_what_was_heard_makes_nobody_an_author(draft: Draft) -> None:
    spaced = replace(draft, statements=(replace(by_id(draft, "s1"), text="We  met, no.\n"),))
    assert revise.revise(spaced, {"s1": "We met, no."}, Origin.PRACTITIONER) == spaced


def test_a_sentence_taken_out_takes_its_quote_and_action_along(draft: Draft) -> None:
    revised = revise.take_out(draft, {"s2": "Hearsay.", "s5": "Done."}, AMARA, 7)
    assert [statement.id for statement in revised.statements] == ["s1", "s3", "s4"]
    assert revised.quotes == ()
    assert revised.actions == ()


def test_a_sentence_taken_out_is_kept_as_it_was_with_who_and_why(draft: Draft) -> None:
    once = revise.take_out(draft, {"s2": " Said by\nhis brother. "}, AMARA, 7)
    twice = revise.take_out(once, {"s4": "Twice in here."}, AMARA, 9)
    kept = [(e.statement, e.by, e.name, e.why, e.at) for e in twice.removed]
    assert kept == [
        (by_id(draft, "s2"), "p1", "Amara Cole", "Said by his brother.", 7),
        (by_id(draft, "s4"), "p1", "Amara Cole", "Twice in here.", 9),
    ]


@pytest.mark.parametrize("why", ["", " \n "])
def test_nothing_is_taken_out_without_a_reason(draft: Draft, why: str) -> None:
    with pytest.raises(StateError, match="say why"):
        revise.take_out(draft, {"s2": why}, AMARA, 7)


def test_an_action_whose_words_changed_keeps_no_stale_date(draft: Draft) -> None:
    dated = replace(draft, actions=(replace(draft.actions[0], due=date(2026, 11, 6)),))
    revised = revise.revise(dated, {"s5": "I will ring his tutor on Monday."}, Origin.PRACTITIONER)
    assert [(each.what, each.due) for each in revised.actions] == [
        ("I will ring his tutor on Monday.", None)
    ]


@pytest.mark.parametrize("text", ["I will take my leave in June.", None])
def test_a_task_of_the_workers_own_goes_with_its_sentence(draft: Draft, text: str | None) -> None:
    source = Source("r9", 1, 2)
    said = Statement("w1", "wellbeing", "I will take my leave.", Origin.MACHINE, "A", (source,))
    own = Action("Take my leave", "A", date(2026, 5, 1), (source,), private=True)
    grown = replace(draft, statements=(*draft.statements, said), actions=(*draft.actions, own))
    changed = (
        revise.take_out(grown, {"w1": "Hers alone."}, AMARA, 7)
        if text is None
        else revise.revise(grown, {"w1": text}, Origin.PRACTITIONER)
    )
    left = changed.actions
    asked = () if text is None else (Action(text, None, None, (source,), private=True),)
    assert left == (*draft.actions, *asked)


def test_actions_of_other_sentences_stay_as_they_are(draft: Draft) -> None:
    assert revise.revise(draft, {"s1": "We met."}, Origin.PRACTITIONER).actions == draft.actions


def test_an_action_that_was_typed_is_listed_with_the_others(draft: Draft) -> None:
    typed = Statement(
        "v2", "action", "See him on Friday.", Origin.PRACTITIONER, "A", (Source(typed_by="p"),)
    )
    assert [each.what for each in revise.add(draft, typed).actions] == [
        "Ring his tutor",
        "See him on Friday.",
    ]


def test_a_sentence_that_is_not_there_cannot_be_changed(draft: Draft) -> None:
    with pytest.raises(UnknownError):
        revise.revise(draft, {"s99": "x"}, Origin.PRACTITIONER)


@pytest.mark.parametrize("text", ["", " \n\t ", "x" * (revise.MAX_TEXT + 1)])
def test_empty_and_endless_sentences_are_refused(draft: Draft, text: str) -> None:
    with pytest.raises(StateError):
        revise.revise(draft, {"s1": text}, Origin.PRACTITIONER)


@given(st.text(max_size=200))
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    if text.split():
        once = revise.clean(text, "why")
        assert revise.clean(once, "why") == once
