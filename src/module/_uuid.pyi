"Identifiers made by libuuid, for the module uuid."
__c__ = "uuids"
def generate_time_safe(): "(bytes, status): a UUID of the time and the machine; status is 0 if no other process can have made the same."
