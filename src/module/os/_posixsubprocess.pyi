"Starting programs, for the module subprocess."

@raw
def fork_exec(args, executable_list, close_fds, pass_fds, cwd, env, p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite, errpipe_read, errpipe_write, restore_signals, call_setsid, pgid_to_set, gid, extra_groups, uid, child_umask, preexec_fn, /):
    """Makes a child process that runs the first of the programs that exists. Returns its number.
    What goes wrong in the child is written to errpipe_write as EXCEPTION:ERRNO IN HEX:MESSAGE."""
