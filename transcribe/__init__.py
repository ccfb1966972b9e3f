"""From sound to a draft. Knows no disk, no database and no web."""
