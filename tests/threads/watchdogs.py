"""faulthandler's watchdog, set up and called off by several threads: none of them is left behind."""
import faulthandler
import os
import tempfile

from together import together

ROUNDS = 100

with tempfile.TemporaryFile() as file:
    def sets_up():
        for _ in range(ROUNDS):
            faulthandler.dump_traceback_later(1000, file=file)

    def calls_off():
        for _ in range(ROUNDS):
            faulthandler.cancel_dump_traceback_later()

    together(sets_up, sets_up, calls_off)
    faulthandler.cancel_dump_traceback_later()
    assert os.fstat(file.fileno()).st_size == 0
    together(sets_up, sets_up, sets_up)
    faulthandler.cancel_dump_traceback_later()
    assert os.fstat(file.fileno()).st_size == 0
