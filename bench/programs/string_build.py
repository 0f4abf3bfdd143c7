"""Building text: +=, join, %, format, f-strings, a small template and a table."""


def table(rows):
    widths = [max(len(str(row[i])) for row in rows) for i in range(len(rows[0]))]
    return '\n'.join(' | '.join(str(cell).rjust(width) for cell, width in zip(row, widths))
                     for row in rows)


def main():
    text = ''
    for i in range(600_000):
        text += 'ab'
    parts = []
    for i in range(360_000):
        parts.append(f'{i}:{i * 2:05d} {i / 3:.2f}')
    joined = ','.join(parts)
    for i in range(260_000):
        s = '%d-%s-%5.1f' % (i, 'x', i / 7)
    for i in range(260_000):
        t = '{0} {name:>8} {0:x}'.format(i, name='weft')
    rows = [(i, i * i, f'name{i % 13}', i / 8) for i in range(9000)]
    out = table(rows)
    html = ''.join(f'<li class="{"odd" if i & 1 else "even"}">{i!r}</li>' for i in range(260_000))
    return len(text), len(joined), s, t, len(out), out.count('|'), len(html)


assert main() == (1200000, 8145559, '259999-x-37142.7', '259999     weft 3f79f', 323999, 27000,
                  7038890)
