"What the counting build (-Dstats=true) counts: how often threads write what others may read."
__c__ = "stats"
def counts(): "A dict of the sums over all threads since the program began; empty in other builds. `-X stats` prints them at the end."
