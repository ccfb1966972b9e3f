"""A sentence against what was said: what differs is found, what is the same in other words is not."""

import pytest

from tests.unit.transcribe.draft.checks.conftest import TUESDAY, Codes
from transcribe.draft.cast import Cast
from transcribe.draft.checks import Said, checks

SAME = [
    ("Mum said Jermaine rang him.", "Mum said Jermaine rang him."),
    ("He was hit by three boys.", "Kwame was hit by 3 boys."),
    ("He'll come at half four.", "Kwame will come at 16:30."),
    ("We meet on the eighteenth of March.", "We meet on 18/3."),
    ("We meet on the eighteenth of March.", "We meet on Wednesday 18 March 2026."),
    ("I'll ring mum tomorrow.", "I will ring mum on Wednesday."),
    ("He got off the two one nine bus.", "He got off the 219 bus."),
    ("He owes two hundred and fifty pounds.", "He owes £250."),
    ("His attendance is ninety two percent.", "His attendance is 92%."),
    ("I saw Zoë outside.", "I saw Zoe outside."),
    ("It’s Mum’s flat.", "It is Mum's flat."),
    ("He didn't hit Jermaine.", "Kwame did not hit Jermaine."),
    ("He denied hitting Jermaine.", "He said that he did not hit Jermaine."),
    ("She was stopped by the police.", "The police stopped her."),
    ("He had a shank on him.", "He had a knife on him."),
    ("I'll see him.", "Dele will see him."),
    ("He said no and walked off.", "He said no straight away and walked off."),
    ("He said, quote, I'm not going, unquote.", "He said “I'm not going”."),
    ("I see him every fortnight.", "I see Kwame every 2 weeks."),
    ("He waited half an hour.", "Kwame waited for 30 minutes."),
    ("He was out for two and a half hours.", "Kwame was out for 2.5 hours."),
    ("He told mum no and left.", "When he told mum no, he left."),
    ("He isn't in school and hasn't been for weeks.", "Kwame has not been in school for weeks."),
    ("The next one's the eighteenth.", "The next meeting is on Wednesday 18 March."),
    ("I'll ring her tonight.", "I will call her this evening."),
    ("He can't get in.", "Kwame is unable to get in."),
    ("He was not at home.", "Kwame was out."),
    ("The the dog was out.", "The the dog was out."),
]


@pytest.mark.parametrize(("said", "text"), SAME)
def test_the_same_in_other_words_is_let_be(codes: Codes, said: str, text: str) -> None:
    assert codes(said, text) == []


OTHER = [
    ("Mum said Jermaine rang him.", "Mum said Zoë rang him.", "name"),
    ("Mum said Jermaine rang him.", "Mum said Darren rang him.", "name"),
    ("He went home.", "Dave went home.", "name"),
    ("Mum told Jermaine to stop.", "Jermaine told mum to stop.", "who"),
    ("I'll ring the school.", "He'll ring the school.", "who"),
    ("Kwame was hit by Jermaine.", "Jermaine was hit by Kwame.", "who"),
    ("Kwame came in.", "She came in.", "who"),
    ("I asked him to leave.", "I asked me to leave.", "who"),
    ("Three boys came.", "Four boys came.", "number"),
    ("Two girls and three boys came.", "Three girls and two boys came.", "number"),
    ("I've got two days left.", "I've got one day left.", "number"),
    ("We meet on the eighteenth of March.", "We meet on 19/3.", "date"),
    ("We meet on Thursday.", "We meet on Friday.", "date"),
    ("It was in June.", "It was in July.", "date"),
    ("He came at half four.", "He came at 17:30.", "time"),
    ("He came in the morning.", "He came in the evening.", "time"),
    ("He was not at school.", "He was at school.", "negation"),
    ("He was at school.", "He was not at school.", "negation"),
    ("Nobody saw him.", "Somebody saw him.", "negation"),
    ("He said no, he hasn't eaten.", "He said he has eaten.", "negation"),
    ("He said, quote, I'm not going, unquote.", "He said “I'm going now”.", "quote"),
    ("We talked.", "We talked about the stabbing.", "harm_added"),
    ("He had a knife.", "He had a thing.", "harm_dropped"),
    ("He waited one and a half hours.", "He waited for 2.5 hours.", "number"),
    ("It cost £4.50.", "It cost £4.75.", "number"),
    ("He didn't join in with it.", "Kwame did take part in it.", "negation"),
    ("He has changed since Christmas.", "Since then Kwame is not the same.", "negation"),
    ("He rang Zoë about his exam.", "Zoë's exam is what he rang about, said Darren.", "name"),
    ("She told me about school.", "Darren's school was what we talked of.", "name"),
    (
        "Jermaine put a brick through the shop window, and Zoë rang me.",
        "Zoë and a brick were at the shop window.",
        "who",
    ),
    ("I said I'd ring mum.", "I said I would ring his father.", "name"),
    ("Мы говорили.", "Он видел Даррена.", "name"),
]


@pytest.mark.parametrize(("said", "text", "code"), OTHER)
def test_what_was_not_said_is_found(codes: Codes, said: str, text: str, code: str) -> None:
    assert code in codes(said, text)


def test_harm_that_nobody_spoke_of_blocks_and_so_does_a_lost_denial_of_it() -> None:
    said = Said("He was not stabbed.", TUESDAY, Cast(()))
    levels = {each.code: each.level for each in checks("He was stabbed.", said)}
    assert levels["negation"] == "block"
    added = checks("He was not stabbed but shot at with a gun.", said)
    assert {each.code: each.level for each in added}["harm_added"] == "block"
    milder = Said("He was not late.", TUESDAY, Cast(()))
    assert [each.level for each in checks("He was late.", milder)] == ["look"]


def test_each_check_is_one_sentence_with_something_to_do() -> None:
    for said, text, _ in OTHER:
        for each in checks(text, Said(said, TUESDAY, Cast(()), "Dele")):
            assert each.message.endswith(".")
            assert any(word in each.message for word in ("Listen", "Check", "Add", "Write"))


def test_a_check_of_one_kind_stands_once(codes: Codes) -> None:
    found = codes("Three boys came.", "Four girls and five men came with Darren and Dave.")
    assert len(found) == len(set(found))


def test_a_name_may_stand_for_a_pronoun_when_it_was_just_spoken_of(codes: Codes) -> None:
    said, text = "She told me about the row.", "Zoë told me about the row."
    assert codes(said, text, before="Zoë was at the door.") == []
    assert codes(said, text) == ["name"]


def test_what_was_hard_to_hear_is_marked() -> None:
    for probability, found in ((0.49, ["unclear"]), (0.5, []), (None, [])):
        said = Said("He went.", TUESDAY, Cast(()), None, probability)
        assert [each.code for each in checks("He went.", said)] == found
