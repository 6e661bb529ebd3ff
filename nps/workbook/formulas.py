"""The same arithmetic as nps/statistics.py, written as formulas over cells, in the same order."""

from innendienst.lib.certainty import Z95


def score(n: str, p: str, d: str) -> str:
    return f'=IF({n}=0,"",({p}-{d})/{n}*100)'


def centre(n: str, p: str, d: str) -> str:
    """Of the adjusted shares, without the leading "="."""
    return f"(({p}+0.75)/({n}+3)-({d}+0.75)/({n}+3))"


def error(n: str, p: str, d: str) -> str:
    """Standard error of the adjusted shares, without the leading "="."""
    middle = centre(n, p, d)
    return f"SQRT((({p}+0.75)/({n}+3)+({d}+0.75)/({n}+3)-{middle}*{middle})/({n}+3))"


def low(n: str, p: str, d: str) -> str:
    return f'=IF({n}=0,"",MAX(-100,100*({centre(n, p, d)}-{Z95}*{error(n, p, d)})))'


def high(n: str, p: str, d: str) -> str:
    return f'=IF({n}=0,"",MIN(100,100*({centre(n, p, d)}+{Z95}*{error(n, p, d)})))'


def standard_error(n: str, p: str, d: str) -> str:
    return f'=IF({n}=0,"",100*SQRT(({p}/{n}+{d}/{n}-({p}/{n}-{d}/{n})*({p}/{n}-{d}/{n}))/{n}))'


def response_rate(n: str) -> str:
    """Those who answered of those whom the question reached; nothing where nobody says how many that were."""
    return f'=IF(delivered="","",IF(delivered=0,"",IF(answered="",{n},answered)/delivered))'


def z(first: tuple[str, str, str], second: tuple[str, str, str]) -> str:
    errors = (f"{error(*wave)}*{error(*wave)}" for wave in (first, second))
    return f"=({centre(*second)}-{centre(*first)})/SQRT({'+'.join(errors)})"


def unless_small(n: str, formula: str, least: int) -> str:
    """A dash where too few answered."""
    return f'=IF({n}<{least},"–",{formula.removeprefix("=")})'
