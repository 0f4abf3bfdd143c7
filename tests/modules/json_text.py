"""json: reading, writing, hooks, circles, and where errors are said to be."""
import json
from check import raises

text = '{"a": [1, -2.5e3, "x\\u00e9\\ud83d\\ude00\\n", null, true, false], "b": {}, "c": []}'
value = {"a": [1, -2500.0, "x\xe9\U0001f600\n", None, True, False], "b": {}, "c": []}
assert json.loads(text) == value and json.loads(json.dumps(value)) == value
assert json.dumps(value, ensure_ascii=False) == '{"a": [1, -2500.0, "x\xe9\U0001f600\\n", null, true, false], "b": {}, "c": []}'
assert json.dumps({"b": [1, {}], "a": 2}, indent=1, sort_keys=True) == '{\n "a": 2,\n "b": [\n  1,\n  {}\n ]\n}'
assert json.dumps({1: 2, None: 3, True: 4, 1.5: 5}) == '{"1": 4, "null": 3, "1.5": 5}'
assert json.loads("[1.5, 2, NaN]", parse_float=str, parse_int=hex if 0 else str, parse_constant=str) == ["1.5", "2", "NaN"]
assert json.loads('{"a": {"b": 1}}', object_pairs_hook=tuple) == (("a", (("b", 1),)),)
keys = [list(d)[0] for d in json.loads('[{"key\xe9": 1}, {"key\xe9": 2}]')]
assert keys[0] is keys[1]
deep = []
for _ in range(50):
    deep = [deep]
assert json.loads(json.dumps(deep)) == deep
circle = []
circle.append({"x": circle})
error = raises(ValueError, "Circular reference detected", json.dumps, circle)
assert error.__notes__ == ["when serializing dict item 'x'", "when serializing list item 0"]
for _ in range(60):
    circle = [circle]
raises(ValueError, "Circular reference detected", json.dumps, circle)
for bad, message in [("[1,]", "Illegal trailing comma before end of array: line 1 column 3 (char 2)"),
                     ('{"a" 1}', "Expecting ':' delimiter: line 1 column 6 (char 5)"),
                     ('"a\n"', "Invalid control character at: line 1 column 3 (char 2)"),
                     ('["a', "Unterminated string starting at: line 1 column 2 (char 1)"),
                     ("[1 2]", "Expecting ',' delimiter: line 1 column 4 (char 3)"),
                     ("", "Expecting value: line 1 column 1 (char 0)")]:
    raises(json.JSONDecodeError, message, json.loads, bad)
raises(TypeError, "Object of type object is not JSON serializable", json.dumps, object())
raises(TypeError, "keys must be str, int, float, bool or None, not tuple", json.dumps, {(): 1})
