"""Wrappers: independent ways to the root key, a small class each behind one Protocol."""
