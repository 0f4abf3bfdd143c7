# termios.tcsetattr takes the attributes of one moment from lists that others clear and fill.
import os
import termios

from together import together

ROUNDS = 1500
terminal, other = os.openpty()
good = termios.tcgetattr(other)
attributes, characters = list(good), list(good[6])


def change():
    for _ in range(ROUNDS):
        attributes.clear()
        attributes.extend(good)
        characters.clear()
        characters.extend(good[6])


def use(values):
    done = 0
    for _ in range(ROUNDS):
        try:
            termios.tcsetattr(other, termios.TCSANOW, values)
            done += 1
        except TypeError:
            pass
    return done


together(change, lambda: use(attributes), lambda: use(good[:6] + [characters]))
assert use(attributes) == ROUNDS and termios.tcgetattr(other) == good
