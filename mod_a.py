x = 1
_private = 2
def f(): return x
