/* Raising and inspecting exceptions. A function that fails returns 0 or -1 with an exception pending on the thread.
 *
 * Message formats: %s C string (UTF-8), %d int, %u unsigned, %zd int64_t/ssize_t, %zu size_t, %x, %c char, %%, %.Ns truncation,
 *   %R repr(Value), %S str(Value), %A ascii(Value), %U a str Value as it is, %T the name of the type of a Value as CPython shows it,
 *   %N the name of a Type*, %p an address as 0x... Values are borrowed. Not checked by the compiler: read twice. */
#ifndef WEFT_OBJECT_ERROR_H
#define WEFT_OBJECT_ERROR_H

#include "heap/thread.h"
#include "heap/type.h"

/* Built-in exception types: X(Name, Base). */
#define BUILTIN_EXCEPTIONS(X)                                                                      \
    X(BaseException, object) X(BaseExceptionGroup, BaseException) X(Exception, BaseException)      \
    X(GeneratorExit, BaseException) X(KeyboardInterrupt, BaseException) X(SystemExit, BaseException) \
    X(ArithmeticError, Exception) X(AssertionError, Exception) X(AttributeError, Exception)        \
    X(BufferError, Exception) X(EOFError, Exception) X(ImportError, Exception)                     \
    X(LookupError, Exception) X(MemoryError, Exception) X(NameError, Exception)                    \
    X(OSError, Exception) X(ReferenceError, Exception) X(RuntimeError, Exception)                  \
    X(StopAsyncIteration, Exception) X(StopIteration, Exception) X(SyntaxError, Exception)         \
    X(SystemError, Exception) X(TypeError, Exception) X(ValueError, Exception)                     \
    X(Warning, Exception) X(FloatingPointError, ArithmeticError) X(OverflowError, ArithmeticError) \
    X(ZeroDivisionError, ArithmeticError) X(ModuleNotFoundError, ImportError)                      \
    X(IndexError, LookupError) X(KeyError, LookupError) X(UnboundLocalError, NameError)            \
    X(BlockingIOError, OSError) X(ChildProcessError, OSError) X(ConnectionError, OSError)          \
    X(BrokenPipeError, ConnectionError) X(ConnectionAbortedError, ConnectionError)                 \
    X(ConnectionRefusedError, ConnectionError) X(ConnectionResetError, ConnectionError)            \
    X(FileExistsError, OSError) X(FileNotFoundError, OSError) X(InterruptedError, OSError)         \
    X(IsADirectoryError, OSError) X(NotADirectoryError, OSError) X(PermissionError, OSError)       \
    X(ProcessLookupError, OSError) X(TimeoutError, OSError) X(NotImplementedError, RuntimeError)   \
    X(PythonFinalizationError, RuntimeError) X(RecursionError, RuntimeError)                       \
    X(IndentationError, SyntaxError) X(_IncompleteInputError, SyntaxError) X(TabError, IndentationError)                                  \
    X(UnicodeError, ValueError) X(UnicodeDecodeError, UnicodeError) X(UnicodeEncodeError, UnicodeError) \
    X(UnicodeTranslateError, UnicodeError) X(BytesWarning, Warning) X(DeprecationWarning, Warning) \
    X(EncodingWarning, Warning) X(FutureWarning, Warning) X(ImportWarning, Warning)                \
    X(PendingDeprecationWarning, Warning) X(ResourceWarning, Warning) X(RuntimeWarning, Warning)   \
    X(SyntaxWarning, Warning) X(UnicodeWarning, Warning) X(UserWarning, Warning)

/* exc_TypeError, exc_ValueError, ...: Type objects. ExceptionGroup has two bases: BaseExceptionGroup, Exception. */
#define X(Name, Base) extern Type exc_##Name;
BUILTIN_EXCEPTIONS(X)
#undef X
extern Type exc_ExceptionGroup;

/* Raise: make the instance pending, with the exception being handled as its __context__. They return 0 so that
 * `return raise(...)` suits functions that return Own; raise_int suits those that return -1. */
Own raise_msg(Type *type, const char *message) COLD;
Own raise_fmt(Type *type, const char *format, ...) COLD;
int raise_int(Type *type, const char *format, ...) COLD;
Own raise_value(Type *type, Value argument) COLD;     /* type(argument) */
Own raise_key_error(Value key) COLD;
Own raise_stop_iteration(Value value) COLD;           /* value may be NO_VALUE */
Own raise_no_memory(void) COLD;
Own raise_errno(int error) COLD;                      /* OSError subclass by errno */
Own raise_errno_path(int error, Value filename) COLD;
Own raise_attribute_error(Value obj, Value name) COLD; /* "'x' object has no attribute 'y'", .name and .obj set */
Own raise_attribute_error_fmt(Value obj, Value name, const char *format, ...) COLD; /* the same with a text of its own */
/* Raises an object as the raise statement does: a class is called, else TypeError. cause may be NO_VALUE. */
Own raise_object(Value exception, Value cause) COLD;

/* Takes the pending exception away: an instance, or NO_VALUE. */
NODISCARD Own exc_take(void);
/* Makes an instance (eaten) pending in place of what is, with no change to its context. */
void exc_restore(Own exc);
void exc_clear(void);
bool exc_matches(const Type *type);      /* is the pending exception an instance of type? (no runpy) */
bool exc_instance_matches(Value exc, Value type_or_tuple); /* as `except` compares, after its check */
/* pending AttributeError (KeyError, StopIteration...): clears it and returns true */
bool exc_swallow(const Type *type);
/* Raise a new exception with the pending one as both __cause__ and __context__. */
Own raise_from_pending(Type *type, const char *format, ...) COLD;
/* Shows the pending exception through sys.unraisablehook and clears it. `where` is an object or NO_VALUE. */
void exc_write_unraisable(const char *message, Value where);
void exc_write_unraisable_fmt(const char *format, ...); /* the same with a message that says where */
/* sys.exception(): borrowed, or NO_VALUE. */
Value exc_handled(void);
/* warnings.warn(message, category, stacklevel): -1 when it was turned into an exception */
NODISCARD int warn_fmt(Type *category, int stacklevel, const char *format, ...);

#endif
