class PickleBuffer:
    "An object's buffer, as pickle's protocol 5 may keep it out of the file."
    __c__ = "pickle_buffer", "PickleBuffer"
    def raw(self, /): "A memoryview of the bytes. BufferError if they are not contiguous."
    def release(self, /) -> None: "Gives the buffer back."
