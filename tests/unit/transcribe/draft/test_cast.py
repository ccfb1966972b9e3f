"""Who a name, a role or a pronoun stands for."""

from transcribe.draft.attribution import reports
from transcribe.draft.cast import Kind, make_cast
from transcribe.model import Person

PEOPLE = (
    Person("Idris", "young_person"),
    Person("Hannah", "practitioner"),
    Person("Mr Rahmani", "parent"),
    Person("Lynn", "professional"),
    Person("Will", "peer"),
    Person("Paulette", "other"),
)
NOTE = (
    "He was there with his dad Mr Rahmani.",
    "I spoke to his social worker, Lynn.",
    "His foster carer Paulette waited for him.",
)


def test_roles_are_learned_from_the_note() -> None:
    cast = make_cast(PEOPLE, NOTE)
    assert cast.name_of("dad") == "Mr Rahmani"
    assert cast.name_of("social worker") == "Lynn"
    assert cast.name_of("nan") == "Nan"


def test_the_young_persons_pronoun_is_learned_from_the_note() -> None:
    assert make_cast(PEOPLE, NOTE).gender == "he"
    assert make_cast(PEOPLE, ()).gender is None


def test_a_name_that_is_a_word_needs_its_capital() -> None:
    cast = make_cast(PEOPLE, NOTE)
    assert [one.word for one in cast.mentions("he will ring Will")] == ["he", "Will"]


def test_carers_are_not_doubtful_company() -> None:
    assert make_cast(PEOPLE, NOTE).doubtful == frozenset({"Will"})


def test_a_speaker_is_spelled_as_the_case_spells_them() -> None:
    assert make_cast(PEOPLE, NOTE).canonical("HANNAH") == "Hannah"
    assert make_cast(PEOPLE, NOTE).canonical("Nobody") == "Nobody"


def account(text: str) -> list[Kind]:
    return [one.kind for one in reports(text, make_cast(PEOPLE, NOTE), None)]


def test_reports_belong_to_whoever_speaks() -> None:
    assert account("He said he was fine.") == [Kind.YOUNG]
    assert account("Dad told me he was out late.") == [Kind.OTHER]
    assert account("A neighbour came out and said she saw him.") == [Kind.OTHER]
    assert account("She said he was fine.") == [Kind.OTHER]
    assert account("According to Idris it was a joke.") == [Kind.YOUNG]
    assert account("He was told to leave.") == []


def test_their_beside_the_name_may_be_the_familys() -> None:
    met = "I met Idris at their flat."
    assert make_cast(PEOPLE, (met, "He was tired and he went to bed.")).gender == "he"
    assert make_cast(PEOPLE, (met, "They were tired.")).gender == "they"


def test_a_role_and_a_name_in_a_list_are_two_people() -> None:
    people = (*PEOPLE[:2], Person("Stacey's mum", "parent"), Person("Mr Bell", "professional"))
    cast = make_cast(people, ("There was Stacey, mum, Mr Bell and Gina.",))
    assert cast.name_of("mum") == "Stacey's mum"
    people = (*PEOPLE[:2], Person("Stacey's aunt", "other"), Person("Gina", "professional"))
    cast = make_cast(people, ("There was the aunt, Gina and Stacey.",))
    assert cast.name_of("aunt") == "Stacey's aunt"
    assert make_cast(PEOPLE, ("It was mum, Mr Rahmani and me.",)).name_of("mum") == "Mum"


def test_a_foster_mum_is_not_mum() -> None:
    people = (*PEOPLE[:2], Person("Denise", "parent"))
    cast = make_cast(people, ("His mum Denise was there.",))
    assert cast.name_of("mum") == "Denise"
    assert [one.word for one in cast.mentions("his foster mum")] == ["foster mum"]
    assert cast.name_of("foster mum") == "Foster mum"


def test_somebody_without_a_name_is_nowhere_in_a_text() -> None:
    cast = make_cast([Person("", "young_person"), Person("Ravi", "practitioner")], [])

    assert [one.word for one in cast.mentions("Ravi rang her mum.")] == ["Ravi", "mum"]


def test_a_peers_mum_is_not_the_young_persons() -> None:
    cast = make_cast(PEOPLE, (*NOTE, "Will's dad Mr Frost rang."))
    will, dad = list(cast.mentions("Will's dad rang."))
    assert (will.word, cast.called(dad)) == ("Will", "Will's dad")
    assert cast.name_of("dad") == "Mr Rahmani"
    assert [cast.called(one) for one in cast.mentions("Idris's dad rang.")][1] == "Mr Rahmani"
