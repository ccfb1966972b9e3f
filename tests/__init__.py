"""The tests: a package of its own, so that no library's folder of that name stands in its place."""
