"""Everything at rest, sealed. Payloads are bytes; this package knows no transcripts."""
