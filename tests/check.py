"""What tests may import: `raises` for the exception that an expression must raise."""


def raises(kind, message, call, *args, **kwargs):
    """Asserts that the call raises exactly `kind`, with that text (None: any). Gives the error."""
    try:
        result = call(*args, **kwargs)
    except BaseException as error:
        if type(error) is not kind:
            raise AssertionError(f"{type(error).__name__}: {error}, not {kind.__name__}") from error
        text = str(error)
        assert message is None or text == message, f"{text!r}, not {message!r}"
        return error
    raise AssertionError(f"no {kind.__name__} but {result!r}")
