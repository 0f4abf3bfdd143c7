"Failures of memory on demand, for tests of what happens then. Only checking builds (with assertions) have them."
__c__ = "faults"
def fail(first: i64, last: i64 = 0, everyone: bool = False, /) -> None: "From now on this thread's allocations are counted, or those of all threads; those from number first on, before number last, fail (0: all of them). fail(0) ends it."
def count() -> int: "How many allocations were counted since fail(); -1 if this build cannot let them fail."
