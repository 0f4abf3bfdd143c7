"Searching in sorted lists, and keeping them sorted, by bisection."

def bisect_right(a, x, lo: ssize = 0, hi = None, *, key = None) -> ssize:
    """The index where x goes in the sorted sequence a, behind items equal to it.

    Only the items from lo to hi are looked at. With key, x is compared with the results of key(item)."""
def bisect_left(a, x, lo: ssize = 0, hi = None, *, key = None) -> ssize:
    """The index where x goes in the sorted sequence a, before items equal to it.

    Only the items from lo to hi are looked at. With key, x is compared with the results of key(item)."""
def insort_right(a, x, lo: ssize = 0, hi = None, *, key = None) -> None:
    """Inserts x into the sorted sequence a, behind items equal to it.

    Only the items from lo to hi are looked at. With key, key(x) is compared with the results of key(item)."""
def insort_left(a, x, lo: ssize = 0, hi = None, *, key = None) -> None:
    """Inserts x into the sorted sequence a, before items equal to it.

    Only the items from lo to hi are looked at. With key, key(x) is compared with the results of key(item)."""
