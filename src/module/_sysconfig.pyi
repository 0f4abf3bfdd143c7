"How this interpreter was built: what the library's sysconfig shows."
__c__ = "sysconfig"
def config_vars(): "A dict of what the C code knows: sizes of C types, compiler, the names of what it loads."
