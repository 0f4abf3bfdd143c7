"Shared memory of POSIX."

def shm_open(path: str, flags: int, mode: int = 511) -> ssize: "Opens shared memory by name; returns a descriptor."
def shm_unlink(path: str, /) -> None: "Removes the name of shared memory; it goes when nobody uses it any more."
