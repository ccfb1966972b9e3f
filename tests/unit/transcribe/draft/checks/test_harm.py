"""Words for serious harm, plain and slang, and those that only look like it."""

import pytest

from templates.lists import harms
from tests.unit.transcribe.draft.checks.conftest import TUESDAY, Codes
from transcribe.draft.cast import Cast
from transcribe.draft.checks import Said, checks, harm

SLANG = [
    ("He had a rambo down his trousers.", "weapon"),
    ("They found a zombie knife in the bush.", "weapon"),
    ("He said he was strapped.", "weapon"),
    ("He got chinged outside the shop.", "weapon"),
    ("His cousin got wet up last summer.", "stabbing"),
    ("He's been trapping since he was twelve.", "county_lines"),
    ("They keep it in the bando.", "county_lines"),
    ("He's shotting for the older ones.", "county_lines"),
    ("He said he was going OT on Friday.", "county_lines"),
    ("She went cunch for three weeks.", "county_lines"),
    ("They made her plug it.", "county_lines"),
    ("He is in debt bondage.", "county_lines"),
    ("He was serving nitties all night.", "county_lines"),
    ("There was lean in the bottle.", "drugs"),
    ("They were doing balloons in the park.", "drugs"),
    ("She's on ket most weekends.", "drugs"),
    ("He smoked spice in there.", "drugs"),
    ("He had a zoot before school.", "drugs"),
    ("It was sextortion.", "sexual"),
    ("They asked her for nudes.", "sexual"),
    ("They talk about her body count.", "sexual"),
    ("She texted kms to her friend.", "suicide"),
    ("She wrote that she wants to unalive herself.", "suicide"),
    ("He took an overdose.", "suicide"),
    ("She's cutting again.", "self_harm"),
    ("The opps were outside.", "gang"),
    ("He's on tag until March.", "arrest"),
    ("He got taxed by the olders.", "assault"),
]


@pytest.mark.parametrize(("text", "kind"), SLANG)
def test_slang_that_was_not_said_stops_the_note_and_none_does_that_was(
    text: str, kind: str
) -> None:
    assert kind in {each.harm for each in harm.found(text) if each.sure}
    added = [one for one in checks(text, _said("We talked.")) if one.code == "harm_added"]
    assert {each.level for each in added} == {"block"}
    assert "harm_added" not in [one.code for one in checks(f"{text} Yes.", _said(text))]


INNOCENT = [
    "She is dealing with it well.",
    "We will do a joint visit and a joint assessment.",
    "Home is stable, and he values stability.",
    "She had a panic attack in the lift.",
    "He is carrying on with college.",
    "He drew a plan, and we cut down the list.",
    "He jumped up and kicked off his shoes.",
    "They play in the park with a bat and ball.",
    "She lives in a white house with a brown door.",
    "He is using the bus, and drinking water.",
    "The crack on the wall is still there.",
    "He has moved to Croydon.",
    "Plug in the heater.",
    "He can lean on his nan.",
    "We made hash browns.",
    "It was bathing weather in the country park.",
    "The termination of the tenancy is next week.",
]


@pytest.mark.parametrize("text", INNOCENT)
def test_ordinary_words_that_look_like_harm_stop_nothing(text: str) -> None:
    assert [each.word for each in harm.found(text) if each.sure] == []
    assert [one.code for one in checks(text, _said("We talked."))].count("harm_added") == 0


PERHAPS = ["He said he'd end it.", "She's been linking an older boy.", "He got wet last week."]


@pytest.mark.parametrize("text", PERHAPS)
def test_a_word_with_an_innocent_sense_is_asked_for_when_it_is_left_out_and_stops_nothing(
    text: str,
) -> None:
    assert "harm_dropped" in [one.code for one in checks("We talked.", _said(text))]
    assert "harm_added" not in [one.code for one in checks(text, _said("We talked."))]


def test_a_word_that_may_be_innocent_does_not_cover_for_one_that_is_not(codes: Codes) -> None:
    assert "harm_added" in codes("He got wet.", "He was stabbed.")


def test_a_word_for_all_of_a_harm_stands_on_any_of_it_and_not_the_other_way_round() -> None:
    knife, weapon = harm.found("a knife"), harm.found("a weapon")
    assert harm.covered(weapon[0], knife)
    assert not harm.covered(knife[0], weapon)
    assert not harm.covered(knife[0], harm.found("a gun"))


def test_a_word_within_another_is_none() -> None:
    assert harm.found("He was bathing and had a deadline in the country park.") == ()


def test_no_word_stands_twice_in_one_sort_of_harm() -> None:
    for one in harms():
        words = [each for line in (one.general, *one.kinds, one.perhaps) for each in line]
        assert len(words) == len(set(words)), one.key


def test_two_harms_that_were_not_said_are_both_named_in_the_one_check() -> None:
    found = checks("He had a knife and she is pregnant.", _said("He had lunch."))
    (added,) = [one for one in found if one.code == "harm_added"]
    assert "knife" in added.message
    assert "pregnant" in added.message


def test_a_lost_denial_of_harm_stops_the_note_though_a_lesser_one_was_lost_before_it() -> None:
    said = _said("He was not late, and he was not stabbed.")
    found = {one.code: one.level for one in checks("He was late, and he was stabbed.", said)}
    assert found["negation"] == "block"


def _said(text: str) -> Said:
    return Said(text, TUESDAY, Cast(()))
