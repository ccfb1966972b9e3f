"""The checks against sentences made false by rule, and against true rewordings: floors and ceilings."""

from benchmarks import checks, drafting


def test_false_sentences_are_caught_and_those_that_were_said_are_let_be() -> None:
    files = (drafting.OWN / f"{name}.toml" for name in ("tuning", "held_out"))
    pairs = checks.spoken([case for file in files for case in drafting.load_own(file)])[::3]
    false, quiet = checks.falsehoods(pairs), checks.alarms(pairs)
    assert false.all.total() > 300
    assert len(false.all) > 10  # kinds
    assert false.share >= 0.98
    assert false.caught["harm"] == false.all["harm"]
    assert quiet.share <= 0.03


def test_true_rewordings_are_mostly_let_be() -> None:
    pairs = [pair for name in checks.REWORDED for pair in checks.reworded(name)]
    assert len(pairs) > 300
    assert checks.alarms(pairs).share <= 0.03
    assert checks.falsehoods(pairs).share >= 0.94
