"""The users that the system knows.

Each is a tuple with names: pw_name, pw_passwd, pw_uid, pw_gid, pw_gecos, pw_dir, pw_shell."""

def getpwuid(uidobj, /): "The user of a number."
def getpwnam(name: str, /): "The user of a name."
def getpwall(): "All users, in no order."
