"""How long each kind of thing is kept, what would go when, and the erasing of it. docs/adr/0057."""
