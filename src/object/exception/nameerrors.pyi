class NameError:
    "A name has no value."
    __c__ = "name_error", "NameException"
    @member
    @property
    def name(self): "The name."
    @name.setter
    def name(self, value): ...

class AttributeError:
    "An object does not have an attribute, or it cannot be set."
    __c__ = "attribute_error", "NameException"
    def __reduce__(self): "What pickle needs to make the exception again."
    def __getstate__(self): "The attributes for pickle, without obj."
    @member
    @property
    def name(self): "The attribute's name."
    @name.setter
    def name(self, value): ...
    @member
    @property
    def obj(self): "The object that was asked."
    @obj.setter
    def obj(self, value): ...

class ImportError:
    "A module cannot be imported, or a name cannot be imported from it."
    __c__ = "import_error", "ImportException"
    def __reduce__(self): "What pickle needs to make the exception again."
    @member
    @property
    def msg(self): "What went wrong."
    @msg.setter
    def msg(self, value): ...
    @member
    @property
    def name(self): "The module's name."
    @name.setter
    def name(self, value): ...
    @member
    @property
    def path(self): "The module's file."
    @path.setter
    def path(self, value): ...
    @member
    @property
    def name_from(self): "What `from ... import` asked the module for."
    @name_from.setter
    def name_from(self, value): ...
