"""For tests of threads: `together` starts calls at the same moment and gives what they returned; `forked` runs a call in the child of a fork."""
import os
import threading
import traceback


def together(*calls):
    """Runs each call in a thread, all let go at once. Gives the results; raises what one raised."""
    barrier = threading.Barrier(len(calls))
    results, errors = [None] * len(calls), []

    def body(i, call):
        try:
            barrier.wait()
            results[i] = call()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=body, args=pair) for pair in enumerate(calls)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    if errors:
        raise errors[0]
    return results


def in_threads(count, call):
    """together() for `count` threads of the same call, which gets the thread's number."""
    return together(*[lambda i=i: call(i) for i in range(count)])


def forked(call):
    """Runs the call in the child of a fork. Gives a function that waits for the child's end and gives its exit code: 0, or 1 after an exception."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            call()
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    return lambda: os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
