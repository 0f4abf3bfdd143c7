# subprocess over _posixsubprocess: pipes, errors of the child, environments, identities, descriptors.
import os
import signal
import subprocess
import sys
from check import raises

run = subprocess.run
assert run(['echo', 'hi'], capture_output=True).stdout == b'hi\n'
done = run('cat; echo oops >&2; exit 3', shell=True, input=b'abc', capture_output=True)
assert (done.returncode, done.stdout, done.stderr) == (3, b'abc', b'oops\n')
for call, name in ((lambda: run(['/nonexistent']), '/nonexistent'), (lambda: run(['ls'], cwd='/nonexistent'), '/nonexistent')):
    try:
        call()
    except FileNotFoundError as error:
        assert error.filename == name, error.filename
    else:
        raise AssertionError
raises(subprocess.SubprocessError, 'Exception occurred in preexec_fn.', lambda: run(['ls'], preexec_fn=lambda: 1 / 0))
assert run(['sh', '-c', 'echo $A'], env={'A': 'b', 'PATH': os.environ['PATH']}, capture_output=True).stdout == b'b\n'
assert run(['sh', '-c', 'kill -9 $$']).returncode == -signal.SIGKILL
assert run(['sh', '-c', 'ps -o pgid= -p $$ 2>/dev/null || true'], start_new_session=True).returncode == 0
r, w = os.pipe()
assert run(['sh', '-c', f'echo there >&{w}'], pass_fds=[w]).returncode == 0
assert os.read(r, 20) == b'there\n'
assert run(['sh', '-c', f'echo there >&{w} 2>/dev/null'], stderr=subprocess.DEVNULL).returncode != 0
os.close(r)
os.close(w)
assert run(['sh', '-c', 'umask'], umask=0o27, capture_output=True).stdout == b'0027\n'
program = 'import sys; sys.stdout.write(sys.stdin.read().upper()); sys.exit(5)'
done = run([sys.executable, '-c', program], input='text', capture_output=True, text=True)
assert (done.returncode, done.stdout) == (5, 'TEXT')
with subprocess.Popen(['sleep', '100']) as child:
    raises(subprocess.TimeoutExpired, None, lambda: child.wait(0.05))
    child.terminate()
assert child.returncode == -signal.SIGTERM
