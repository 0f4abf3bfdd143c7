"""Facts about CPython's opcodes, which the library's opcode and dis describe.

Weft's own instructions, which co_code holds, are those of get_weft_instructions()."""
__c__ = "opcode"

def stack_effect(opcode: int, oparg=None, /, *, jump=None) -> int:
    "By how much an opcode changes the height of CPython's stack: when it jumps, when it does not, or the greater of both (None)."
def is_valid(opcode: int) -> bool: "Is there an opcode of this number?"
def has_arg(opcode: int) -> bool: "Does the opcode use its argument?"
def has_const(opcode: int) -> bool: "Does the opcode refer to a constant?"
def has_name(opcode: int) -> bool: "Does the opcode refer to an attribute or a global by name?"
def has_jump(opcode: int) -> bool: "Does the opcode have a jump target?"
def has_free(opcode: int) -> bool: "Does the opcode refer to a free variable or one that others close over?"
def has_local(opcode: int) -> bool: "Does the opcode refer to a local variable?"
def has_exc(opcode: int) -> bool: "Does the opcode set up an exception handler?"
def get_specialization_stats(): "Statistics of specialisation: None, as none are kept."
def get_nb_ops(): "The binary operators: (name, symbol) pairs, by the argument of BINARY_OP."
def get_intrinsic1_descs(): "The names of the intrinsics of one argument."
def get_intrinsic2_descs(): "The names of the intrinsics of two arguments."
def get_special_method_names(): "The special methods that LOAD_SPECIAL loads, by its argument."
def get_weft_instructions():
    "Weft's own instructions by their opcodes: (name, text, operands a, b and c, cache words, whether it ends its block, whether it jumps). An operand is (kind, whether it is b and c joined)."
def get_executor(code, offset: int): "The optimised code that starts at an offset of a code object; there is none."
