"The cycle collector: when it runs, and what it sees."
__c__ = "gc_module"

def enable() -> None: "Let the collector run when many objects have been made."
def disable() -> None: "Let it run only when asked."
def isenabled() -> bool: "Does it run by itself?"
def collect(generation: int = 2) -> ssize:
    "Collect the young objects (0) or all (1, 2). Returns how many objects were unreachable."
def get_count(): "Objects made since the last collection, and how often the older generations were left out since their last."
def get_threshold(): "The thresholds, as set_threshold sets them."
@raw
def set_threshold(*args):
    """set_threshold(threshold0, [threshold1, [threshold2]])
    Say how soon collections come: the first after threshold0 * 4 new objects at the earliest; 0: never.

    The others scale when old objects are looked at, too: by how many more of them there must be than after the last such
    collection. 10 stands for 8000 objects, and for a quarter."""
def get_stats(): "A list of a dict for each generation: collections, collected, uncollectable."
def set_debug(flags: int, /) -> None: "Set what the collector writes to sys.stderr; DEBUG_SAVEALL: keep what it finds in garbage."
def get_debug() -> int: "The debugging flags."
def get_objects(generation=None): "A list of the objects that the collector tracks: of one generation, or all."
def get_referrers(*objs): "A list of the tracked objects that refer to any of the given ones."
def get_referents(*objs): "A list of what the given objects refer to."
def is_tracked(obj, /) -> bool: "Does the collector look at the object?"
def is_finalized(obj, /) -> bool: "Has the collector, or the end of the last reference, called its finalizer?"
def freeze() -> None: "Leave all objects that exist now out of future collections."
def unfreeze() -> None: "Let collections look at frozen objects again."
def get_freeze_count() -> ssize: "How many objects are frozen."
