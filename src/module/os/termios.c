/* The module termios. The class error is immutable after the module is made; there is no other
 * state. */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <linux/serial.h>

#include "heap/world.h"
#include "module/exception_class.h"
#include "module/os/system.h"
#include "module/posix/path.h"
#include "object/bytes.h"
#include "object/list.h"
#include "object/str.h"
#include "object/tuple.h"

#include "termios.spec.h"

static Own termios_error;

/* 0, or termios.error of errno. */
static int
terminal_status(int result)
{
    if (result >= 0 || exc_pending()) {
        return result < 0 ? -1 : 0;
    }
    Own text = str_from_cstr(strerror(errno));
    Value args[] = {small_int(errno), text};
    Own exc = text ? object_call(termios_error, args, 2, NO_VALUE) : NO_VALUE;
    drop_opt(text);
    if (exc) {
        raise_object(exc, NO_VALUE);
        drop(exc);
    }
    return -1;
}

/* The control characters as bytes of length 1; those that are numbers in this mode, as ints. own:
 * ret new list */
static Own
control_characters(const struct termios *t)
{
    Own list = list_new(NCCS);
    for (int i = 0; i < NCCS && list; i++) {
        bool number = !(t->c_lflag & ICANON) && (i == VMIN || i == VTIME);
        Own item = number ? small_int(t->c_cc[i]) : bytes_new(&t->c_cc[i], 1);
        if (!item || list_append_own(list, item) < 0) {
            ref_clear(&list);
        }
    }
    return list;
}

Own
termios_tcgetattr(Value module UNUSED, Value v)
{
    struct termios t;
    int fd = fd_from_value(v), result;
    if (fd < 0) {
        return NO_VALUE;
    }
    SYSCALL(result, tcgetattr(fd, &t));
    if (terminal_status(result) < 0) {
        return NO_VALUE;
    }
    Own characters = control_characters(&t);
    if (!characters) {
        return NO_VALUE;
    }
    Own values[] = {small_int(t.c_iflag),          small_int(t.c_oflag),
                    small_int(t.c_cflag),          small_int(t.c_lflag),
                    small_int(cfgetispeed(&t)),    small_int(cfgetospeed(&t)),
                    characters};
    return list_from_own(values, 7);
}

/* A list that must have n items, as a tuple. own: ret new · fail: 0, with nothing pending when it is no such list */
static Own
list_of(Value v, int64_t n)
{
    Own items = is_list(v) ? list_to_tuple(v) : NO_VALUE;
    if (items && as_tuple(items)->length != n) {
        ref_clear(&items);
    }
    return items;
}

/* Reads the control characters from Python's list. fail: -1 */
static int
set_characters(struct termios *t, Value list)
{
    Own items = list_of(list, NCCS);
    if (!items) {
        return exc_pending() ? -1 : raise_int(&exc_TypeError, "tcsetattr: attributes[6] must be %d element list", NCCS);
    }
    bool ok = true;
    for (int i = 0; i < NCCS && ok; i++) {
        Value v = tuple_item(items, i);
        int64_t n;
        if (is_bytes(v) && as_bytes(v)->length == 1) {
            t->c_cc[i] = as_bytes(v)->data[0];
        } else if (is_int(v)) {
            n = object_as_int64(v);
            ok = !(n == -1 && exc_pending());
            t->c_cc[i] = (cc_t)n;
        } else {
            raise_msg(&exc_TypeError, "tcsetattr: elements of attributes must be bytes objects of "
                                      "length 1 or integers");
            ok = false;
        }
    }
    drop(items);
    return ok ? 0 : -1;
}

/* What Python's seven attributes say. fail: -1 */
static int
set_attributes(struct termios *t, Value attributes)
{
    int64_t n[6];
    for (int i = 0; i < 6; i++) {
        n[i] = object_as_int64(tuple_item(attributes, i));
        if (n[i] == -1 && exc_pending()) {
            return -1;
        }
    }
    t->c_iflag = (tcflag_t)n[0];
    t->c_oflag = (tcflag_t)n[1];
    t->c_cflag = (tcflag_t)n[2];
    t->c_lflag = (tcflag_t)n[3];
    if (set_characters(t, tuple_item(attributes, 6)) < 0) {
        return -1;
    }
    /* a speed that does not exist is left to the terminal to refuse */
    return cfsetispeed(t, (speed_t)n[4]) < 0 || cfsetospeed(t, (speed_t)n[5]) < 0 ? terminal_status(-1) : 0;
}

