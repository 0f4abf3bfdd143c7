class reader:
    "An iterator over the rows of text lines."
    __c__ = "csv_reader_object", "Reader"
    @property
    @member
    def dialect(self): "The dialect."
    @property
    @member
    def line_num(self): "How many lines were read so far."
