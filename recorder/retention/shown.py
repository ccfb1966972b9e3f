"""The preview and the certificates, as pages show them."""

from __future__ import annotations

from collections import Counter

from recorder.home import Home
from recorder.retention.certificates import certificates
from recorder.retention.going import Going, preview
from recorder.review.retained import Row, RuleRow, Shown

MOST = 200
"""Rows that a page lists; the command lists all."""


class Retaining:
    """See `recorder.review.retained.Retention`."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def shown(self) -> Shown:
        """What would go and when, now."""
        found = preview(self._home)
        goes = Counter(each.item.rule for each in found.going if each.goes_at)
        stays = Counter(each.item.rule for each in found.going if not each.goes_at)
        rules = [
            RuleRow(r.name, r.what, r.days, r.since, goes[r.name], stays[r.name])
            for r in found.rules.every
        ]
        rows = [_row(each) for each in found.going[:MOST]]
        return Shown(
            on=found.rules.on,
            notice_days=found.rules.notice_days,
            rules=rules,
            rows=rows,
            more=len(found.going) - len(rows),
            endings=[(each.case_id, each.ends) for each in found.endings],
        )

    def certificates(self, actor: str) -> str:
        """What was ever erased, as JSON."""
        return certificates(self._home.store, actor)


def _row(going: Going) -> Row:
    item = going.item
    return Row(
        item.rule,
        tuple(each.object for each in item.things),
        item.case_id,
        item.size,
        going.goes_at,
        going.told_at,
        item.kept,
    )
