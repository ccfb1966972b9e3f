"""Files what was said under the headings of a note type, in the speaker's own words."""

from transcribe.draft.filing import draft
from transcribe.draft.sentences import from_script, from_transcript

__all__ = ["draft", "from_script", "from_transcript"]