int
termios_tcsetattr(Value module UNUSED, Value v, int when, Value attributes)
{
    struct termios t;
    int fd = fd_from_value(v), result;
    if (fd < 0) {
        return -1;
    }
    Own items = list_of(attributes, 7);
    if (!items) {
        return exc_pending() ? -1 : raise_int(&exc_TypeError, "tcsetattr, arg 3: must be 7 element list");
    }
    SYSCALL(result, tcgetattr(fd, &t)); /* for what Python does not show */
    int status = terminal_status(result) < 0 ? -1 : set_attributes(&t, items);
    drop(items);
    if (status < 0) {
        return -1;
    }
    SYSCALL(result, tcsetattr(fd, when, &t));
    return terminal_status(result);
}

#define TERMINAL_CALL(call)                                                                        \
    do {                                                                                           \
        int fd = fd_from_value(v), result;                                                         \
        if (fd < 0) {                                                                              \
            return -1;                                                                             \
        }                                                                                          \
        SYSCALL(result, call);                                                                     \
        return terminal_status(result);                                                            \
    } while (0)

int
termios_tcsendbreak(Value module UNUSED, Value v, int duration)
{
    TERMINAL_CALL(tcsendbreak(fd, duration));
}

int
termios_tcdrain(Value module UNUSED, Value v)
{
    TERMINAL_CALL(tcdrain(fd));
}

int
termios_tcflush(Value module UNUSED, Value v, int queue)
{
    TERMINAL_CALL(tcflush(fd, queue));
}

int
termios_tcflow(Value module UNUSED, Value v, int action)
{
    TERMINAL_CALL(tcflow(fd, action));
}

Own
termios_tcgetwinsize(Value module UNUSED, Value v)
{
    struct winsize size;
    int fd = fd_from_value(v), result;
    if (fd < 0) {
        return NO_VALUE;
    }
    SYSCALL(result, ioctl(fd, TIOCGWINSZ, &size));
    if (terminal_status(result) < 0) {
        return NO_VALUE;
    }
    Own pair[] = {small_int(size.ws_row), small_int(size.ws_col)};
    return tuple_from_own(pair, 2);
}

int
termios_tcsetwinsize(Value module UNUSED, Value v, Value winsize)
{
    struct winsize size;
    int fd = fd_from_value(v), result;
    if (fd < 0) {
        return -1;
    }
    int64_t n[2] = {0};
    bool sequence = is_tuple(winsize) || is_list(winsize) || type_of(winsize)->slots.getitem;
    if (!sequence || is_dict(winsize) || object_len(winsize) != 2) {
        exc_clear();
        return raise_int(&exc_TypeError, "tcsetwinsize, arg 2: must be a two-item sequence");
    }
    for (int i = 0; i < 2; i++) {
        Own item = object_getitem_int(winsize, i);
        n[i] = item ? object_as_int64(item) : -1;
        drop_opt(item);
        if (n[i] == -1 && exc_pending()) {
            return -1;
        }
    }
    SYSCALL(result, ioctl(fd, TIOCGWINSZ, &size)); /* keeps its pixels */
    if (terminal_status(result) < 0) {
        return -1;
    }
    size.ws_row = (unsigned short)n[0];
    size.ws_col = (unsigned short)n[1];
    if (size.ws_row != n[0] || size.ws_col != n[1]) {
        return raise_int(&exc_OverflowError, "winsize value(s) out of range.");
    }
    SYSCALL(result, ioctl(fd, TIOCSWINSZ, &size));
    return terminal_status(result);
}

