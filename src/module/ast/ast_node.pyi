class AST:
    __c__ = "ast_node", "Value"
    @raw
    def __reduce__(self): "What pickle needs to rebuild the node."
    @raw
    def __replace__(self, /, **fields): "A copy of the node with some fields and attributes changed."
