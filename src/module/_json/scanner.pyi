class make_scanner:
    """JSON scanner object"""
    __c__ = "json_scanner", "Scanner"
    def __new__(cls, /, context): ...
    @property
    @member
    def strict(self): "Are control characters in strings refused?"
    @property
    @member
    def object_hook(self): "Called with each dict."
    @property
    @member
    def object_pairs_hook(self): "Called with the list of pairs of each object."
    @property
    @member
    def parse_float(self): "Called with the text of each float."
    @property
    @member
    def parse_int(self): "Called with the text of each int."
    @property
    @member
    def parse_constant(self): "Called with NaN, Infinity, -Infinity."
