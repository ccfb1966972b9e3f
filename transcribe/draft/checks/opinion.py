"""A view without what it rests on: a reader cannot test it, and it may follow somebody for life."""

from __future__ import annotations

import re

from transcribe.draft.checks.stems import folded

_VIEW = re.compile(
    r"\b(?:i (?:really |still |also |do |just )?(?:think|reckon|believe|suspect|feel that)|my (?:own )?(?:view|sense|hunch|gut feeling|impression|opinion|assessment) is"
    r"|in my (?:view|opinion)|obviously|clearly (?:lying|hiding|using|involved|being)|it is (?:obvious|clear) that|no doubt)\b"
)
_GROUND = re.compile(
    r"\b(?:because|since|given|as (?:he|she|they|i|we|mum|dad|the|his|her|there)|due to|based on|from (?:what|the way|how)|the way|judging|when (?:he|she|they|i|we|mum|dad)"
    r"|said|says|told|saw|seen|heard|noticed|showed|shows|looked|looks|seemed|so that|that's (?:when|why)|it (?:fits|doesn't fit|doesn't add up)|by (?:saying|the way)|after|evidence|so (?:i|we|it|that|this|he|she|they)|not sure|i wonder|don't know|might|could|may|perhaps)\b"
)


def is_ungrounded(text: str, around: str) -> bool:
    """Whether a sentence gives a view, and neither it nor what stands around it a ground."""
    view = _VIEW.search(folded(text)) is not None
    return view and not _GROUND.search(f"{folded(text)} {folded(around)}")
