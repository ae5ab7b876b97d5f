"""Marks worth telling: on the counter, in the history, on the desk."""

#: Besides the petition's own threshold.
LADDER = (100, 250, 500, 750, 1000, 1500, 2000, 3000, 5000, 10000, 20000, 50000, 100000)
#: The House takes a petition on paper from so many signatures on; they are in no other total.
PAPER = 25


def marks(threshold: int) -> list[int]:
    """The ladder with the threshold on it."""
    return sorted({*LADDER, threshold})


def next_mark(total: int, threshold: int) -> int:
    """The threshold until it is reached, then the next mark of the ladder; past it, the total."""
    if total < threshold:
        return threshold
    return next((mark for mark in LADDER if mark > total), total)
