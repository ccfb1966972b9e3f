"""No text, however odd, makes a check fail; and what was said, word for word, is never marked."""

from datetime import date

from hypothesis import example, given
from hypothesis import strategies as st

from tests.unit.transcribe.draft.checks.conftest import PEOPLE
from transcribe.draft.cast import make_cast
from transcribe.draft.checks import Said, against, checks

WORDS = st.sampled_from(
    """I he she her him his they Kwame Mum dad Zoë's nan not never no nobody didn't unable quote unquote “ ” " ' said says told
    was is been by with to and but because half an a two and fortnight hours week minutes 15.5 1,000 £ % 0 3rd 31/2 29/2 2026 99999999999
    third thirty twenty of March May Monday Tues quarter past to o'clock pm 25:61 16:30 tonight knife cutting using ² ½ ٣ ß İ ﬁ … - – . , ? ! ; : ( )
    double triple dozen hundred thousand grand k million fives twos nothing once""".split()
)
ODD = st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=30).map(" ".join))
DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31))
CAST = make_cast(PEOPLE, ["Her mum Denise was there."])


@given(ODD, ODD, ODD, DAYS)
@example("İ said two hundred", "²½ half an hour ago", "", date(2026, 3, 10))
@example("31/2 and 29/2 on the thirty first of February", "30.02.2026", "", date(1, 1, 1))
@example("See her on Tuesday, last Monday, tomorrow", "next Friday", "", date(9999, 12, 31))
@example("See her on Tuesday, last Monday, tomorrow", "next Friday", "", date(1, 1, 1))
def test_no_text_is_too_odd_to_check(text: str, said: str, before: str, day: date) -> None:
    for each in checks(text, Said(said, day, CAST, "Dele", 0.4, before)):
        assert each.code
        assert each.level in {"look", "block"}
        assert each.message.endswith(".")


@given(ODD, ODD)
@example("I I:0", "")
@example("It was Tuesday, no sorry, Wednesday, and the the dog", "")
def test_what_was_said_word_for_word_is_never_marked(text: str, before: str) -> None:
    assert against(text, Said(text, date(2026, 3, 10), CAST, "Dele", None, before)) == ()
