# complex: arithmetic, parsing, repr, hashing, special values.
z = 3 + 4j
assert z.real == 3.0 and z.imag == 4.0 and abs(z) == 5.0 and z.conjugate() == 3 - 4j
assert complex(3, 4) == z and complex('3+4j') == z
assert complex('j') == 1j and complex('-1.5e2-j') == -150 - 1j and complex(' (1+2j) ') == 1 + 2j
assert complex() == 0 and complex(2.5) == 2.5
assert z * z == -7 + 24j and z + 1 == 4 + 4j and 1 - z == -2 - 4j and z / 2 == 1.5 + 2j
assert 1 / 1j == -1j and z ** 2 == -7 + 24j and -z == -3 - 4j and +z == z
assert z / (1 + 1j) == 3.5 + 0.5j and z ** 0 == 1 and 0j ** 0 == 1 and (2 + 0j) ** 3 == 8 and z != 3
assert 3 + 0j == 3
assert repr(z) == '(3+4j)' and repr(1j) == '1j' and repr(-1j) == '(-0-1j)'
assert repr(complex(-0.0, 1)) == '(-0+1j)' and repr(complex(1, -0.0)) == '(1-0j)'
assert repr(complex(float('inf'), float('nan'))) == '(inf+nanj)' and str(1.5 + 2j) == '(1.5+2j)'
assert repr(0j) == '0j'
assert hash(3 + 0j) == hash(3) and hash(1j) == 1000003 and {1 + 0j: 'x'}[1] == 'x'
assert bool(0j) is False and bool(1j) is True
assert f'{z:.1f}' == '3.0+4.0j' and f'{z:>10}' == '    (3+4j)' and f'{z}' == '(3+4j)'
assert type(1 + 1j) is complex and 1j * 1j == -1 and (1 + 2j) * 2.5 == 2.5 + 5j
assert 1.5 - 2j == complex(1.5, -2)
assert complex.from_number(3) == 3 + 0j and (1 + 2j).__complex__() == 1 + 2j
assert sum([1j, 1]) == 1 + 1j


class C:
    def __complex__(self):
        return 2j


assert complex(C()) == 2j
