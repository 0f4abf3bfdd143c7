class UnicodeEncodeError:
    "Text cannot be encoded."
    __c__ = "unicode_encode_error", "UnicodeException"
    @member
    @property
    def encoding(self): "The encoding's name."
    @encoding.setter
    def encoding(self, value): ...
    @member
    @property
    def object(self): "What was to be encoded."
    @object.setter
    def object(self, value): ...
    @member
    @property
    def start(self): "Where the trouble starts."
    @start.setter
    def start(self, value): ...
    @member
    @property
    def end(self): "Where it ends."
    @end.setter
    def end(self, value): ...
    @member
    @property
    def reason(self): "What the trouble is."
    @reason.setter
    def reason(self, value): ...

class UnicodeDecodeError:
    "Bytes cannot be decoded."
    __c__ = "unicode_decode_error", "UnicodeException"
    @member
    @property
    def encoding(self): "The encoding's name."
    @encoding.setter
    def encoding(self, value): ...
    @member
    @property
    def object(self): "What was to be decoded."
    @object.setter
    def object(self, value): ...
    @member
    @property
    def start(self): "Where the trouble starts."
    @start.setter
    def start(self, value): ...
    @member
    @property
    def end(self): "Where it ends."
    @end.setter
    def end(self, value): ...
    @member
    @property
    def reason(self): "What the trouble is."
    @reason.setter
    def reason(self, value): ...

class UnicodeTranslateError:
    "Text cannot be translated."
    __c__ = "unicode_translate_error", "UnicodeException"
    @member
    @property
    def encoding(self): "The encoding's name."
    @encoding.setter
    def encoding(self, value): ...
    @member
    @property
    def object(self): "What was to be translated."
    @object.setter
    def object(self, value): ...
    @member
    @property
    def start(self): "Where the trouble starts."
    @start.setter
    def start(self, value): ...
    @member
    @property
    def end(self): "Where it ends."
    @end.setter
    def end(self, value): ...
    @member
    @property
    def reason(self): "What the trouble is."
    @reason.setter
    def reason(self, value): ...
