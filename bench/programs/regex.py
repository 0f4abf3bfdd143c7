"""Regular expressions: a lexer, log lines, substitution with a function, backreferences,
splitting.
"""
import re

LEXER = re.compile(r'(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z_]\w*)|'
                   r'(?P<string>"[^"\\]*(?:\\.[^"\\]*)*")|'
                   r'(?P<op>[-+*/=<>!]=?|[(){}\[\],;])|(?P<space>\s+)')
LOG = re.compile(r'(\d+)-(\d\d)-(\d\d) (\d\d):(\d\d) \[(\w+)\] ([\w.]+): (.*)')


def main():
    code = 'while (x1 <= 10.5) { total = total + "a \\" b" * y[2]; call(x, y_2); }\n' * 4500
    kinds = {}
    for m in LEXER.finditer(code):
        kinds[m.lastgroup] = kinds.get(m.lastgroup, 0) + 1
    total = 0
    lines = [f'2026-0{i % 9 + 1}-1{i % 10} 1{i % 10}:3{i % 10} '
             f'[{"ERROR" if i % 7 == 0 else "INFO"}] mod.sub{i % 5}: message {i} of many'
             for i in range(100_000)]
    for line in lines:
        m = LOG.match(line)
        if m and m.group(6) == 'ERROR':
            total += int(m.group(3)) + len(m.group(8))
    text = ' '.join(lines[:16_000])
    doubled = re.sub(r'\d+', lambda m: str(int(m.group()) * 2), text)
    words = re.findall(r'\b[a-z]{3,}\b', text)
    repeated = re.findall(r'\b(\w)(\w)\w*\2\1\b', 'deed noon abba level teeth otto xyzyx ' * 10_000)
    fields = re.split(r'[,;]\s*', 'a, b;c,   d;e' * 20_000)
    mail = re.compile(r'^[\w.+-]+@[\w-]+(\.[\w-]+)+$')
    good = sum(1 for i in range(240_000) if mail.match(f'user.{i}@host{i % 9}.example.org'))
    return kinds, total, len(doubled), len(words), len(repeated), len(fields), good


assert main() == ({'name': 36000, 'space': 67500, 'op': 67500, 'number': 9000, 'string': 4500},
                  505562, 885618, 48000, 60000, 80001, 240000)
