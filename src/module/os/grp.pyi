"""The groups that the system knows.

Each is a tuple with names: gr_name, gr_passwd, gr_gid, gr_mem (a list of names)."""

def getgrgid(id): "The group of a number."
def getgrnam(name: str): "The group of a name."
def getgrall(): "All groups, in no order."
