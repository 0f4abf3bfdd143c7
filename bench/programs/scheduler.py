"""Polymorphic calls and queues: a small operating system whose tasks pass packets to each other."""


class Packet:
    def __init__(self, kind, number):
        self.kind, self.number = kind, number
        self.hops = 0
        self.next = None


class Queue:
    def __init__(self):
        self.head = self.tail = None
        self.size = 0

    def put(self, packet):
        packet.next = None
        if self.tail is None:
            self.head = packet
        else:
            self.tail.next = packet
        self.tail = packet
        self.size += 1

    def take(self):
        packet = self.head
        self.head = packet.next
        if self.head is None:
            self.tail = None
        self.size -= 1
        return packet


class Task:
    def __init__(self, system, name, priority):
        self.system, self.name, self.priority = system, name, priority
        self.inbox = Queue()
        self.runs = 0
        self.held = False
        system.add(self)

    def ready(self):
        return not self.held and self.inbox.size > 0

    def run(self):
        self.runs += 1
        packet = self.inbox.take()
        packet.hops += 1
        self.handle(packet)

    def handle(self, packet):
        raise NotImplementedError

    def send(self, name, packet):
        self.system.tasks[name].inbox.put(packet)


class Idle(Task):
    def __init__(self, system, count):
        super().__init__(system, 'idle', 0)
        self.count, self.seed = count, 1

    def ready(self):
        return self.count > 0

    def run(self):
        self.runs += 1
        self.count -= 1
        self.seed = self.seed * 1309 + 13849 & 0xFFFF
        self.system.tasks['device a' if self.seed & 1 else 'device b'].held = False
        if self.seed & 0x30 == 0:
            self.send('worker', Packet('work', self.seed))


class Worker(Task):
    def handle(self, packet):
        if packet.kind == 'work':
            packet.number = packet.number * 31 + self.runs & 0xFFFF
            packet.kind = 'a' if packet.number & 1 else 'b'
            self.send('handler', packet)
        else:
            self.system.done += 1
            self.system.checksum = self.system.checksum * 3 + packet.number + packet.hops & 0xFFFFFF
            if packet.hops < 30:
                packet.kind = 'work'
                self.send('worker', packet)


class Handler(Task):
    def handle(self, packet):
        self.send('device a' if packet.kind == 'a' else 'device b', packet)


class Device(Task):
    def handle(self, packet):
        packet.kind = 'done'
        self.held = self.runs % 3 == 0
        self.send('worker', packet)


class System:
    def __init__(self):
        self.tasks, self.order = {}, []
        self.done = self.checksum = 0

    def add(self, task):
        self.tasks[task.name] = task
        self.order.append(task)
        self.order.sort(key=lambda t: -t.priority)

    def run(self):
        while True:
            for task in self.order:
                if task.ready():
                    task.run()
                    break
            else:
                return


def main():
    system = System()
    Idle(system, 90_000)
    Worker(system, 'worker', 10)
    Handler(system, 'handler', 20)
    Device(system, 'device a', 30)
    Device(system, 'device b', 30)
    for i in range(60):
        system.tasks['worker'].inbox.put(Packet('work', i))
    system.run()
    return system.done, system.checksum, [t.runs for t in system.order]


assert main() == (180456, 1796246, [91644, 88812, 180456, 360912, 90000])
