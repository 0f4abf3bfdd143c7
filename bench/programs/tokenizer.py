"""Text one character at a time: a tokenizer, a recursive-descent parser and an evaluator of
arithmetic.
"""


def tokens(text):
    i, n, out = 0, len(text), []
    while i < n:
        c = text[i]
        if c == ' ':
            i += 1
        elif c.isdigit():
            j = i + 1
            while j < n and (text[j].isdigit() or text[j] == '.'):
                j += 1
            out.append(('number', float(text[i:j]) if '.' in text[i:j] else int(text[i:j])))
            i = j
        elif c.isalpha() or c == '_':
            j = i + 1
            while j < n and (text[j].isalnum() or text[j] == '_'):
                j += 1
            out.append(('name', text[i:j]))
            i = j
        else:
            out.append((c, c))
            i += 1
    out.append(('end', None))
    return out


class Parser:
    def __init__(self, text):
        self.tokens = tokens(text)
        self.at = 0

    def take(self, kind):
        if self.tokens[self.at][0] == kind:
            self.at += 1
            return True
        return False

    def sum(self):
        left = self.product()
        while True:
            if self.take('+'):
                left = ('+', left, self.product())
            elif self.take('-'):
                left = ('-', left, self.product())
            else:
                return left

    def product(self):
        left = self.atom()
        while True:
            if self.take('*'):
                left = ('*', left, self.atom())
            elif self.take('%'):
                left = ('%', left, self.atom())
            else:
                return left

    def atom(self):
        kind, value = self.tokens[self.at]
        self.at += 1
        if kind == '(':
            inner = self.sum()
            if not self.take(')'):
                raise SyntaxError('expected )')
            return inner
        if kind == '-':
            return ('-', ('number', 0), self.atom())
        return (kind, value)


def evaluate(tree, names):
    op = tree[0]
    if op == 'number':
        return tree[1]
    if op == 'name':
        return names[tree[1]]
    a, b = evaluate(tree[1], names), evaluate(tree[2], names)
    if op == '+':
        return a + b
    if op == '-':
        return a - b
    if op == '*':
        return a * b
    return a % b


def main():
    source = ('(alpha + 12 * beta_2) * (3.5 + 7) - -gamma % 5 + '
              '(1 + (2 + (3 + (4 * 5)))) * delta - 100')
    total = 0
    for _ in range(15_000):
        tree = Parser(source).sum()
    names = {'alpha': 1, 'beta_2': 2, 'gamma': 3, 'delta': 4}
    for i in range(250_000):
        names['alpha'] = i & 15
        total += evaluate(tree, names)
    return total, len(tokens(source))


assert main() == (83187500.0, 41)
