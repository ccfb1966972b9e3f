"""Files what was said under the headings of a note type, in the speaker's own words."""
