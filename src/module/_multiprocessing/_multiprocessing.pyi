"Semaphores between processes, for the module multiprocessing."

def sem_unlink(name: cstr, /) -> None: "Removes the name of a semaphore; it goes when nobody uses it any more."
