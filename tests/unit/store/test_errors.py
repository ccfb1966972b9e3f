from __future__ import annotations

import inspect

from store import errors


def test_every_error_stands_under_one_root() -> None:
    classes = [each for _, each in inspect.getmembers(errors, inspect.isclass)]
    assert len(classes) > 5
    assert all(issubclass(each, errors.StoreError) for each in classes)
