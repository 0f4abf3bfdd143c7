"""Stands in for CPython's extension of that name, without which these tests are skipped as a whole. Cases about it fail."""
