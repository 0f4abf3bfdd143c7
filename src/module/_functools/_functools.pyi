"Functions that take or make functions, for the module functools."

def cmp_to_key(mycmp):
    "A key function for sorting that orders as mycmp does: mycmp(a, b) gives a number below, at or above 0."
@raw
def reduce(function, iterable, /, initial = ...):
    """reduce(function, iterable, /, initial=<unrepresentable>)

    function(function(a, b), c)... over the items, from the left; with initial before them.

    Raises TypeError where there is neither an item nor initial."""
