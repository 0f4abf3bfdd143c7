# math: exact values, special values, domains.
import math
from check import raises

inf, nan = math.inf, math.nan
assert math.pi == 3.141592653589793 and math.e == 2.718281828459045 and math.tau == 2 * math.pi
assert math.sqrt(16) == 4.0 and math.sqrt(2) == 1.4142135623730951
assert abs(math.cbrt(27) - 3) < 1e-15
assert math.floor(-2.5) == -3 and math.ceil(-2.5) == -2 and math.trunc(-2.7) == -2
assert type(math.floor(2.5)) is int
assert math.floor(10 ** 30) == 10 ** 30 and math.factorial(25) == 15511210043330985984000000
assert math.gcd(48, 36, 60) == 12 and math.gcd() == 0 and math.lcm(4, 6) == 12
assert math.gcd(-2 ** 80, 2 ** 70) == 2 ** 70
assert math.comb(50, 25) == 126410606437752 and math.perm(10, 3) == 720 and math.comb(3, 5) == 0
assert math.isqrt(10 ** 40 + 1) == 10 ** 20 and math.prod([1, 2, 3], start=4) == 24
assert math.prod([]) == 1
assert math.fsum([0.1] * 10) == 1.0 and math.fsum([1e100, 1, -1e100]) == 1.0
assert math.sumprod([1, 2], [3, 4]) == 11
assert math.hypot(3, 4) == 5.0 and math.dist((0, 0), (3, 4)) == 5.0 and math.hypot() == 0.0
assert math.exp(0) == 1.0 and math.log(math.e) == 1.0 and math.log(8, 2) == 3.0
assert math.log2(2 ** 100) == 100.0
assert math.log10(10 ** 300) == 300.0 and math.log(10 ** 400) > 921 and math.log1p(0) == 0.0
assert math.expm1(0) == 0.0 and math.exp2(3) == 8.0
assert math.sin(0) == 0.0 and math.cos(0) == 1.0 and math.atan2(1, 1) == math.pi / 4
assert math.degrees(math.pi) == 180.0 and math.radians(180) == math.pi
assert math.fabs(-2) == 2.0 and math.fmod(-7, 3) == -1.0 and math.modf(2.5) == (0.5, 2.0)
assert math.frexp(8) == (0.5, 4) and math.ldexp(0.5, 4) == 8.0
assert math.copysign(1, -0.0) == -1.0 and math.remainder(7, 4) == -1.0 and math.fma(2, 3, 4) == 10.0
assert math.isnan(nan) and math.isinf(-inf) and math.isfinite(1) and not math.isfinite(inf)
assert math.isclose(1, 1 + 1e-10) and not math.isclose(1, 1.1)
assert math.isclose(0, 1e-10, abs_tol=1e-9)
assert math.nextafter(1, 2) == 1.0000000000000002 and math.ulp(1.0) == 2.220446049250313e-16
assert math.nextafter(0, 1, steps=3) == 1.5e-323
assert math.gamma(5) == 24.0 and math.lgamma(1) == 0.0 and math.erf(0) == 0.0
assert math.erfc(0) == 1.0
raises(ValueError, 'expected a nonnegative input, got -1.0', math.sqrt, -1)
raises(ValueError, 'expected a positive input', math.log, 0)
raises(OverflowError, 'math range error', math.exp, 1000)
raises(ValueError, 'factorial() not defined for negative values', math.factorial, -1)
raises(TypeError, "'float' object cannot be interpreted as an integer", math.factorial, 2.0)
raises(TypeError, 'must be real number, not str', math.sin, 'a')
raises(ValueError, 'isqrt() argument must be nonnegative', math.isqrt, -1)
raises(OverflowError, 'cannot convert float infinity to integer', math.floor, inf)
raises(TypeError, "'float' object cannot be interpreted as an integer", math.gcd, 1.0)


class F:
    def __float__(self):
        return 2.25

    def __floor__(self):
        return 'floor'


assert math.sqrt(F()) == 1.5 and math.floor(F()) == 'floor'
