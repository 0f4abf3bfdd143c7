class GenericAlias:
    """GenericAlias(origin, args, /)
    --

    A class with type arguments, such as list[int]: calling it makes an instance of origin."""
    __c__ = "generic_alias", "GenericAlias"
    def __mro_entries__(self, bases, /): "What stands for the alias among the bases of a class: its origin."
    def __instancecheck__(self, instance, /): "Always a TypeError: type arguments cannot be checked."
    def __subclasscheck__(self, subclass, /): "Always a TypeError: type arguments cannot be checked."
    def __reduce__(self): "What pickle needs to rebuild the alias."
    def __dir__(self): "The names of attributes of the origin and of the alias."
    @property
    @member
    def __origin__(self): "The class without its arguments."
    @property
    @member
    def __args__(self): "The type arguments, a tuple."
    @property
    @member
    def __unpacked__(self): "Whether this is *alias."
    @property
    def __parameters__(self): "The type variables in the arguments."
    @property
    def __typing_unpacked_tuple_args__(self): ...

class generic_alias_iterator:
    "The one-item iterator behind *alias."
    __c__ = "generic_alias_iterator", "AliasIterator"
    @raw
    def __reduce__(self): "What pickle needs to rebuild the iterator."
