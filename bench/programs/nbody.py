"""Floats in attributes: planets under gravity."""


class Body:
    def __init__(self, x, y, z, vx, vy, vz, mass):
        self.x, self.y, self.z = x, y, z
        self.vx, self.vy, self.vz = vx, vy, vz
        self.mass = mass


def advance(bodies, pairs, dt):
    for a, b in pairs:
        dx, dy, dz = a.x - b.x, a.y - b.y, a.z - b.z
        force = dt / (dx * dx + dy * dy + dz * dz) ** 1.5
        am, bm = a.mass * force, b.mass * force
        a.vx -= dx * bm
        a.vy -= dy * bm
        a.vz -= dz * bm
        b.vx += dx * am
        b.vy += dy * am
        b.vz += dz * am
    for body in bodies:
        body.x += dt * body.vx
        body.y += dt * body.vy
        body.z += dt * body.vz


def energy(bodies, pairs):
    e = sum(0.5 * b.mass * (b.vx ** 2 + b.vy ** 2 + b.vz ** 2) for b in bodies)
    for a, b in pairs:
        e -= a.mass * b.mass / ((a.x - b.x) ** 2 + (a.y - b.y) ** 2 + (a.z - b.z) ** 2) ** 0.5
    return e


def main():
    bodies = [Body(0, 0, 0, 0, 0, 0, 40.0), Body(5, 1, 0, 0.2, 2.7, 0, 0.04),
              Body(8, -4, 0.3, 1.0, 1.8, 0, 0.01),
              Body(-12, 9, -0.2, -0.9, -1.3, 0, 0.002), Body(15, -2, 0.1, 0.3, 1.6, 0.1, 0.002)]
    pairs = [(a, b) for i, a in enumerate(bodies) for b in bodies[i + 1:]]
    before = energy(bodies, pairs)
    for _ in range(170_000):
        advance(bodies, pairs, 0.001)
    after = energy(bodies, pairs)
    return abs(after - before) < 1e-3 * abs(before), round(bodies[1].x, 6)


assert main() == (True, -0.739162)
