"""Ten thousand threads that live for a moment; memory is as it was."""
import resource
import threading

done = []


def work(n):
    done.append([n] * 10)


def rounds(count):
    for start in range(0, count, 10):
        threads = [threading.Thread(target=work, args=(start + i,)) for i in range(10)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        assert len(done) == 10
        del done[:]


rounds(1000)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
rounds(9000)
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
assert grown < 4096, f'{grown} KiB more'
