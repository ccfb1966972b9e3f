import platform

import pytest

from recorder.sandbox import syscalls


@pytest.fixture(autouse=True)
def _compiled_anew() -> None:
    syscalls.compiled.cache_clear()


def test_a_filter_is_a_whole_number_of_instructions_and_small() -> None:
    found = syscalls.compiled()
    if found is None:
        pytest.skip("libseccomp is not here")
    assert len(found) % 8 == 0
    assert 400 < len(found) < 4096


def test_stepping_down_allows_a_little_more() -> None:
    plain, more = syscalls.compiled(), syscalls.compiled(stepping_down=True)
    if plain is None or more is None:
        pytest.skip("libseccomp is not here")
    assert plain != more


def test_a_machine_of_another_kind_has_no_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "s390x")
    assert syscalls.compiled() is None
    syscalls.compiled.cache_clear()
