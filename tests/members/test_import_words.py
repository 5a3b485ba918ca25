"""Whatever an import may have to say, it can say in Chinese."""

import re
from pathlib import Path

import pytest
from config.management import workbook_command

from members.accounts import held_rows, member_rows
from members.organisation import problems, sentences, unit_rows

ROOT = Path(__file__).resolve().parents[2]
PART = (ROOT / "site/locale/parts/imports.po").read_text()
CHINESE = dict(re.findall(r'msgid "(.+)"\nmsgstr "(.+)"', PART))


def translated_in(module) -> set[str]:
    return set(re.findall(r'(?:_|gettext)\(\s*"(.+)"\s*\)', Path(module.__file__).read_text()))


def reasons_in(module) -> set[str]:
    return {value for name, value in vars(module).items() if name.isupper() and str(value).endswith(".")}


@pytest.mark.parametrize("module", [problems, unit_rows, member_rows, held_rows])
def test_every_reason_has_a_chinese_sentence(module):
    assert len(reasons_in(module)) > 10
    assert reasons_in(module) - set(CHINESE) == set()


@pytest.mark.parametrize("module", [sentences, workbook_command])
def test_every_sentence_around_the_reasons_has_a_chinese_one(module):
    assert translated_in(module)
    assert translated_in(module) - set(CHINESE) == set()


def test_nothing_is_translated_that_is_never_said():
    reasons = map(reasons_in, (problems, unit_rows, member_rows, held_rows))
    said = set().union(*reasons, *map(translated_in, (sentences, workbook_command)))
    assert set(CHINESE) - said == set()


@pytest.mark.parametrize("english", CHINESE)
def test_a_translation_keeps_the_places(english):
    assert sorted(re.findall(r"{\w+}", english)) == sorted(re.findall(r"{\w+}", CHINESE[english]))


def test_no_sentence_uses_a_word_that_the_house_avoids():
    assert not re.search("错误|失败|非法|异常|逾期|打卡", PART)
