"""Method calls: inheritance, super(), class and static methods, bound methods, special methods."""


class Shape:
    made = 0

    def __init__(self, name):
        self.name = name
        self.count()

    @classmethod
    def count(cls):
        Shape.made += 1

    def area(self):
        return 0

    def scaled(self, k):
        return self.area() * k * k

    def __lt__(self, other):
        return self.area() < other.area()

    def __add__(self, other):
        return self.area() + other.area()


class Rectangle(Shape):
    def __init__(self, w, h):
        super().__init__('rectangle')
        self.w, self.h = w, h

    def area(self):
        return self.w * self.h


class Square(Rectangle):
    def __init__(self, side):
        super().__init__(side, side)

    def area(self):
        return super().area()

    @staticmethod
    def sides():
        return 4


class Circle(Shape):
    def __init__(self, r):
        super().__init__('circle')
        self.r = r

    def area(self):
        return 3 * self.r * self.r


def main():
    total = 0
    for i in range(200_000):
        shapes = Rectangle(i % 7, i % 5), Square(i % 11), Circle(i % 3)
        for shape in shapes:
            total += shape.scaled(2)
        if shapes[0] < shapes[1]:
            total += shapes[1].sides()
        total += shapes[0] + shapes[2]
    area = shapes[1].area
    for _ in range(900_000):
        total += area()
    return total, Shape.made


assert main() == (97208280, 600000)
