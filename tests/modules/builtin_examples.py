# The examples in the documentation of the built-ins are true.
import builtins
import doctest

failed, ran = 0, 0
runner = doctest.DocTestRunner()
for test in doctest.DocTestFinder().find(builtins):
    result = runner.run(test)
    failed, ran = failed + result.failed, ran + result.attempted
assert failed == 0 and ran >= 14, (failed, ran)
