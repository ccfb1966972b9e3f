from __future__ import annotations

import pytest

from recorder.review.web.masking import masked, unmasked

TOKEN = "0123456789abcdef" * 4


def test_a_token_is_written_differently_each_time_and_read_as_itself() -> None:
    written = {masked(TOKEN) for _ in range(20)}
    assert len(written) == 20
    assert {unmasked(each, TOKEN) for each in written} == {TOKEN}
    assert not any(TOKEN[:8] in each for each in written)


def test_a_mask_that_was_changed_gives_another_token() -> None:
    written = masked(TOKEN)
    other = written[:-1] + ("0" if written[-1] != "0" else "1")
    assert unmasked(other, TOKEN) != TOKEN


@pytest.mark.parametrize(
    "said", ["", TOKEN, "x" * 128, " " * 128, "a " * 64, "é" * 128, "A" * 128, "0" * 127]
)
def test_what_was_never_masked_stays_as_it_is(said: str) -> None:
    assert unmasked(said, TOKEN) == said
