"""Stands in for CPython's extension of that name where there is none: what tests of Python's own behaviour need of it.

Each function does what the C function behind the original does: an index below zero is counted from the end, once.
"""


def _counted(sequence, index):
    index = index + len(sequence) if index < 0 else index
    if index < 0:
        raise IndexError("index out of range")
    return index


def sequence_getitem(sequence, index):
    return type(sequence).__getitem__(sequence, _counted(sequence, index))


def sequence_setitem(sequence, index, value):
    if not hasattr(type(index), "__index__"):
        raise TypeError(f"{type(index).__name__!r} object cannot be interpreted as an integer")
    type(sequence).__setitem__(sequence, _counted(sequence, index.__index__()), value)


def sequence_delitem(sequence, index):
    type(sequence).__delitem__(sequence, _counted(sequence, index))
