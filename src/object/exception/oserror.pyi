class OSError:
    "The operating system reported an error."
    __c__ = "os_error", "OsException"
    def __reduce__(self): "What pickle needs to make the exception again."
    @member
    @property
    def errno(self): "The system's number of the error."
    @errno.setter
    def errno(self, value): ...
    @member
    @property
    def strerror(self): "The system's text of the error."
    @strerror.setter
    def strerror(self, value): ...
    @member
    @property
    def filename(self): "The file in question."
    @filename.setter
    def filename(self, value): ...
    @member
    @property
    def filename2(self): "The second file, of operations on two."
    @filename2.setter
    def filename2(self, value): ...
    @property
    def characters_written(self): "How much was written before an operation would have had to wait."
    @characters_written.setter
    def characters_written(self, value): ...
