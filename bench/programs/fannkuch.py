"""Short lists: how many prefix reversals each permutation takes."""


def fannkuch(n):
    permutation = list(range(n))
    count = list(range(1, n + 1))
    most = checksum = 0
    sign = 1
    while True:
        first = permutation[0]
        if first:
            p = permutation[:]
            flips = 0
            while first:
                p[:first + 1] = p[first::-1]
                flips += 1
                first = p[0]
            if flips > most:
                most = flips
            checksum += sign * flips
        if sign == 1:
            permutation[0], permutation[1] = permutation[1], permutation[0]
            sign = -1
        else:
            permutation[1], permutation[2] = permutation[2], permutation[1]
            sign = 1
            for i in range(2, n):
                if count[i] != 1:
                    count[i] -= 1
                    break
                if i == n - 1:
                    return checksum, most
                count[i] = i + 1
                permutation.insert(i + 1, permutation.pop(0))


def main():
    return fannkuch(9)


assert main() == (8629, 30)
