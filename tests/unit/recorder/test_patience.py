from __future__ import annotations

import pytest

from recorder.errors import NotAllowedError
from recorder.patience import require_patience
from store.store import Store


@pytest.mark.parametrize(
    ("failed", "says"),
    [
        (2, "Wait 1 minute,"),
        (4, "Wait 1 minute,"),
        (5, "Wait 2 minutes,"),
        (20, "Wait 15 minutes,"),
    ],
)
def test_whoever_fails_too_often_is_told_how_long_to_wait(
    store: Store, failed: int, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.tries.now_ms", lambda: 1_762_362_300_000)
    names = {"amara": 2}
    require_patience(store.tries, names)
    for _ in range(failed):
        store.tries.failed(["amara"])
    with pytest.raises(NotAllowedError, match=f"There were too many tries. .*{says} then try"):
        require_patience(store.tries, names)
