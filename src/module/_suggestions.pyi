"The names that were probably meant, for the module traceback."
__c__ = "suggestions"
def _generate_suggestions(candidates, item: str, /): "The candidate closest to item, or None when none is close."
