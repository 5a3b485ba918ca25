"""The organisations of the demo: an invented street with six communities."""

from collections.abc import Iterator
from dataclasses import dataclass

HEADERS = ("编码", "名称", "类型", "上级编码", "行业")
KIND_WORDS = {
    "working_committee": "党工委",
    "committee": "党委",
    "branch": "党支部",
    "group": "党小组",
    "functional_branch": "非建制性片区党支部",
    "building_group": "楼栋党小组",
}
ROOT = "LW"
NUMERALS = "一二三四"
AREAS = "东中西"
# In most communities the residents' branches are numbered; the last branch belongs to a place of work.
COMMUNITIES = (
    ("柳荫社区", 3, (("柳湾小学", "教育"),)),
    ("石桥社区", 3, (("石桥市场", "个体工商户"),)),
    ("渡口社区", 3, (("渡口卫生服务中心", "卫生"),)),
    ("槐巷社区", 3, (("槐巷退休职工", "离退休"),)),
    ("新园社区", 2, (("新园产业园", "企业"),)),
    ("长堤社区", 2, (("长堤社会组织", "社会组织"),)),
)
FULL_AREAS = 11  # 11 areas of four building groups and 7 of three make the usual 65


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """One organisation; `parent_code` is empty for the root."""

    code: str
    name: str
    kind: str
    parent_code: str
    sector: str

    def cells(self) -> tuple[str, ...]:
        """The row as the workbook of organisations holds it, in the order of HEADERS."""
        return (self.code, self.name, KIND_WORDS[self.kind], self.parent_code, self.sector)


def organisations() -> list[OrganisationRow]:
    """All 132 organisations, parents before children."""
    rows = [OrganisationRow(ROOT, "柳湾街道党工委", "working_committee", "", "街道")]
    for place, (name, residents, workplaces) in enumerate(COMMUNITIES, start=1):
        committee = OrganisationRow(f"{ROOT}{place:02d}", f"{name}党委", "committee", ROOT, "社区")
        rows.append(committee)
        rows.extend(_branches(committee.code, name, residents, workplaces))
        rows.extend(_areas(committee.code, name, first_area=(place - 1) * len(AREAS)))
    return rows


def _branches(
    committee: str, community: str, residents: int, workplaces: tuple[tuple[str, str], ...]
) -> Iterator[OrganisationRow]:
    """The ordinary branches of a community with their Party groups."""
    names = [(f"{community}第{NUMERALS[n]}", "居民区") for n in range(residents)]
    for number, (name, sector) in enumerate([*names, *workplaces], start=1):
        branch = OrganisationRow(f"{committee}{number:02d}", f"{name}党支部", "branch", committee, sector)
        yield branch
        # The larger residents' branches are divided: the first one everywhere, the second where there are three.
        if number == 1 or (number == 2 and residents == 3):
            for part in (1, 2):
                title = f"{branch.name}第{NUMERALS[part - 1]}党小组"
                yield OrganisationRow(f"{branch.code}{part:02d}", title, "group", branch.code, sector)


def _areas(committee: str, community: str, *, first_area: int) -> Iterator[OrganisationRow]:
    """The functional area branches of a community with their building groups; nobody is affiliated to these."""
    for number, word in enumerate(AREAS, start=1):
        code, name = f"{committee}P{number}", f"{community}{word}片区"
        yield OrganisationRow(code, f"{name}党支部", "functional_branch", committee, "居民区")
        buildings = 4 if first_area + number <= FULL_AREAS else 3
        for part in range(1, buildings + 1):
            title = f"{name}第{NUMERALS[part - 1]}楼栋党小组"
            yield OrganisationRow(f"{code}{part:02d}", title, "building_group", code, "居民区")
