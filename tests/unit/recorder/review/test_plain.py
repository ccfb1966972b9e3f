from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.review.kept import quotes, untrue
from recorder.review.plain import Two, names_of, written_to
from recorder.review.plainer import OLDEST, YOUNGEST, reads
from templates.lists import hards
from transcribe.draft.checks.figures import found as figures_in
from transcribe.draft.checks.harm import found as harm_in
from transcribe.draft.checks.negation import denies
from transcribe.draft.checks.stems import TOKEN, folded

TWO = Two(names_of({"Jordan Bell", "JB"}), names_of({"Amara Cole"}))


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("Jordan is doing well at school.", "You are doing well at school."),
        ("Jordan was not stabbed.", "You were not stabbed."),
        ("I met Jordan at the park.", "I met you at the park."),
        ("Amara met Jordan Bell at the hub.", "I met you at the hub."),
        ("Jordan and I agreed to meet on Thursday.", "We agreed to meet on Thursday."),
        ("Amara and Jordan agreed a plan.", "We agreed a plan."),
        ("Jordan's nan was pleased.", "Your nan was pleased."),
        ("Jordan told Amara about it.", "You told me about it."),
        ("Jordan still likes football.", "You still like football."),
        ("I think Jordan has not been hurt.", "I think you have not been hurt."),
        ("Jordan said: “I want Jordan's bike”.", "You said: “I want Jordan's bike”."),
        ("Amara will ring on 3 December at 4pm.", "I will ring on 3 December at 4pm."),
    ],
)
def test_a_sentence_is_written_to_them_where_a_rule_is_sure(said: str, written: str) -> None:
    assert written_to(said, TWO, "Amara Cole") == written


@pytest.mark.parametrize(
    "said",
    [
        "Jordan said he hit him.",
        "Jordan said he wants to go home.",
        "The boy with Jordan was stabbed.",
        "Nan or Jordan was late.",
        "Jordan's been in trouble.",
        "Was Jordan there?",
        "Jordan lives with Nan and plays football.",
        "Jordan Road is near.",
        "The Jordan family was there.",
        "Jordan runs.",
        "Jordan said “I never",
        "Nan told Amara was late.",
    ],
)
def test_a_sentence_stays_as_it_was_where_a_rule_is_not_sure(said: str) -> None:
    assert written_to(said, TWO, "Amara Cole") == said


def test_their_own_words_are_given_as_their_own() -> None:
    said = "I don't like it there."
    assert written_to(said, TWO, "Jordan Bell") == "You said: “I don't like it there.”"
    assert written_to("I rang Jordan.", TWO, "Ruth Adeyemi") == "I rang Jordan."


def test_a_name_that_somebody_else_has_too_stays() -> None:
    two = Two(TWO.young, TWO.worker, frozenset({"jordan"}))
    assert written_to("Jordan hit Nan.", two, "Amara Cole") == "Jordan hit Nan."


WHO = st.sampled_from(["Jordan", "Jordan Bell", "Amara", "I", "Nan", "The boy with Jordan", "He"])
DID = st.sampled_from(
    "is was has wants said told met did_not was_not never_went likes_and_is refused".split()
)
WHAT = st.sampled_from(
    [
        "stabbed twice with a knife",
        "to Nan's house on Thursday 13 November",
        "Jordan about the £250",
        "“I never took it”",
        "raped by 3 men",
        "cannabis at 4pm",
        "no weapon and was hurt",
        "Jordan's brother",
        "Amara",
        "well",
    ]
)


def _made(who: str, did: str, what: str) -> str:
    return f"{who} {did.replace('_', ' ')} {what}."


@given(parts=st.lists(st.builds(_made, WHO, DID, WHAT), min_size=1, max_size=3))
def test_nothing_that_matters_is_lost_or_comes_in_when_it_is_written_to_them(
    parts: list[str],
) -> None:
    text = " ".join(parts)
    written = written_to(text, TWO, "Amara Cole")
    assert quotes(written) == quotes(text)
    assert [each.value for each in figures_in(written)] == [each.value for each in figures_in(text)]
    assert [each.word for each in harm_in(written)] == [each.word for each in harm_in(text)]
    tokens, before = (TOKEN.findall(folded(each)) for each in (written, text))
    assert list(map(denies, tokens)).count(True) == list(map(denies, before)).count(True)
    assert untrue(written, text) == ()


@pytest.mark.parametrize(
    ("written", "note"),
    [
        ("You were stabbed.", "You were not stabbed."),
        ("You were not stabbed.", "You were stabbed."),
        ("You got £50.", "You got £500."),
        ("You got some money.", "You got £500."),
        ("You had a hard time.", "You were raped."),
        ("You talked about weed.", "You talked about weed and a knife."),
        ("You said “no”.", "You said “no way”."),
        ("You said no.", "You said “no”."),
        ("I will ring.", "I will ring on Thursday."),
        ("I will ring on Friday.", "I will ring on Thursday."),
        ("I met you at 5pm.", "I met you at 4pm."),
        ("You had a knife.", "You had a bike."),
    ],
)
def test_what_is_softened_or_made_up_is_found(written: str, note: str) -> None:
    assert untrue(written, note)


@pytest.mark.parametrize(
    ("written", "note"),
    [
        ("We talked about weed.", "We discussed cannabis."),
        ("You did not want to talk.", "You declined to engage."),
        ("You felt sad. You told me why.", "You were low in mood and explained the reasons."),
        ("I will ring you on Thursday.", "I will telephone you on Thursday."),
    ],
)
def test_plainer_words_for_the_same_are_let_through(written: str, note: str) -> None:
    assert untrue(written, note) == ()


def test_hard_words_are_told_with_plainer_ones() -> None:
    hard = reads("There were safeguarding concerns. You were asked to disclose it to Jordan.")
    assert hard.age > reads("I was worried about you. I asked you to tell me.").age
    told = {each.word: each.instead for each in hard.hard}
    assert told["safeguarding concerns"] == "“worries about your safety”"
    assert "told somebody" in told["disclose"]
    assert not {"safeguarding", "Jordan", "jordan"} & told.keys()


@pytest.mark.parametrize(
    "text", ["", "17", "xyzzy", "!", "Ashanti rang kofi", "x" * 2000, "<b>a1b"]
)
def test_no_word_is_too_strange_to_be_read(text: str) -> None:
    assert YOUNGEST <= reads(text).age <= OLDEST


def test_a_long_sentence_is_told() -> None:
    assert reads("word " * 21 + ".").long
    assert not reads("Short one. " * 10).long


def test_every_hard_word_has_a_plainer_one() -> None:
    for each in hards():
        assert each.instead.startswith("“")
        assert each.instead.endswith("”")
        assert each.say


def test_white_space_in_a_quotation_is_not_words() -> None:
    # A form sends a sentence with its white space tidied: nobody has changed it by that.
    assert untrue("You said: “not my fault”", "You said: “not  my\u2028fault”") == ()
    assert untrue("You said: “my fault”", "You said: “not  my fault”")
