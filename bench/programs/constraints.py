"""Objects that point at each other: one-way constraints kept up to date through a graph of
variables."""


class Variable:
    def __init__(self, name, value=0):
        self.name = name
        self.value = value
        self.rule = None            # what computes it
        self.used_by = []
        self.mark = 0

    def set(self, value):
        if self.rule is not None:
            raise ValueError(f'{self.name} is computed')
        if value != self.value:
            self.value = value
            Plan.of(self).run()


class Rule:
    strength = 0

    def __init__(self, output, *inputs):
        self.output, self.inputs = output, inputs
        output.rule = self
        for v in inputs:
            v.used_by.append(self)
        self.run()

    def run(self):
        value = self.compute()
        changed = value != self.output.value
        self.output.value = value
        return changed

    def remove(self):
        self.output.rule = None
        for v in self.inputs:
            v.used_by.remove(self)


class Sum(Rule):
    strength = 1

    def compute(self):
        total = 0
        for v in self.inputs:
            total += v.value
        return total & 0xFFFFFF


class Scale(Rule):
    strength = 2

    def __init__(self, output, source, factor, offset):
        self.factor, self.offset = factor, offset
        super().__init__(output, source)

    def compute(self):
        return self.inputs[0].value * self.factor + self.offset & 0xFFFFFF


class Copy(Rule):
    def compute(self):
        return self.inputs[0].value


class Plan:
    stamp = 0

    def __init__(self, rules):
        self.rules = rules

    @classmethod
    def of(cls, variable):
        "the rules that depend on the variable, each after those it needs"
        cls.stamp += 1
        order = []
        cls.visit(variable, cls.stamp, order)
        order.reverse()
        return cls(order)

    @classmethod
    def visit(cls, variable, stamp, order):
        for rule in variable.used_by:
            if rule.output.mark != stamp:
                rule.output.mark = stamp
                cls.visit(rule.output, stamp, order)
                order.append(rule)

    def run(self):
        for rule in self.rules:
            rule.run()


def chain(n):
    first = last = Variable('v0')
    for i in range(1, n):
        v = Variable(f'v{i}')
        (Copy(v, last) if i % 3 else Scale(v, last, 3, i))
        last = v
    return first, last


def diamond(width):
    top, bottom = Variable('top'), Variable('bottom')
    middle = [Variable(f'm{i}') for i in range(width)]
    rules = [Scale(m, top, i + 1, i) for i, m in enumerate(middle)]
    Sum(bottom, *middle)
    return top, bottom, rules


def main():
    first, last = chain(400)
    total = 0
    for i in range(2_500):
        first.set(i * 31 + 1)
        total += last.value & 0xFF
    top, bottom, rules = diamond(300)
    for i in range(1_500):
        top.set(i + 1)
        total += bottom.value & 0xFF
        if i % 10 == 0:
            rule = rules[i % len(rules)]
            rule.remove()
            rules[i % len(rules)] = Scale(rule.output, top, i + 2, 1)
    try:
        last.set(1)
    except ValueError as error:
        total += len(str(error))
    return total, last.value, bottom.value


assert main() == (510443, 2979027, 4370018)
