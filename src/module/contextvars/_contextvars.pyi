"Context variables: values that belong to a task or thread rather than to the program."

def copy_context(): "A copy of the current context."

class ContextVar:
    "A variable whose value depends on the current context."
    __c__ = "context_var", "ContextVar"
    def get(self, default: opt = ..., /): "The value in the current context, else the default given here or to ContextVar. Raises LookupError when there is none."
    def set(self, value, /): "Sets the value in the current context and returns a token that can undo it."
    def reset(self, token, /) -> None: "Undoes a set()."
    @classmethod
    def __class_getitem__(cls, object, /): "ContextVar[T], for annotations."
    @member
    @property
    def name(self): "The variable's name."

class Token:
    "What ContextVar.set() returned. As a context manager it undoes the set() at the end."
    __c__ = "context_token", "Token"
    def __enter__(self): "The token itself."
    def __exit__(self, type, val, tb, /) -> None: "Undoes the set()."
    @classmethod
    def __class_getitem__(cls, object, /): "Token[T], for annotations."
    @property
    def var(self): "The variable that was set."
    @property
    def old_value(self): "The value before, or Token.MISSING."

class Context:
    "The values of context variables: a mapping."
    __c__ = "context", "Context"
    def get(self, key, default=None, /): "The value of a variable in this context, else default."
    def items(self): "An iterator over the variables and their values."
    def keys(self): "An iterator over the variables."
    def values(self): "An iterator over the values."
    def copy(self): "A copy, which takes no time."
    @raw
    def run(self, callable, /, *args, **kwargs): "Calls callable with this context as the current one."
