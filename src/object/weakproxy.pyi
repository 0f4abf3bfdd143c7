class ProxyType:
    "Behaves as the object it stands for, without keeping it alive."
    __c__ = "weakproxy", "WeakRef"
    def __bytes__(self): "bytes(object)"
    def __reversed__(self): "reversed(object)"
