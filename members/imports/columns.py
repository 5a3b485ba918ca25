"""Which column of a list says what: guessed from its headings, then picked by a person. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from members.accounts import held_rows, member_rows
from members.organisation import unit_rows
from members.organisation.problems import Problem
from members.organisation.workbook import Columns, Row, Sheet

NOT_THERE = -1
BRACKETED = re.compile(r"[(\[【〔].*?[)\]】〕]")
DECORATION = re.compile(r"[\s*:_\-./、，,“”\"]+")

_NUMBER = ("党员编号", "编号", "党员号", "工号", "党员代码", "党员编码", "人员编号", "人员编码", "证号")
_NAME = ("姓名", "名字", "党员姓名", "人员姓名", "党员")
_UNIT = (
    "所在组织编码",
    "组织编码",
    "支部编码",
    "党支部编码",
    "所在支部编码",
    "所在党支部编码",
    "党组织编码",
    "所属组织编码",
    "所属党组织编码",
    "组织代码",
    "党组织代码",
    "支部代码",
    "单位编码",
)
NAMES: Mapping[Columns, Mapping[str, tuple[str, ...]]] = {
    unit_rows.COLUMNS: {
        unit_rows.CODE: ("编码", "代码", "编号", *_UNIT),
        unit_rows.NAME: ("名称", "组织名称", "党组织名称", "支部名称", "单位名称", "全称", "组织全称"),
        unit_rows.KIND: ("类型", "类别", "组织类型", "党组织类型", "组织类别", "党组织类别"),
        unit_rows.PARENT: ("上级编码", "上级组织编码", "上级党组织编码", "上级代码", "隶属组织编码", "上级"),
        unit_rows.SECTOR: ("行业", "所属行业", "领域", "行业类别", "行业领域"),
    },
    member_rows.COLUMNS: {
        member_rows.NUMBER: _NUMBER,
        member_rows.NAME: _NAME,
        member_rows.PHONE: (
            "手机号",
            "手机",
            "电话",
            "联系方式",
            "手机号码",
            "联系电话",
            "电话号码",
            "移动电话",
            "本人电话",
        ),
        member_rows.UNIT: _UNIT,
        member_rows.STATUS: ("类别", "党员类别", "人员类别", "党员类型", "政治面貌", "类型"),
        member_rows.JOINED: ("入党日期", "入党时间", "加入党组织日期", "加入中共组织日期", "入党年月日", "何时入党"),
        member_rows.POSTS: ("职务", "党内职务", "支部职务", "党组织职务", "担任职务"),
    },
    held_rows.POST_COLUMNS: {
        held_rows.NUMBER: _NUMBER,
        held_rows.NAME: _NAME,
        held_rows.POST_UNIT: (*_UNIT, "任职组织编码", "任职党组织编码", "任职支部编码"),
        held_rows.POST: ("职务", "党内职务", "支部职务", "党组织职务", "担任职务", "职务名称"),
        held_rows.POST_SINCE: ("任职日期", "任职时间", "开始日期", "起始日期", "任职开始日期", "到任日期"),
        held_rows.POST_UNTIL: ("卸任日期", "免职日期", "离任日期", "结束日期", "任职结束日期", "卸任时间", "离任时间"),
    },
    held_rows.PARTICIPATION_COLUMNS: {
        held_rows.NUMBER: _NUMBER,
        held_rows.NAME: _NAME,
        held_rows.TAKES_PART: ("参加组织编码", "参加支部编码", "参加党组织编码", "参与组织编码", *_UNIT),
        held_rows.TAKES_PART_SINCE: ("开始日期", "参加日期", "起始日期", "开始时间", "参加时间"),
        held_rows.TAKES_PART_UNTIL: ("结束日期", "退出日期", "结束时间", "终止日期"),
    },
}
OPTIONAL = frozenset(
    {
        unit_rows.SECTOR,
        member_rows.PHONE,
        member_rows.JOINED,
        held_rows.POST_UNTIL,
        held_rows.TAKES_PART_UNTIL,
    }
)


@dataclass(frozen=True)
class Wanted:
    """A column that a list of this kind has; without `is_needed` it may be missing."""

    name: str
    is_needed: bool


def wanted(columns: Columns, may_miss: frozenset[str] = frozenset()) -> list[Wanted]:
    """What is asked for; posts may be missing in a list of members, where a list of their own has them."""
    may_miss = may_miss | OPTIONAL | ({member_rows.POSTS} if columns == member_rows.COLUMNS else set())
    return [Wanted(name, name not in may_miss) for name in columns]


def is_fixed_format(header: Sequence[str], columns: Columns) -> bool:
    """Whether the headings begin as the fixed format does: then nothing is asked."""
    return tuple(header[: len(columns)]) == columns


def guess(header: Sequence[str], columns: Columns, words_of: Mapping[str, tuple[str, ...]] | None = None) -> list[int]:
    """For each column of the format the place of the heading that most likely means it, or `NOT_THERE`.

    A heading goes to one column only; the format's own word comes before other words, whole words before parts.
    """
    words_of = words_of or NAMES[columns]
    said = [plain(title) for title in header]
    picked = dict.fromkeys(columns, NOT_THERE)
    for is_meant in (_is_same, _is_part):
        for name, words in words_of.items():
            free = [place for place, title in enumerate(said) if title and place not in picked.values()]
            if picked[name] == NOT_THERE:
                picked[name] = next((at for word in words for at in free if is_meant(word, said[at])), NOT_THERE)
    return [picked[name] for name in columns]


def arrange(sheet: Sheet, picked: Sequence[int], columns: Columns) -> Sheet:
    """The sheet in the order of the format; problems in columns that nobody picked are nobody's."""
    name_at = {str(place): name for name, place in zip(columns, picked, strict=True) if place != NOT_THERE}
    return replace(
        sheet,
        rows=_rows(sheet, picked),
        problems=[_named(problem, name_at) for problem in sheet.problems if _concerns(problem, name_at)],
        ignored_columns=[title for place, title in enumerate(sheet.header) if title and str(place) not in name_at],
        absent=frozenset(name for name, place in zip(columns, picked, strict=True) if place == NOT_THERE),
    )


def _rows(sheet: Sheet, picked: Sequence[int]) -> list[Row]:
    if list(picked) == list(range(len(sheet.header))):
        return sheet.rows  # as they are: a long list is not copied for nothing
    return [
        Row(row.number, tuple("" if place == NOT_THERE else row.cells[place] for place in picked)) for row in sheet.rows
    ]


def plain(title: str) -> str:
    """A heading without remarks in brackets, stars, blanks and full-width shapes."""
    return DECORATION.sub("", BRACKETED.sub("", unicodedata.normalize("NFKC", title))).casefold()


def _is_same(word: str, title: str) -> bool:
    return word == title


def _is_part(word: str, title: str) -> bool:
    return len(word) > 1 and word in title


def _concerns(problem: Problem, name_at: Mapping[str, str]) -> bool:
    return not problem.column or problem.column in name_at


def _named(problem: Problem, name_at: Mapping[str, str]) -> Problem:
    return replace(problem, column=name_at[problem.column]) if problem.column else problem
