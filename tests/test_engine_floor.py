"""What reaches a phone: engines from Chrome 79 and iOS 13.4, a strict policy, and words that may never stand there."""

import re

import pytest

from tests.house import ROOT, static, templates

MODULE_BYTES = 10_000
FILES_OF_STYLE = {"css/tokens.css", "css/base.css", "css/layout.css", "css/parts.css"}

IN_NO_TEMPLATE = {
    "a style of its own": r"\sstyle\s*=",
    "a style sheet in the page": r"<style\b",
    "a script in the page": r"<script(?![^>]*\bsrc=)(?![^>]*application/json)",
    "a handler in the page": r"\son[a-z]+\s*=\s*[\"']",
    "unescaped text": r"\|\s*safe\b|autoescape\s+off",
    "a remote file": r"""(src|srcset|poster|data-src|action|<link[^>]+href)\s*=\s*["'](https?:)?//""",
}
NOT_IN_STYLE = {
    ":has": r":has\(",
    ":is, :where": r":(is|where)\(",
    ":not with a list": r":not\([^)]*,",
    "@layer, @container, @scope": r"@(layer|container|scope|property)\b",
    "nesting": r"(^|[\s;{}])&[\s.:>\[]",
    "aspect-ratio": r"[\s;{]aspect-ratio\s*:",
    "inset": r"[\s;{]inset(-\w+)*\s*:",
    "gap": r"(?<![-\w])(row-|column-)?gap\s*:",
    "logical shorthands": r"[\s;{](margin|padding)-(inline|block)\s*:",
    "new units": r"\d(dvh|svh|lvh|dvw|svw|lvw|cqw|cqi)\b",
    "new colours": r"\b(color-mix|oklch|oklab|lch|lab)\(",
    "range in a media query": r"@media[^{]*[<>]",
    "a remote file": r"""(url\(|@import)\s*["']?(https?:)?//""",
}
NOT_IN_SCRIPT = {
    "?. and ??": r"\?\.(?!\d)|\?\?",
    "||= and &&=": r"\|\|=|&&=",
    "fields of a class": r"^\s+(static\s+)?#?\w+\s*=\s*[^=>].*;\s*$(?<!const)",
    "private names": r"\bthis\.#|^\s+#\w+",
    "new methods": r"\.(at|replaceAll|findLast|findLastIndex|replaceChildren|toSorted|toReversed|hasOwn)\(",
    "new functions": r"\b(structuredClone|Promise\.any|requestIdleCallback|randomUUID|BroadcastChannel|WeakRef)\b",
    "looking behind in a pattern": r"\(\?<[=!]",
    "export * as": r"export \* as",
    "waiting at the top": r"^await\b",
    "text as markup": r"\.(innerHTML|outerHTML|insertAdjacentHTML)\b|document\.write|\beval\(",
    "a remote file": r"""["'](https?:)?//[\w.]""",
}
# DOMAIN §3 and the wording of the face: each has a better word.
NEVER_SAID = re.compile(r"逾期|打卡|错误|失败|非法|异常|督办|考勤|转接|积分|排行|排名|(?<!会议)(?<!活动)签到")
SENTENCES_THAT_EXPLAIN = ("不是转接", "不作排名")


def found_in(text: str, forbidden: dict[str, str]) -> list[str]:
    return [what for what, pattern in forbidden.items() if re.search(pattern, text, re.MULTILINE | re.IGNORECASE)]


def without_comments(text: str) -> str:
    return re.sub(r"/\*.*?\*/|(?<![:\"'])//[^\n]*", "", text, flags=re.DOTALL)


@pytest.mark.parametrize(("name", "text"), [pytest.param(*each, id=each[0]) for each in templates()])
def test_a_template_keeps_the_policy(name, text):
    assert not found_in(text, IN_NO_TEMPLATE)


@pytest.mark.parametrize(("name", "text"), [pytest.param(*each, id=each[0]) for each in static("css")])
def test_style_keeps_the_engine_floor(name, text):
    assert not found_in(without_comments(text), NOT_IN_STYLE)


@pytest.mark.parametrize(("name", "text"), [pytest.param(*each, id=each[0]) for each in static("js")])
def test_scripts_keep_the_engine_floor_and_stay_small(name, text):
    assert not found_in(without_comments(text), NOT_IN_SCRIPT)
    assert len(text.encode()) <= MODULE_BYTES


def test_style_stands_in_four_files():
    assert {name for name, _ in static("css")} == FILES_OF_STYLE


def test_words_that_must_never_be_said_are_not():
    said = dict(templates()) | dict(static("js"))
    said["django.po"] = (ROOT / "site" / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po").read_text()
    said |= {str(path.relative_to(ROOT)): path.read_text() for path in (ROOT / "site/config/demo").rglob("*.md")}
    found = []
    for name, text in said.items():
        for line in text.splitlines():
            plain = line
            for allowed in SENTENCES_THAT_EXPLAIN:
                plain = plain.replace(allowed, "")
            if NEVER_SAID.search(plain):
                found.append(f"{name}: {line.strip()}")
    assert not found
