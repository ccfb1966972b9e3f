"""Filing against sentences labelled by hand: floors, so that a change for the worse is seen."""

from pathlib import Path

import pytest

from benchmarks import drafting

CASES = Path(__file__).resolve().parents[5] / "shared" / "cases" / "dev"


@pytest.mark.parametrize(
    ("name", "floor"),
    [("held_out", 0.9), ("unseen", 0.85), ("others", 0.85), ("others_2", 0.85), ("others_3", 0.8)],
)
def test_our_labelled_notes_are_filed_well(name: str, floor: float) -> None:
    cases = drafting.load_own(drafting.OWN / f"{name}.toml")
    tally = drafting.score(cases)
    assert sum(len(case.lines) for case in cases) == tally.gold.total()
    assert drafting.macro(tally, lenient=True) >= floor
    assert tally.quotes["exact"] >= 0.85 * tally.quotes["gold"]


def test_the_shared_cases_are_filed_well() -> None:
    if not CASES.is_dir():
        pytest.skip("the shared cases are not on this machine")
    tally = drafting.score(drafting.load_cases(CASES))
    assert drafting.macro(tally, lenient=True) >= 0.9
    assert tally.quotes["exact"] == tally.quotes["gold"]


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        drafting.load_cases(tmp_path)
