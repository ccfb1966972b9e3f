"""Names and local terms for the speech engine."""

from hypothesis import given
from hypothesis import strategies as st

from transcribe.model import Person
from transcribe.vocabulary import GLOSSARY, LONGEST, hotwords


def test_names_come_first_and_terms_after() -> None:
    people = [Person("Kwame", "young_person"), Person("Mr Rahmani", "parent")]
    assert hotwords(people, ["MASH", "NRM"]) == (
        "This is a note about Kwame and Mr Rahmani. We talked about MASH and NRM."
    )


def test_whoever_is_nearest_to_the_young_person_comes_first() -> None:
    people = [
        Person("Jade", "peer"),
        Person("Denise", "parent"),
        Person("Hannah", "practitioner"),
        Person("Kwame", "young_person"),
        Person("Curtis", "professional"),
    ]
    assert hotwords(people, []) == "This is a note about Kwame, Hannah, Denise, Jade and Curtis."


def test_what_people_corrected_stands_between_names_and_terms() -> None:
    line = hotwords([Person("Kwame", "young_person")], ["MASH"], ["Osterley", "kwame", " Evo lve "])
    assert line == (
        "This is a note about Kwame. I mentioned Osterley and Evo lve. We talked about MASH."
    )


def test_many_corrections_leave_room_for_the_glossary() -> None:
    rewritten = "Then a boy called Darrell came up to us."
    line = hotwords([], ["MASH"], [rewritten, *(f"word{number}" for number in range(60))])
    assert line is not None
    assert line.endswith("We talked about MASH.")
    assert "Darrell" not in line
    assert "word13" in line
    assert "word14" not in line


def test_nothing_stands_twice() -> None:
    people = [Person("Kwame", "young_person"), Person("Kwame's mum", "parent")]
    assert hotwords(people, ["Mash", "MASH", "kwame"]) == (
        "This is a note about Kwame. We talked about Mash."
    )


def test_plain_roles_are_no_names() -> None:
    assert hotwords([Person("Mum", "parent")], []) is None


def test_without_a_glossary_there_are_names_alone() -> None:
    assert hotwords([Person("Kwame", "young_person")]) == "This is a note about Kwame."


def test_the_glossary_fits_beside_a_few_names() -> None:
    line = hotwords([Person("Siobhan", "young_person"), Person("Adaeze", "professional")], GLOSSARY)
    assert line is not None
    assert line.endswith(f"{GLOSSARY[-1]}.")


def test_many_names_make_several_sentences() -> None:
    line = hotwords([Person(name, "peer") for name in "ABCDEFGH"], [])
    assert line == "This is a note about A, B, C, D, E, F and G. I also spoke to H."


@given(st.lists(st.text(max_size=30), max_size=60), st.lists(st.text(max_size=200), max_size=20))
def test_the_line_is_bounded_and_whole(names: list[str], terms: list[str]) -> None:
    line = hotwords([Person(name, "peer") for name in names], terms, terms[::2])
    assert line is None or 0 < len(line) <= LONGEST


def test_whose_mum_somebody_is_adds_nothing_whichever_apostrophe_is_typed() -> None:
    people = [Person("Kwame’s mum", "parent"), Person("James' big brother", "other")]
    assert hotwords(people, []) == "This is a note about Kwame and James."
