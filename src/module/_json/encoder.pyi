class make_encoder:
    """Encoder(markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan)"""
    __c__ = "json_encoder", "Encoder"
    def __new__(cls, /, markers, default, encoder, indent, key_separator: str, item_separator: str, sort_keys: bool, skipkeys: bool, allow_nan: bool): ...
    @property
    @member
    def markers(self): "Objects being encoded, by id."
    @property
    @member
    def default(self): "Called with what has no JSON form."
    @property
    @member
    def encoder(self): "Makes JSON strings of strs."
    @property
    @member
    def indent(self): "The text of one level of indentation, or None."
    @property
    @member
    def key_separator(self): "Between key and value."
    @property
    @member
    def item_separator(self): "Between items."
    @property
    @member
    def sort_keys(self): "Are keys sorted?"
    @property
    @member
    def skipkeys(self): "Are keys that cannot be one left out?"
