"""The words of a place as people write it: “云溪市临湖区望桥街道” names three places. Pure."""

import re

KIND = re.compile(r"(?:自治区|自治州|自治县|自治旗|特别行政区|街道|地区|社区|[省市区县旗州盟镇乡村])")
SHORTEST = 2


def place_words(text: str) -> list[str]:
    """What to look for, the narrowest place first; a word shorter than two characters finds nothing by itself."""
    found: list[str] = []
    for part in reversed(re.split(r"[\s,，、/]+", text)):
        for word in reversed([word.strip() for word in KIND.split(part)]):
            if len(word) >= SHORTEST and word not in found:
                found.append(word)
    return found
