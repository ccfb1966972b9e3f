import pytest

from recorder.sandbox.ladder import Confinement, Level
from recorder.sandbox.report import described, is_strong

FILTER = b"x" * 8


@pytest.mark.parametrize(
    ("way", "strong", "words"),
    [
        (Confinement(Level.BUBBLEWRAP, system_calls=FILTER), True, "no file but programs"),
        (Confinement(Level.BUBBLEWRAP), False, "install libseccomp2"),
        (
            Confinement(Level.NAMESPACES, landlock=True, system_calls=FILTER),
            True,
            "install bubblewrap",
        ),
        (Confinement(Level.NAMESPACES, system_calls=FILTER), False, "can be read from inside"),
        (
            Confinement(Level.LIMITS, landlock=True, system_calls=FILTER),
            False,
            "install bubblewrap",
        ),
        (Confinement(Level.NONE), False, "let a Linux machine open them"),
    ],
)
def test_an_administrator_is_told_what_holds_and_what_to_do(
    way: Confinement, *, strong: bool, words: str
) -> None:
    assert is_strong(way) == strong
    assert words in described(way)


def test_a_network_that_is_open_is_not_said_to_be_closed() -> None:
    assert "no network" not in described(Confinement(Level.LIMITS, landlock=True))
    assert "no network" in described(Confinement(Level.LIMITS, system_calls=FILTER))
