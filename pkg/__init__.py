name = __name__
from . import first
