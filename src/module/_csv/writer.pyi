class writer:
    "A writer of rows."
    __c__ = "csv_writer_object", "Writer"
    def writerow(self, row, /): "Writes the items of row. Gives what write() gives."
    def writerows(self, rows, /) -> None: "Writes each of rows."
    @property
    @member
    def dialect(self): "The dialect."
