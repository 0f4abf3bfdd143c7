"The system's log."
def openlog(ident: str = ..., logoption: i64 = 0, facility: i64 = LOG_USER) -> None: "Say what is put in front of messages (the program's name by default), and where they go."
@raw
def syslog(*args):
    """syslog([priority=LOG_INFO,] message)
    Send a message to the system's log."""
def closelog() -> None: "Forget what openlog said."
def setlogmask(maskpri: i64, /) -> ssize: "Set which priorities are logged. Returns the mask before."
def LOG_UPTO(pri: i64, /) -> ssize: "The mask of all priorities up to one."
def LOG_MASK(pri: i64, /) -> ssize: "The mask of one priority."
