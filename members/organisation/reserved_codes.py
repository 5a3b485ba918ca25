"""Words that stand in addresses where the code of a unit stands: a unit called so could not be reached. Pure.

A test holds this list against the addresses of the house.
"""

RESERVED_CODES = frozenset(
    {
        "export",
        "find",
        "history",
        "imports",
        "new",
        "open",
        "people",
        "plans",
        "posts",
        "search",
        "transfers",
        "units",
        "years",
    }
)


def is_reserved(code: str) -> bool:
    return code.lower() in RESERVED_CODES