#define N(name) {#name, name}
static const SystemConstant constants[] = {
    N(B0), N(B1000000), N(B110), N(B115200), N(B1152000), N(B1200), N(B134),
    N(B150), N(B1500000), N(B1800), N(B19200), N(B200), N(B2000000), N(B230400), N(B2400),
    N(B2500000), N(B300), N(B3000000), N(B3500000), N(B38400), N(B4000000),
    N(B460800), N(B4800), N(B50), N(B500000), N(B57600), N(B576000), N(B600),
    N(B75), N(B921600), N(B9600), N(BRKINT), N(BS0), N(BS1), N(BSDLY),
    N(CBAUD), N(CBAUDEX), N(CDSUSP), N(CEOF), N(CEOL), N(CEOT), N(CERASE), N(CFLUSH), N(CIBAUD),
    N(CINTR), N(CKILL), N(CLNEXT), N(CLOCAL), N(CQUIT), N(CR0), N(CR1), N(CR2), N(CR3), N(CRDLY),
    N(CREAD), N(CRPRNT), N(CRTSCTS), N(CS5), N(CS6), N(CS7), N(CS8), N(CSIZE), N(CSTART), N(CSTOP),
    N(CSTOPB), N(CSUSP), N(CWERASE), N(ECHO), N(ECHOCTL), N(ECHOE), N(ECHOK), N(ECHOKE), N(ECHONL),
    N(ECHOPRT), N(EXTA), N(EXTB), N(EXTPROC), N(FF0), N(FF1), N(FFDLY), N(FIOASYNC), N(FIOCLEX),
    N(FIONBIO), N(FIONCLEX), N(FIONREAD), N(FLUSHO), N(HUPCL), {"IBSHIFT", 16}, N(ICANON), N(ICRNL),
    N(IEXTEN), N(IGNBRK), N(IGNCR), N(IGNPAR), N(IMAXBEL), N(INLCR), N(INPCK), N(IOCSIZE_MASK),
    N(IOCSIZE_SHIFT), N(ISIG), N(ISTRIP), N(IUCLC), N(IUTF8), N(IXANY), N(IXOFF), N(IXON), N(NCCS),
    N(NL0), N(NL1), N(NLDLY), N(NOFLSH), N(N_MOUSE), N(N_PPP), N(N_SLIP), N(N_STRIP), N(N_TTY),
    N(OCRNL), N(OFDEL), N(OFILL), N(OLCUC), N(ONLCR), N(ONLRET), N(ONOCR), N(OPOST), N(PARENB),
    N(PARMRK), N(PARODD), N(PENDIN), N(TAB0), N(TAB1), N(TAB2), N(TAB3), N(TABDLY), N(TCFLSH),
    N(TCGETS), N(TCIFLUSH), N(TCIOFF), N(TCIOFLUSH), N(TCION), N(TCOFLUSH), N(TCOOFF), N(TCOON),
    N(TCSADRAIN), N(TCSAFLUSH), N(TCSANOW), N(TCSBRK), N(TCSBRKP), N(TCSETS), N(TCSETSF),
    N(TCSETSW), N(TCXONC), N(TIOCCONS), N(TIOCEXCL), N(TIOCGETD), N(TIOCGICOUNT), N(TIOCGLCKTRMIOS),
    N(TIOCGPGRP), N(TIOCGSERIAL), N(TIOCGSOFTCAR), N(TIOCGWINSZ), N(TIOCINQ), N(TIOCLINUX),
    N(TIOCMBIC), N(TIOCMBIS), N(TIOCMGET), N(TIOCMIWAIT), N(TIOCMSET), N(TIOCM_CAR), N(TIOCM_CD),
    N(TIOCM_CTS), N(TIOCM_DSR), N(TIOCM_DTR), N(TIOCM_LE), N(TIOCM_RI), N(TIOCM_RNG), N(TIOCM_RTS),
    N(TIOCM_SR), N(TIOCM_ST), N(TIOCNOTTY), N(TIOCNXCL), N(TIOCOUTQ), N(TIOCPKT), N(TIOCPKT_DATA),
    N(TIOCPKT_DOSTOP), N(TIOCPKT_FLUSHREAD), N(TIOCPKT_FLUSHWRITE), N(TIOCPKT_NOSTOP),
    N(TIOCPKT_START), N(TIOCPKT_STOP), N(TIOCSCTTY), N(TIOCSERCONFIG), N(TIOCSERGETLSR),
    N(TIOCSERGETMULTI), N(TIOCSERGSTRUCT), N(TIOCSERGWILD), N(TIOCSERSETMULTI), N(TIOCSERSWILD),
    N(TIOCSER_TEMT), N(TIOCSETD), N(TIOCSLCKTRMIOS), N(TIOCSPGRP), N(TIOCSSERIAL), N(TIOCSSOFTCAR),
    N(TIOCSTI), N(TIOCSWINSZ), N(TOSTOP), N(VDISCARD), N(VEOF), N(VEOL), N(VEOL2), N(VERASE),
    N(VINTR), N(VKILL), N(VLNEXT), N(VMIN), N(VQUIT), N(VREPRINT), N(VSTART), N(VSTOP), N(VSUSP),
    N(VSWTC), {"VSWTCH", 7}, N(VT0), N(VT1), N(VTDLY), N(VTIME), N(VWERASE), N(XCASE), N(XTABS),
#ifdef B76800 /* speeds that newer systems have */
    N(B7200), N(B14400), N(B28800), N(B76800),
#endif
    {NULL, 0},
};

static int
termios_exec(Value m)
{
    if (!termios_error) {
        termios_error = exception_class_new("termios", "error", VALUE(&exc_Exception),
                                        "A terminal refused: (error number, message).");
    }
    return !termios_error || module_add(m, "error", own(termios_error)) < 0 ||
                   module_add_constants(m, constants) < 0
               ? -1
               : 0;
}

const ModuleDef module_termios = {
    .name = "termios",
    .doc = termios_module_doc,
    .functions = termios_functions,
    .exec = termios_exec,
};
