"""Sorting: by value, by key, in parts ordered already, and two sorts written in Python."""


def quicksort(items, low, high):
    while low < high:
        pivot, i, j = items[(low + high) // 2], low, high
        while i <= j:
            while items[i] < pivot:
                i += 1
            while items[j] > pivot:
                j -= 1
            if i <= j:
                items[i], items[j] = items[j], items[i]
                i += 1
                j -= 1
        if j - low < high - i:
            quicksort(items, low, j)
            low = i
        else:
            quicksort(items, i, high)
            high = j


def merge_sort(items):
    if len(items) < 2:
        return items
    middle = len(items) // 2
    left, right = merge_sort(items[:middle]), merge_sort(items[middle:])
    out, i, j = [], 0, 0
    while i < len(left) and j < len(right):
        if right[j] < left[i]:
            out.append(right[j])
            j += 1
        else:
            out.append(left[i])
            i += 1
    return out + left[i:] + right[j:]


def main():
    data, x = [], 1
    for _ in range(200_000):
        x = x * 1103515245 + 12345 & 0x7FFFFFFF
        data.append(x)
    expected = sorted(data)
    words = [f'w{v % 50_000}' for v in data[:100_000]]
    first = sorted(words)[12_345]
    by_key = sorted(data, key=lambda v: (v & 0xFF, -v))
    records = sorted(zip(words, data), key=lambda r: r[1], reverse=True)
    runs = expected[:100_000] + expected[50_000:150_000]
    runs.sort()
    quick = data[:90_000]
    quicksort(quick, 0, len(quick) - 1)
    merged = merge_sort(data[:60_000])
    return (first, by_key[777], records[5], runs[77_777], quick == sorted(data[:90_000]),
            merged == sorted(data[:60_000]),
            expected[0])


assert main() == ('w1558', 15947008, ('w44950', 2147344950), 690718841, True, True, 30499)
