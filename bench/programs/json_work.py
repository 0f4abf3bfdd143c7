"""JSON: writing and reading documents of many small objects, long lists, text with escapes;
indented output."""
import json


def main():
    people = [{'id': i, 'name': f'person {i}', 'email': f'p{i}@example.org', 'score': i / 7,
               'tags': ['a', 'b', str(i % 10)],
               'active': i % 3 == 0, 'parent': None,
               'address': {'street': f'{i} "Main" St', 'city': 'Zürich', 'zip': i % 99999}}
              for i in range(24_000)]
    text = json.dumps(people)
    again = json.loads(text)
    pretty = json.dumps(people[:3_000], indent=2, sort_keys=True, ensure_ascii=False)
    numbers = json.loads(json.dumps([i * 1.5 for i in range(100_000)]))
    total = 0
    for i in range(80_000):
        message = json.loads('{"method": "call", "params": [1, 2.5, "x\\n\\u00e9"], "id": %d}' % i)
        total += message['id'] + len(json.dumps({'result': message['params'], 'error': None}))
    return again == people, len(text), len(pretty), sum(numbers), total


assert main() == (True, 5597625, 929102, 7499925000.0, 3203800000)
