/* The module errno: the system's error numbers by name. */
#include <errno.h>

#include "object/dict.h"
#include "object/module.h"
#include "object/str.h"

static const struct {
    const char *name;
    int number;
} errors[] = {
#define E(name) {#name, name}
    E(E2BIG), E(EACCES), E(EADDRINUSE), E(EADDRNOTAVAIL), E(EADV), E(EAFNOSUPPORT), E(EAGAIN), E(EALREADY), E(EBADE), E(EBADF), E(EBADFD),
    E(EBADMSG), E(EBADR), E(EBADRQC), E(EBADSLT), E(EBFONT), E(EBUSY), E(ECANCELED), E(ECHILD), E(ECHRNG), E(ECOMM), E(ECONNABORTED),
    E(ECONNREFUSED), E(ECONNRESET), E(EDEADLOCK), E(EDESTADDRREQ), E(EDOM), E(EDOTDOT), E(EDQUOT), E(EEXIST), E(EFAULT), E(EFBIG),
    E(EHOSTDOWN), E(EHOSTUNREACH), E(EHWPOISON), {"EFTYPE", 134 /* of no Linux, yet Python has it */}, E(EIDRM), E(EILSEQ), E(EINPROGRESS), E(EINTR), E(EINVAL), E(EIO), E(EISCONN), E(EISDIR),
    E(EISNAM), E(EKEYEXPIRED), E(EKEYREJECTED), E(EKEYREVOKED), E(EL2HLT), E(EL2NSYNC), E(EL3HLT), E(EL3RST), E(ELIBACC), E(ELIBBAD),
    E(ELIBEXEC), E(ELIBMAX), E(ELIBSCN), E(ELNRNG), E(ELOOP), E(EMEDIUMTYPE), E(EMFILE), E(EMLINK), E(EMSGSIZE), E(EMULTIHOP),
    E(ENAMETOOLONG), E(ENAVAIL), E(ENETDOWN), E(ENETRESET), E(ENETUNREACH), E(ENFILE), E(ENOANO), E(ENOBUFS), E(ENOCSI), E(ENODATA),
    E(ENODEV), E(ENOENT), E(ENOEXEC), E(ENOKEY), E(ENOLCK), E(ENOLINK), E(ENOMEDIUM), E(ENOMEM), E(ENOMSG), E(ENONET), E(ENOPKG),
    E(ENOPROTOOPT), E(ENOSPC), E(ENOSR), E(ENOSTR), E(ENOSYS), E(ENOTBLK), E(ENOTCONN), E(ENOTDIR), E(ENOTEMPTY), E(ENOTNAM),
    E(ENOTRECOVERABLE), E(ENOTSOCK), E(ENOTTY), E(ENOTSUP), E(ENOTUNIQ), E(ENXIO), E(EOPNOTSUPP), E(EOVERFLOW), E(EOWNERDEAD), E(EPERM),
    E(EPFNOSUPPORT), E(EPIPE), E(EPROTO), E(EPROTONOSUPPORT), E(EPROTOTYPE), E(ERANGE), E(EREMCHG), E(EREMOTE), E(EREMOTEIO), E(ERESTART),
    E(ERFKILL), E(EROFS), E(ESHUTDOWN), E(ESOCKTNOSUPPORT), E(ESPIPE), E(ESRCH), E(ESRMNT), E(ESTALE), E(ESTRPIPE), E(ETIME), E(ETIMEDOUT),
    E(ETOOMANYREFS), E(ETXTBSY), E(EUCLEAN), E(EUNATCH), E(EUSERS), E(EXDEV), E(EXFULL),
    /* second names: the first keeps its place in errorcode */
    E(EDEADLK), E(EWOULDBLOCK),
};

static int
errno_exec(Value m)
{
    Own codes = dict_new();
    for (size_t i = 0; i < ARRAY_LEN(errors) && codes; i++) {
        Own name = str_intern_cstr(errors[i].name), kept = NO_VALUE;
        bool present;
        if (name && module_add_int(m, errors[i].name, errors[i].number) == 0) {
            kept = dict_setdefault(codes, small_int(errors[i].number), name, &present);
        }
        drop_opt(name);
        if (!kept) {
            ref_clear(&codes);
        }
        drop_opt(kept);
    }
    return module_add(m, "errorcode", codes);
}

const ModuleDef module_errno = {
    .name = "errno",
    .doc = "The system's error numbers by name.",
    .exec = errno_exec,
};
