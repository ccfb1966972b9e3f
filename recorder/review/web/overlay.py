"""What somebody typed over an older version of a form, laid over the newest: nothing is overwritten."""

from __future__ import annotations

from collections.abc import Mapping


def laid_over(
    typed: Mapping[str, str], before: Mapping[str, str], newest: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """The fields to show, by name: what this person changed since `before`, else what holds now.

    And what holds now where somebody else changed the same field.
    """
    changed = {name for name in newest if typed[name] != before[name]}
    fields = {name: typed[name] if name in changed else newest[name] for name in newest}
    both = {name for name in changed if newest[name] not in (before[name], typed[name])}
    return fields, {name: newest[name] for name in both}
