"""Names of the case that were heard as something else."""

import pytest

from transcribe.names import Likely, likely_names, of_people, of_terms

NAMES = ("Siobhan", "Hannah", "Tomasz", "Mr Rahmani", "Delroy", "Ty", "Siobhan's mum", "M Price")
MORE = (*NAMES, "Halima", "Cecilia", "Caoimhe", "Łukasz")
# What the speech model has in one piece: common words, and common names in their capitals.
COMMON = frozenset(
    "i the saw and with said we met del roy man by to two Thomas Del Roy Sean Said Hannah Follow "
    "Shade Lee Mar follow shade".split()
)


def found(
    text: str, names: tuple[str, ...] = NAMES, probable: float = 1.0
) -> list[tuple[str, str, bool]]:
    words = text.split()
    glossary = ("Section 47", "Ramani House")
    return [
        (" ".join(words[each.start : each.end]), each.name, each.sure)
        for each in likely_names(
            words, names, glossary, COMMON.__contains__, [probable] * len(words)
        )
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I saw Shivon.", [("Shivon.", "Siobhan", True)]),
        ("I saw Shivon's mum", [("Shivon's", "Siobhan", True)]),
        ("and Hano said", [("Hano", "Hannah", True)]),
        ("Shivon said", [("Shivon", "Siobhan", True)]),  # no word begins a sentence like this
        ("met Del Roy.", [("Del Roy.", "Delroy", True)]),  # two words that sound the same
        ("we met Mr Romani.", [("Romani.", "Rahmani", True)]),
        ("we met Tye", [("Tye", "Ty", True)]),
        ("we met Har Lee Mar", [("Har Lee Mar", "Halima", True)]),  # three that sound the same
        ("we met CC Lee a", [("CC Lee a", "Cecilia", True)]),  # what nobody can say is spelt out
        ("and Kiva's mum", [("Kiva's", "Caoimhe", True)]),
        ("saw Lukas", [("Lukas", "Łukasz", True)]),
        ("I saw Hano and Shivon", [("Hano", "Hannah", True), ("Shivon", "Siobhan", True)]),
    ],
)
def test_a_word_that_sounds_like_a_name_is_taken_for_it(
    text: str, expected: list[tuple[str, str, bool]]
) -> None:
    assert found(text, MORE) == expected


@pytest.mark.parametrize(("probable", "expected"), [(0.9, []), (0.4, ["Folasade"])])
def test_common_words_are_nearly_a_name_only_where_the_model_hardly_believes_them(
    probable: float, expected: list[str]
) -> None:
    """And only where each is written as a name."""
    assert [
        name for _, name, _ in found("and Follow Shade has", ("Folasade",), probable)
    ] == expected
    assert found("and follow shade has", ("Folasade",), probable) == []


def test_a_common_name_stays_and_is_only_asked_about() -> None:
    assert found("with Thomas.") == [("Thomas.", "Tomasz", False)]


@pytest.mark.parametrize(
    "text",
    [
        "Siobhan and Hannah said Tomasz",  # as the case spells them
        "I saw hano",  # no capital
        "Said by the man",  # a common word that begins a sentence
        "we met two. To Del. Roy said",  # a stop between them
        "I saw Sean and Jordan",  # other names
        "I saw Del's Roy",  # two people: what one has is no part of a name
        "by Ramani House",  # a term of the team
        "on Tuesday in May",
        "47 Price £20 7:15",
        "",
    ],
)
def test_anything_else_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_two_names_that_are_as_near_are_both_offered_and_none_is_taken() -> None:
    assert found("I saw Layla.", ("Leila", "Laila")) == [("Layla.", "Laila or Leila", False)]


def test_titles_initials_and_relations_are_no_names() -> None:
    names = ("Mr Rahmani", "Auntie Bisi", "Kwame's mum", "M Price", "Mum", "Kwame", "Aunt Sonia")
    assert of_people((*names, "Big Zed", "Mum's boyfriend Dean", "jo from school")) == (
        *("Rahmani", "Bisi", "Kwame", "Price", "Sonia", "Zed", "Dean"),
        *("jo", "from", "school"),
    )


def test_with_nobody_known_nothing_is_found() -> None:
    assert found("I saw Shivon.", ()) == []


def test_what_is_found_says_where() -> None:
    (one,) = likely_names(["I", "saw", "Hano"], ["Hannah"], (), COMMON.__contains__)
    assert one == Likely(2, 3, "Hannah", sure=True)


def test_of_a_teams_terms_those_are_looked_for_that_nobody_else_writes() -> None:
    terms = ("MASH", "NRM", "Section 47", "county lines", "SENCo", "Garratt Lane", "Mosaic")
    assert of_terms((*terms, "SENCo", "Roehampton")) == ("SENCo", "Roehampton")
