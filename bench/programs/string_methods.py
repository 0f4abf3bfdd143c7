"""Taking text apart: split, strip, replace, find, translate, case, slices, comparison."""


def caesar(text, shift):
    alphabet = 'abcdefghijklmnopqrstuvwxyz'
    return text.translate(str.maketrans(alphabet, alphabet[shift:] + alphabet[:shift]))


def palindrome(s):
    s = ''.join(c for c in s.lower() if c.isalnum())
    return s == s[::-1]


def main():
    line = '  The quick brown fox, jumps over the lazy dog; and runs away!  '
    total = 0
    for i in range(160_000):
        words = line.strip().split()
        total += len(words)
        total += line.find('lazy') + line.count('o') + line.rfind('a')
        clean = line.replace(',', '').replace(';', '')
        key, _, rest = clean.partition('fox')
        total += len(key.rstrip()) + len(rest.lstrip())
        if line.lower().startswith('  the') and line.endswith('!  '):
            total += 1
        total += len('-'.join(words).title())
    text = caesar(line.lower() * 3_000, 3)
    back = caesar(text, 23)
    csv = 'a,b,"c d",,e\n' * 24_000
    fields = [field.strip('"') for row in csv.splitlines() for field in row.split(',')]
    found = sum(palindrome(s) for s in ('A man, a plan, a canal: Panama', 'not this one',
                                        'Never odd or even') * 24_000)
    wide = 'äöü→🙂' * 80_000
    chars = sum(1 for c in wide if c in 'äü')
    slices = sum(len(line[i % 20:40]) for i in range(900_000))
    return total, back == line.lower() * 3_000, len(fields), found, chars, slices, wide.upper()[:3]


assert main() == (36960000, True, 120000, 48000, 160000, 27450000, 'ÄÖÜ')
