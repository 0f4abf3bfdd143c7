"""Counting words and letters of a text, anagrams, longest lines, an index, with Counter and
defaultdict.
"""
from collections import Counter, defaultdict

SYLLABLES = 'ka lo mi ne ru ta vo shi ze pon dra fel gri'.split()


def make_text(n):
    x, words = 7, []
    for _ in range(n):
        x = x * 69069 + 1 & 0xFFFFFFFF
        middle = SYLLABLES[(x >> 16) % 13] * (x >> 28 & 1)
        words.append(SYLLABLES[x >> 8 & 7] + middle + SYLLABLES[(x >> 20) % 11])
    return words


def main():
    words = make_text(400_000)
    text = ' '.join(words)
    counts = {}
    for word in text.split():
        if word in counts:
            counts[word] += 1
        else:
            counts[word] = 1
    top = sorted(counts.items(), key=lambda kv: (-kv[1], kv[0]))[:3]
    same = Counter(words) == counts
    letters = Counter(text)
    anagrams = defaultdict(set)
    for word in words:
        anagrams[''.join(sorted(word))].add(word)
    index = defaultdict(list)
    for position, word in enumerate(words):
        index[word[0], len(word)].append(position)
    pairs = Counter(zip(words, words[1:]))
    most = max(map(len, anagrams.values()))
    return top, same, letters.most_common(2), most, len(index), pairs.most_common(1)[0][1]


assert main() == ([('vodra', 2407), ('shivo', 2395), ('rumi', 2386)], True,
                  [(' ', 399999), ('o', 255367)], 6, 40, 29)
