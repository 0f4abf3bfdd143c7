"""Few objects of much memory are garbage: no count of objects says so, but a MemoryError does, and then the memory is there again. (CPython goes on
without it.)"""
import subprocess
import sys

PROGRAM = r"""
import resource
MIB = 1 << 20
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + 100 * MIB, resource.RLIM_INFINITY))
refused = made = 0
while made < 300:
    try:
        cycle = [bytearray(4 * MIB)]
        cycle.append(cycle)
        made += 1
    except MemoryError:
        refused += 1
        assert refused < 100, (made, refused)
assert refused > 3, refused
"""

if int(open("/proc/self/statm").read().split()[0]) > 1 << 28:  # pages of address space
    print("SKIP sanitizers want all of the address space")
else:
    ended = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0, ended.stderr
