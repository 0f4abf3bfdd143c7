"""Stands in for CPython's extension of that name: how often code runs before it is specialised."""

SPECIALIZATION_THRESHOLD = 17
SPECIALIZATION_COOLDOWN = 52
