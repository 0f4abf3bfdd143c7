"""Stands in for CPython's extension of that name, which test_types imports for the sake of one case (of a C interface, which fails)."""
from _pydatetime import *
