"""Runs one file of CPython's `test` package under whatever interpreter runs this, case by case.

usage: cases.py RESULTS FILE [FIRST [LIBRARY]]     e.g. cases.py out test_dict 0 lib/python3.14

Appends to RESULTS, one write a line, so that whatever kills the process loses nothing that was
decided before:
    case INDEX NAME             every case of the file, before any runs
    start INDEX                 it begins
    end INDEX KIND TEXT         KIND is ok, fail or skip; TEXT the error's last line, or the reason
    extra TEXT                  an error that belongs to no case (a class's or module's set-up)
    import-error TEXT           the file cannot be imported
    skip-file TEXT              it does not want to run here
    done                        all cases ran
Fields are separated by tabs. Cases before FIRST are listed and not run: so a run that crashed is
taken up again.
It leans on as little as it can: unittest's cases and suites, not its runner; nothing of
test.libregrtest.
"""
import os
import sys


def put(fd, *fields):
    line = "\t".join(str(f).replace("\\", "\\\\").replace("\n", "\\n").replace("\t", " ")
                     for f in fields)
    os.write(fd, (line + "\n").encode("utf-8", "backslashreplace"))


def last_line(error):
    "the error as the last line of its traceback would show it"
    try:
        text = str(error)
    except BaseException as inner:
        text = "<str() raised " + type(inner).__name__ + ">"
    name = type(error).__name__
    text = text.strip()
    if len(text) > 300:
        text = text[:300] + "..."
    return name + ": " + text if text else name


def flatten(suite, into):
    try:
        parts = iter(suite)
    except TypeError:
        into.append(suite)
        return into
    for part in parts:
        if part is not None:
            flatten(part, into)
    return into


def name_of(test, file):
    name = test.id()
    for prefix in ("test." + file + ".", file + "."):
        if name.startswith(prefix):
            return name[len(prefix):]
    return name


def load(file):
    "the cases of test.FILE, in the order of unittest's loader"
    import importlib
    import unittest
    try:
        from test import support
        support.verbose = 0
        # no network, no gigabytes, no minutes: as regrtest does unless asked
        support.use_resources = ()
        # what CPython marks as a detail of its own mostly is none: tracebacks' carets, suggestions, tracing of opcodes
        support.cpython_only = lambda test: test
    except Exception:
        pass
    module = importlib.import_module("test." + file)
    return flatten(unittest.defaultTestLoader.loadTestsFromModule(module), [])


def make_result(fd):
    import unittest

    class Result(unittest.TestResult):
        "writes down each case's end: its worst part decides (failed, then skipped, then passed)"

        def __init__(self):
            super().__init__()
            self.index = None
            self.worst = None

        def startTest(self, test):
            self.worst = None
            put(fd, "start", self.index)

        def stopTest(self, test):
            kind, text = self.worst or ("fail", "it ended without a result")
            put(fd, "end", self.index, kind, text)
            self.worst = None

        def note(self, test, kind, text):
            order = ("ok", "skip", "fail")
            if isinstance(test, unittest.suite._ErrorHolder):
                if kind == "fail":
                    put(fd, "extra", test.id() + ": " + text)
            elif self.worst is None or order.index(kind) > order.index(self.worst[0]):
                self.worst = kind, text

        def addSuccess(self, test):
            self.note(test, "ok", "")

        def addError(self, test, err):
            self.note(test, "fail", last_line(err[1]))

        addFailure = addError

        def addSkip(self, test, reason):
            self.note(test, "skip", reason)

        def addExpectedFailure(self, test, err):
            self.note(test, "ok", "")

        def addUnexpectedSuccess(self, test):
            self.note(test, "fail", "unexpected success")

        def addSubTest(self, test, subtest, err):
            if err is not None:
                self.note(test, "fail", last_line(err[1]))

        def addDuration(self, test, elapsed):
            pass

    return Result()


def run(fd, file, first):
    try:
        cases = load(file)
    except BaseException as error:
        if type(error).__name__ == "SkipTest":
            put(fd, "skip-file", error)
        else:
            put(fd, "import-error", last_line(error))
            import traceback
            traceback.print_exc()
        return
    for index, test in enumerate(cases):
        put(fd, "case", index, name_of(test, file))
    import unittest
    result = make_result(fd)
    result._testRunEntered = True       # the fixtures are torn down below, once
    for index, test in enumerate(cases):
        if index < first:
            continue
        result.index = index
        try:
            unittest.TestSuite([test]).run(result)
        except BaseException as error:
            put(fd, "end", index, "fail", last_line(error))
        cases[index] = None
    result.index = -1
    last = unittest.TestSuite()
    last._tearDownPreviousClass(None, result)
    last._handleModuleTearDown(result)
    put(fd, "done")


def main():
    results, file = sys.argv[1], sys.argv[2]
    first = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    if len(sys.argv) > 4:
        sys.path.append(sys.argv[4])
    sys.path[0] = os.getcwd()           # not this folder
    stand_ins = os.path.join(os.path.dirname(os.path.abspath(__file__)), "stand_ins")
    sys.path += [stand_ins, os.path.join(stand_ins, file)]
    fd = os.open(results, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    sys.argv[1:] = []
    run(fd, file, first)


if __name__ == "__main__":
    # Cases are pickled, inspected and spawned by their module's name: `__main__` must not be
    # mistaken for theirs.
    main()
