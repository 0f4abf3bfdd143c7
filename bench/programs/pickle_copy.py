"""Walking object graphs: copy.deepcopy, pickle there and back, a visitor over nested containers."""
import pickle
from copy import copy, deepcopy


class Item:
    def __init__(self, name, price):
        self.name, self.price = name, price

    def __eq__(self, other):
        return self.name == other.name and self.price == other.price


class Order:
    def __init__(self, number, items):
        self.number, self.items, self.tags = number, items, {'new', 'paid'}
        self.by_name = {item.name: item for item in items}


def leaves(value):
    if isinstance(value, dict):
        return sum(leaves(k) + leaves(v) for k, v in value.items())
    if isinstance(value, (list, tuple, set)):
        return sum(map(leaves, value))
    if hasattr(value, '__dict__'):
        return leaves(vars(value))
    return 1


def main():
    orders = [Order(i, [Item(f'item{j}', i * j) for j in range(8)]) for i in range(1_600)]
    clones = deepcopy(orders)
    same = all(a.items == b.items and a.by_name['item3'] is a.items[3]
               for a, b in zip(orders, clones))
    data = pickle.dumps(orders)
    back = pickle.loads(data)
    shared = all(o.by_name['item5'] is o.items[5] for o in back)
    total = sum(leaves(o) for o in orders for _ in range(3))
    shallow = sum(copy(o).number for o in orders for _ in range(20))
    nested = [[i, (i, str(i)), {'k': [i]}] for i in range(12_000)]
    for _ in range(2):
        nested = deepcopy(nested)
    text = sum(len(pickle.dumps(n)) for n in nested for _ in range(4)) > 0
    again = pickle.loads(pickle.dumps(nested))
    return same, shared, total, shallow, nested[11_999], text, len(again)


assert main() == (True, True, 379200, 25584000, [11999, (11999, '11999'), {'k': [11999]}], True,
                  12000)
