"""Floats in small objects with operators: spheres, shadows and reflections."""


class Vector:
    __slots__ = 'x', 'y', 'z'

    def __init__(self, x, y, z):
        self.x, self.y, self.z = x, y, z

    def __add__(self, o):
        return Vector(self.x + o.x, self.y + o.y, self.z + o.z)

    def __sub__(self, o):
        return Vector(self.x - o.x, self.y - o.y, self.z - o.z)

    def __mul__(self, k):
        return Vector(self.x * k, self.y * k, self.z * k)

    def dot(self, o):
        return self.x * o.x + self.y * o.y + self.z * o.z

    def unit(self):
        return self * (1.0 / self.dot(self) ** 0.5)


class Sphere:
    def __init__(self, centre, radius, colour, mirror):
        self.centre, self.radius, self.colour, self.mirror = centre, radius, colour, mirror

    def hit(self, origin, ray):
        away = origin - self.centre
        b = away.dot(ray)
        c = away.dot(away) - self.radius * self.radius
        inside = b * b - c
        if inside <= 0.0:
            return None
        root = inside ** 0.5
        near = -b - root
        if near > 1e-4:
            return near
        far = -b + root
        return far if far > 1e-4 else None

    def normal(self, point):
        return (point - self.centre).unit()


def nearest(scene, origin, ray):
    best = best_thing = None
    for thing in scene:
        distance = thing.hit(origin, ray)
        if distance is not None and (best is None or distance < best):
            best, best_thing = distance, thing
    return best, best_thing


def trace(scene, light, origin, ray, depth):
    distance, thing = nearest(scene, origin, ray)
    if thing is None:
        return 0.2 + 0.3 * max(ray.y, 0.0)
    point = origin + ray * distance
    normal = thing.normal(point)
    to_light = (light - point).unit()
    bright = 0.1
    if nearest(scene, point, to_light)[1] is None:
        bright += 0.9 * max(normal.dot(to_light), 0.0)
    shade = thing.colour * bright
    if depth and thing.mirror:
        bounced = ray - normal * (2.0 * ray.dot(normal))
        shade += thing.mirror * trace(scene, light, point, bounced.unit(), depth - 1)
    return shade


def main():
    scene = [Sphere(Vector(-1.0, 0.0, 5.0), 1.0, 0.8, 0.3),
             Sphere(Vector(1.2, 0.3, 4.0), 0.8, 0.6, 0.5),
             Sphere(Vector(0.0, -101.0, 5.0), 100.0, 0.5, 0.1),
             Sphere(Vector(0.3, 1.4, 6.0), 0.7, 1.0, 0.0)]
    light, eye, size, total = Vector(5.0, 8.0, -3.0), Vector(0.0, 0.0, 0.0), 260, 0.0
    for row in range(size):
        for column in range(size):
            ray = Vector(column / size - 0.5, 0.5 - row / size, 0.8).unit()
            total += trace(scene, light, eye, ray, 3)
    return round(total, 6)


assert main() == 25183.19994
