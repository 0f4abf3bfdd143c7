"Weak references: what the module weakref is built on."
__c__ = "weakref_module"

def getweakrefcount(object, /) -> ssize: "How many weak references and proxies an object has."
def getweakrefs(object, /): "A list of the weak references and proxies of an object."
def _remove_dead_weakref(dct: dict, key, /) -> None: "Removes key from a dict if its value is a weak reference whose object is gone."
def proxy(object, callback: opt = None, /):
    """A proxy: an object that behaves as the given one without keeping it alive.

    callback is called with the proxy when the object is gone."""
