class paramspecargs:
    __c__ = "paramspec_args", "ParamSpecPart"
    def __new__(cls, origin): ...
    def __mro_entries__(self, object, /): "Refuses to be a base class."
    @property
    @member
    def __origin__(self): "The ParamSpec."
class paramspeckwargs:
    __c__ = "paramspec_kwargs", "ParamSpecPart"
    def __new__(cls, origin): ...
    def __mro_entries__(self, object, /): "Refuses to be a base class."
    @property
    @member
    def __origin__(self): "The ParamSpec."
