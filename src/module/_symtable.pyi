"The compiler's symbol tables: what the module symtable shows."
__c__ = "symtable"
def symtable(source, filename, startstr: cstr, /): "The symbol table of a text."
class entry:
    "One block's symbol table."
    __c__ = "symtable_entry", "SymtableEntry"
    @property
    @member
    def id(self): "A number that no other block of the text has."
    @property
    @member
    def name(self): "The name of the block."
    @property
    @member
    def symbols(self): "A dict of the names and what is known of each, as bits."
    @property
    @member
    def varnames(self): "A list of the parameters."
    @property
    @member
    def children(self): "A list of the blocks inside."
    @property
    @member
    def nested(self): "Is the block inside a function?"
    @property
    @member
    def type(self): "What kind of block it is."
    @property
    @member
    def lineno(self): "Its first line."
