"""Names stay as they were typed; only for matching do they lose what people write in different ways. Pure."""

import re
import unicodedata

NAME_CHARACTERS = 50
# The dot inside Mongolian, Uyghur and other names comes in many shapes.
DOTS_AND_BLANKS = re.compile("[\\s.\u00b7\u2022\u2027\u2219\u22c5\u30fb\uff65\uff0e\u0387]+")


def name_key(name: str) -> str:
    """What two ways of writing one name have in common."""
    return DOTS_AND_BLANKS.sub("", unicodedata.normalize("NFKC", name)).casefold()[:NAME_CHARACTERS]
