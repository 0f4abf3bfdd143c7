from .second import value
from . import second as s2
mine = __name__, __package__
