"""Tries a program with each of many requests for memory refused, alone and with all that follow."""
import sys

try:
    from _weft_faults import count
    able = count() >= 0
except ImportError:
    able = False

FOREVER = 1 << 60


def try_each(wrong_end, last, step):
    """wrong_end(n, m) runs with the requests n to m - 1 refused, and says what was wrong. The command line may name another step, and the first n."""
    if not able:
        print("SKIP a build that can refuse memory is needed")
        return
    step = int(sys.argv[1]) if len(sys.argv) > 1 else step
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    wrong = [found for n in range(first, last, step) for m in (n + 1, FOREVER) if (found := wrong_end(n, m))]
    assert not wrong, "\n".join(wrong)
