"""Closed-off child processes: where every byte from outside is decoded, and nothing else is in reach."""
