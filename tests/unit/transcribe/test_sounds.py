from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcribe.sounds import apart, difference, within

ONE_NAME = (
    "Jo Joe|Kai Kye|Kai Ky|Zac Zach|Zac Zak|Zack Zach|Leila Layla|Aiden Aidan|Ayden Aidan|Tyrell Tyrel"
    "|Tyrell Terrell|Chidi Cheedy|Kwame Quame|Kwame Kwarme|Amara Amora|Taylor Tayla|Kiera Keira"
    "|Kira Keira|Rhys Reece|Rhys Rees|Chloe Khloe|Zoe Zoey|Abi Abbie|Abby Abi|Shanice Shanise"
    "|Michael Mikael|Christian Kristian|Ali Ally|Mohammed Muhammad|Mohamed Mohammed|Sarah Sara"
    "|Leah Lia|Jayden Jaden|Jaydon Jayden|Ty Tai|Ty Tye|Sean Shaun|Shaun Shawn|Caitlin Kaitlyn"
    "|Katelyn Caitlin|Jordan Jordon|Isaac Isaak|Dele Dellay|Femi Femmy|Nia Nya|Jaz Jazz|Sasha Sacha"
    "|Marcus Markus|Ella Ela|Tegan Teagan|Reece Reese|Eoin Owen|Anya Ania|Jay J|Kay K|Malachi Malakai"
    "|Connor Conor|Ryan Rian|Priya Pria|Zoë Zoe|JO jo"
    "|Caoimhe Keeva|Róisín Rosheen|Siân Sharn|Łukasz Lukasz|Michał Michal|Ayşe Ayshe|Ewa Eva"
    "|Paweł Pavel|Reuben Ruben|Kowalczyk Kovalchick|CJ Seejay|KD Kaydee|Søren Soren"
    "|I\N{LATIN SMALL LETTER DOTLESS I}l Ill"
)
TWO_NAMES = (
    "Jo Jay|Jo Joan|Jo Joel|Jo Joy|Kai Kay|Kai Kyle|Kai Kia|Amara Tamara|Jordan Jaden|Tyrell Tyrese"
    "|Kiera Kara|Ellie Ali|Ella Ali|Dan Dawn|Ben Dan|Sam Sean|Leo Liam|Mia Maya|Zac Jack|Mark Marcus"
    "|Ruth Rose|Jo Tuesday|Kai Tuesday|Amara Mara|Tia Mia|Leah Leo|Nia Mia|Ryan Brian|Aiden Jayden"
    "|Shanice Janice|Will Bill|Ty Toby|Ray Roy|Jo Go|Kai Guy|Jo 14|Jo -"
)


@pytest.mark.parametrize("pair", ONE_NAME.split("|"))
def test_one_name_in_two_spellings_sounds_alike(pair: str) -> None:
    one, other = pair.split()
    assert apart(one, other) is not None
    assert apart(one, other) == apart(other, one)


@pytest.mark.parametrize("pair", TWO_NAMES.split("|"))
def test_two_names_do_not(pair: str) -> None:
    one, other = pair.split()
    assert apart(one, other) is None
    assert apart(other, one) is None


@given(st.text(max_size=30), st.text(max_size=30))
def test_whatever_is_compared_a_name_is_never_far_from_itself(one: str, other: str) -> None:
    assert apart(one, one) in (0, None)
    assert (apart(one, other) or 0) >= 0


@given(st.text("abcdefghijklmnopqrstuvwxyzçš ", max_size=9), st.text("aeiouykthsmrl", max_size=9))
def test_what_is_too_far_is_found_sooner_and_nothing_else_is(one: str, other: str) -> None:
    whole = difference(one, other, begins=False)
    for most in (0.0, 0.15, 0.4, 0.7, 1.0):
        near = None if whole is None or whole > most else whole
        assert within(one, other, most) == near
