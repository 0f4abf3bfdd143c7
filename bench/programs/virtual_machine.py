"""An interpreter in the interpreter: a stack machine by a table of functions, and by a chain of
tests.
"""


def run_chain(code):
    stack, names, pc, steps = [], [0] * 8, 0, 0
    while True:
        op, arg = code[pc]
        pc += 1
        steps += 1
        if op == 'push':
            stack.append(arg)
        elif op == 'load':
            stack.append(names[arg])
        elif op == 'store':
            names[arg] = stack.pop()
        elif op == 'add':
            b = stack.pop()
            stack[-1] += b
        elif op == 'mod':
            b = stack.pop()
            stack[-1] %= b
        elif op == 'less':
            b = stack.pop()
            stack[-1] = stack[-1] < b
        elif op == 'jump':
            pc = arg
        elif op == 'jump_if':
            if stack.pop():
                pc = arg
        elif op == 'halt':
            return names, steps


class Machine:
    def __init__(self):
        self.stack, self.names, self.pc, self.running = [], [0] * 8, 0, True
        self.table = {name[3:]: getattr(self, name) for name in dir(self) if name.startswith('do_')}

    def do_push(self, arg):
        self.stack.append(arg)

    def do_load(self, arg):
        self.stack.append(self.names[arg])

    def do_store(self, arg):
        self.names[arg] = self.stack.pop()

    def do_add(self, arg):
        b = self.stack.pop()
        self.stack.append(self.stack.pop() + b)

    def do_mod(self, arg):
        b = self.stack.pop()
        self.stack.append(self.stack.pop() % b)

    def do_less(self, arg):
        b = self.stack.pop()
        self.stack.append(self.stack.pop() < b)

    def do_jump(self, arg):
        self.pc = arg

    def do_jump_if(self, arg):
        if self.stack.pop():
            self.pc = arg

    def do_halt(self, arg):
        self.running = False

    def run(self, code):
        while self.running:
            op, arg = code[self.pc]
            self.pc += 1
            self.table[op](arg)
        return self.names


def program(n):
    return [('push', 0), ('store', 0), ('push', 0), ('store', 1),
            ('load', 0), ('push', n), ('less', 0), ('jump_if', 9), ('halt', 0),
            ('load', 1), ('load', 0), ('push', 7), ('mod', 0), ('add', 0), ('store', 1),
            ('load', 0), ('push', 1), ('add', 0), ('store', 0), ('jump', 4)]


def main():
    return run_chain(program(200_000)), Machine().run(program(120_000))[:2]


assert main() == (([200000, 599994, 0, 0, 0, 0, 0, 0], 3000009), [120000, 359997])
