class SyntaxError:
    "The source is not valid Python."
    __c__ = "syntax_error", "SyntaxException"
    @member
    @property
    def msg(self): "What is wrong."
    @msg.setter
    def msg(self, value): ...
    @member
    @property
    def filename(self): "The file."
    @filename.setter
    def filename(self, value): ...
    @member
    @property
    def lineno(self): "The line, from 1."
    @lineno.setter
    def lineno(self, value): ...
    @member
    @property
    def offset(self): "The column in the line, from 1."
    @offset.setter
    def offset(self, value): ...
    @member
    @property
    def text(self): "The line's text."
    @text.setter
    def text(self, value): ...
    @member
    @property
    def end_lineno(self): "The line where the place ends."
    @end_lineno.setter
    def end_lineno(self, value): ...
    @member
    @property
    def end_offset(self): "The column where the place ends."
    @end_offset.setter
    def end_offset(self, value): ...
    @member
    @property
    def print_file_and_line(self): "Kept for old programs."
    @print_file_and_line.setter
    def print_file_and_line(self, value): ...
    @member
    @property
    def _metadata(self): "What the parser knows more: for better messages."
    @_metadata.setter
    def _metadata(self, value): ...
