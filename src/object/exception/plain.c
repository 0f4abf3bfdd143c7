/* The exception types that add nothing to their base, KeyError, and the table of all.
 *
 * Everything here is immutable after exceptions_ready. */
#include "object/exception/exception_priv.h"
#include "object/str.h"
#include "object/tuple.h"

#define PLAIN_LIKE(Name, Base, Struct, text)                                                       \
    Type exc_##Name = {                                                                            \
        .name = #Name,                                                                             \
        .base = &exc_##Base,                                                                       \
        .flags = EXCEPTION_FLAGS,                                                                  \
        .basic_size = sizeof(Struct),                                                              \
        .dict_offset = sizeof(Struct),                                                             \
        .spec_doc = text,                                                                          \
    };
#define PLAIN(Name, Base, text)                                                                    \
    Type exc_##Name = {                                                                            \
        .name = #Name,                                                                             \
        .base = &exc_##Base,                                                                       \
        .flags = EXCEPTION_FLAGS,                                                                  \
        .basic_size = sizeof(Exception),                                                           \
        .dict_offset = sizeof(Exception),                                                          \
        .spec_doc = text,                                                                          \
        .slots = {.create = exception_create},                                                     \
    };

PLAIN(Exception, BaseException,
      "The base of all exceptions that do not mean the end of the program.")
PLAIN(GeneratorExit, BaseException, "Raised inside a generator that is being closed.")
PLAIN(KeyboardInterrupt, BaseException, "The user interrupted the program.")
PLAIN(ArithmeticError, Exception, "The base of the errors of arithmetic.")
PLAIN(AssertionError, Exception, "An assert statement found its condition false.")
PLAIN(BufferError, Exception, "Something cannot be done to a buffer.")
PLAIN(EOFError, Exception, "There was nothing left to read.")
PLAIN(LookupError, Exception, "The base of the errors of lookups by index or key.")
PLAIN(ReferenceError, Exception, "A weak proxy was used whose object is gone.")
PLAIN(RuntimeError, Exception, "An error that no other class describes.")
PLAIN(StopAsyncIteration, Exception, "The end of an asynchronous iterator.")
PLAIN(SystemError, Exception,
      "An error inside the interpreter. Please report it, with the traceback.")
PLAIN(TypeError, Exception, "A value has the wrong type.")
PLAIN(ValueError, Exception, "A value has the right type, but is wrong.")
PLAIN(Warning, Exception, "The base of the warning categories.")
PLAIN(FloatingPointError, ArithmeticError, "An operation on floats failed.")
PLAIN(OverflowError, ArithmeticError, "A result is too large to be represented.")
PLAIN(ZeroDivisionError, ArithmeticError, "A division or modulo by zero.")
PLAIN(IndexError, LookupError, "A sequence has no item of this index.")
PLAIN(NotImplementedError, RuntimeError, "A method that a subclass must provide.")
PLAIN(PythonFinalizationError, RuntimeError,
      "Something cannot be done while the interpreter shuts down.")
PLAIN(RecursionError, RuntimeError, "Calls are nested too deeply.")
PLAIN(UnicodeError, ValueError, "The base of the errors of encoding and decoding text.")
PLAIN(BytesWarning, Warning, "About bytes that are used where text may be meant.")
PLAIN(DeprecationWarning, Warning, "About features that will go away, for programmers.")
PLAIN(EncodingWarning, Warning, "About encodings that are left to the locale.")
PLAIN(FutureWarning, Warning, "About features whose meaning will change, for users.")
PLAIN(ImportWarning, Warning, "About likely mistakes in imports.")
PLAIN(PendingDeprecationWarning, Warning, "About features that will be deprecated.")
PLAIN(ResourceWarning, Warning, "About the use of resources.")
PLAIN(RuntimeWarning, Warning, "About doubtful behaviour at run time.")
PLAIN(SyntaxWarning, Warning, "About doubtful syntax.")
PLAIN(UnicodeWarning, Warning, "About likely mistakes with Unicode.")
PLAIN(UserWarning, Warning, "Warnings of programs, without a class of their own.")
PLAIN_LIKE(UnboundLocalError, NameError, NameException,
           "A local variable was used before it was set.")
PLAIN_LIKE(ModuleNotFoundError, ImportError, ImportException, "There is no such module.")
PLAIN_LIKE(BlockingIOError, OSError, OsException, "An operation would have to wait.")
PLAIN_LIKE(ChildProcessError, OSError, OsException, "An operation on a child process failed.")
PLAIN_LIKE(ConnectionError, OSError, OsException, "The base of the errors of connections.")
PLAIN_LIKE(BrokenPipeError, ConnectionError, OsException,
           "The other end of a pipe or socket is closed.")
PLAIN_LIKE(ConnectionAbortedError, ConnectionError, OsException,
           "The other side aborted the connection.")
PLAIN_LIKE(ConnectionRefusedError, ConnectionError, OsException,
           "The other side refused the connection.")
PLAIN_LIKE(ConnectionResetError, ConnectionError, OsException,
           "The other side reset the connection.")
PLAIN_LIKE(FileExistsError, OSError, OsException, "The file is already there.")
PLAIN_LIKE(FileNotFoundError, OSError, OsException, "There is no such file or directory.")
PLAIN_LIKE(InterruptedError, OSError, OsException, "A signal interrupted the operation.")
PLAIN_LIKE(IsADirectoryError, OSError, OsException, "The operation does not work on a directory.")
PLAIN_LIKE(NotADirectoryError, OSError, OsException, "The operation needs a directory.")
PLAIN_LIKE(PermissionError, OSError, OsException, "The operation is not allowed.")
PLAIN_LIKE(ProcessLookupError, OSError, OsException, "There is no such process.")
PLAIN_LIKE(TimeoutError, OSError, OsException, "The operation took too long.")
PLAIN_LIKE(IndentationError, SyntaxError, SyntaxException, "Wrong indentation.")
PLAIN_LIKE(_IncompleteInputError, SyntaxError, SyntaxException,
           "The source ends in the middle of a statement.")
PLAIN_LIKE(TabError, IndentationError, SyntaxException,
           "Tabs and spaces are mixed in a way that depends on the tab width.")

/* A key is shown by its repr: KeyError: '' says more than an empty message. */
static Own
key_error_str(Value v)
{
    Own args = exc_get_args(v);
    Own text = as_tuple(args)->length == 1 ? object_repr(tuple_item(args, 0)) : exception_str(v);
    drop(args);
    return text;
}

Type exc_KeyError = {
    .name = "KeyError",
    .base = &exc_LookupError,
    .flags = EXCEPTION_FLAGS,
    .basic_size = sizeof(Exception),
    .dict_offset = sizeof(Exception),
    .slots = {.str = key_error_str},
    .spec_doc = "A mapping has no such key.",
};

Type *const builtin_exceptions[] = {
#define X(Name, Base) &exc_##Name,
    BUILTIN_EXCEPTIONS(X)
#undef X
        & exc_ExceptionGroup,
    NULL,
};

int
exceptions_ready(void)
{
    for (Type *const *type = builtin_exceptions; *type; type++) {
        if (*type == &exc_ExceptionGroup) { /* its bases are ready by now */
            Own bases = tuple_pack(2, VALUE(&exc_BaseExceptionGroup), VALUE(&exc_Exception));
            if (!bases) {
                return -1;
            }
            exc_ExceptionGroup.bases = bases;
        }
        if (type_ready(*type) < 0) {
            return -1;
        }
    }
    return memory_error_ready();
}
