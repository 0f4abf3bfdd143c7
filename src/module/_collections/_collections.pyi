"Containers for the module collections: deque, defaultdict, OrderedDict."

def _count_elements(mapping, iterable, /) -> None:
    "Adds one to mapping[item] for each item of iterable; a missing one counts from 0."
