# signal: handlers, masks, waiting for signals, timers, the wake-up descriptor.
import os
import signal
import socket
import time
from check import raises

seen = []
signal.signal(signal.SIGUSR1, lambda number, frame: seen.append(number))
os.kill(os.getpid(), signal.SIGUSR1)
signal.raise_signal(signal.SIGUSR1)
assert seen == [signal.SIGUSR1] * 2
old = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
os.kill(os.getpid(), signal.SIGUSR1)
assert seen == [signal.SIGUSR1] * 2 and signal.SIGUSR1 in signal.sigpending()
info = signal.sigwaitinfo([signal.SIGUSR1])
assert info.si_signo == signal.SIGUSR1 and info.si_pid == os.getpid()
assert signal.sigtimedwait([signal.SIGUSR1], 0) is None
signal.pthread_sigmask(signal.SIG_SETMASK, old)
raises(ValueError, 'timeout must be non-negative', lambda: signal.sigtimedwait([signal.SIGUSR1], -1))
raises(ValueError, 'signal number 0 out of range [1; 64]', lambda: signal.pthread_sigmask(signal.SIG_BLOCK, [0]))

a, b = socket.socketpair()
b.setblocking(False)
signal.set_wakeup_fd(b.fileno())
signal.raise_signal(signal.SIGUSR1)
assert a.recv(10) == bytes([signal.SIGUSR1])
assert signal.set_wakeup_fd(-1) == b.fileno()
a.close()
b.close()

def late(number, frame):
    raise TimeoutError('the timer')

signal.signal(signal.SIGALRM, late)
signal.setitimer(signal.ITIMER_REAL, 0.05)
raises(TimeoutError, 'the timer', lambda: time.sleep(60))
signal.setitimer(signal.ITIMER_REAL, 0.05)
r, w = os.pipe()
raises(TimeoutError, 'the timer', lambda: os.read(r, 1))
assert signal.setitimer(signal.ITIMER_REAL, 0) == (0.0, 0.0)
raises(signal.ItimerError, None, lambda: signal.setitimer(9, 1))
raises(ValueError, 'signal number out of range', lambda: signal.signal(0, late))
assert signal.strsignal(signal.SIGINT) == 'Interrupt' and signal.SIGKILL in signal.valid_signals()
raises(KeyboardInterrupt, None, lambda: signal.raise_signal(signal.SIGINT))
