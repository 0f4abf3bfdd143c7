class code:
    "What a function, class body, module or expression was compiled to."
    __c__ = "code", "Code"
    def __new__(cls, argcount: int, posonlyargcount: int, kwonlyargcount: int, nlocals: int, stacksize: int, flags: int,
                codestring: bytes, constants: tuple, names: tuple, varnames: tuple, filename: str, name: str, qualname: str,
                firstlineno: int, linetable: bytes, exceptiontable: bytes, freevars: tuple = (), cellvars: tuple = (), /): ...
    def co_lines(self): "(start, end, line) of each run of instructions of one line."
    def co_positions(self): "(line, end line, column, end column) of each instruction."
    def co_branches(self): "(from, not taken, taken) of each conditional jump."
    def replace(self, **changes): "A copy of the code object with some of its co_ attributes changed."
    def __replace__(self, **changes): "The same as replace()."
    def _varname_from_oparg(self, oparg: int): "The name of a local variable, cell or free variable, by its register."
    def __sizeof__(self) -> ssize: "Bytes in memory."
    @member
    @property
    def co_argcount(self): "How many positional parameters, without *args."
    @member
    @property
    def co_posonlyargcount(self): "How many of them are positional-only."
    @member
    @property
    def co_kwonlyargcount(self): "How many keyword-only parameters."
    @member
    @property
    def co_nlocals(self): "How many local variables."
    @member
    @property
    def co_stacksize(self): "How many registers besides variables."
    @member
    @property
    def co_flags(self): "CO_ flags, as in the module inspect."
    @property
    def co_code(self): "The instructions."
    @property
    def _co_code_adaptive(self): "The instructions as they are now, with caches and specialisation."
    @member
    @property
    def co_consts(self): "The constants."
    @member
    @property
    def co_names(self): "The names of globals and attributes."
    @property
    def co_varnames(self): "The names of local variables, parameters first."
    @property
    def co_cellvars(self): "The names of variables that inner functions use."
    @property
    def co_freevars(self): "The names of variables of outer functions."
    @member
    @property
    def co_filename(self): "The file."
    @member
    @property
    def co_name(self): "The name."
    @member
    @property
    def co_qualname(self): "The qualified name."
    @member
    @property
    def co_firstlineno(self): "The first line."
    @member
    @property
    def co_linetable(self): "Where instructions come from, encoded."
    @member
    @property
    def co_exceptiontable(self): "The exception handlers, encoded."
    @property
    def co_lnotab(self): "Offsets and lines in an old encoding."
