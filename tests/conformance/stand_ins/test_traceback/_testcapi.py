"""Stands in for CPython's extension of that name: tests of positions in code ask it whether code has them (-X no_debug_ranges)."""
import sys


def config_get(name):
    if name == "code_debug_ranges":
        return not ("no_debug_ranges" in sys._xoptions)
    raise ValueError(f"unknown config option name: {name}")


def exception_print(exc, legacy=0):
    sys.__excepthook__(type(exc), exc, exc.__traceback__)
