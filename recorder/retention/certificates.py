"""What was ever erased, as one file: ids, sums, times and rules; no names and no words."""

from __future__ import annotations

import json
from dataclasses import asdict

from store.session import now_ms
from store.store import Store

FORMAT = "recorder deletion certificates 1"


def certificates(store: Store, actor: str) -> str:
    """JSON, whose form docs/FORMAT.md has; that it was given out is in the audit log."""
    erased = [{**asdict(each), "rule": None} for each in store.erasing.all()]
    by_rule = [asdict(each) for each in store.disposing.all()]
    store.audit.record(actor, "deletion certificates read", actor)
    every = sorted([*erased, *by_rule], key=lambda each: (each["at"] or 0, str(each["id"])))
    found = {"format": FORMAT, "made_at": now_ms(), "certificates": every}
    return json.dumps(found, indent=2) + "\n"
