"The parts of typing that are written in C."
__c__ = "typing_module"
def _idfunc(x, /): "Returns x."
