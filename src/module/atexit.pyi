"Functions to be called when the program ends."

@raw
def register(func, /, *args, **kwargs): "Has func called when the program ends normally. Returns func."
def unregister(func, /) -> None: "Forgets every registration of func."
def _clear() -> None: "Forgets all functions."
def _run_exitfuncs() -> None: "Calls all functions now and forgets them. What they raise goes to sys.unraisablehook."
def _ncallbacks() -> ssize: "How many functions are registered."
