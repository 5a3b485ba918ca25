"""The people of the demo: invented, the same on every machine, as many as are asked for."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from random import Random

from config.demo.names import ELDER, MAN, MIDDLE, WOMAN, YOUNG, make_name
from config.demo.tree import OrganisationRow, organisations

HEADERS = ("党员编号", "姓名", "手机号", "所在组织编码", "类别", "入党日期", "职务")
STATUS_WORDS = {"full": "正式党员", "probationary": "预备党员", "activist": "入党积极分子"}
POST_WORDS = {
    "secretary": "书记",
    "deputy_secretary": "副书记",
    "organisation_member": "组织委员",
    "publicity_member": "宣传委员",
    "discipline_member": "纪检委员",
}
# The first on each branch's list is its secretary; the other posts follow a few places down.
POSTS = {
    1: "secretary",
    5: "deputy_secretary",
    6: "organisation_member",
    7: "publicity_member",
    8: "discipline_member",
}
SEED = 2026
FEWEST = 30
JOINED = {ELDER: (1962, 1989), MIDDLE: (1990, 2009), YOUNG: (2010, 2024)}
ON_PROBATION_FROM = date(2026, 1, 5)


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One person; an activist has not joined yet, so has no `joined_on`."""

    number: str
    name: str
    phone: str
    organisation_code: str
    status: str
    joined_on: date | None
    post: str
    study_way: str
    flexible_study: bool

    def cells(self) -> tuple[str, ...]:
        """The row as the workbook of members holds it, in the order of HEADERS."""
        joined = self.joined_on.isoformat() if self.joined_on else ""
        post = POST_WORDS.get(self.post, "")
        status = STATUS_WORDS[self.status]
        return (self.number, self.name, self.phone, self.organisation_code, status, joined, post)


@dataclass(slots=True)
class Branch:
    """What must be remembered of a branch while its list grows."""

    code: str
    groups: list[str]
    weight: int
    length: int = 0
    single: dict[tuple[str, str], str] = field(default_factory=dict)


def members(count: int = 1100) -> Iterator[MemberRow]:
    """The first `count` people of one endless list, at least 30; every branch has its secretary among the first 22."""
    if count < FEWEST:
        raise ValueError(f"The demo needs at least {FEWEST} people.")
    return islice(_everybody(), count)


def _everybody() -> Iterator[MemberRow]:
    random = Random(SEED)  # noqa: S311 (invented people are no secret)
    branches = _branches(organisations())
    weights = [branch.weight for branch in branches]
    place = 0
    for branch in branches:
        place += 1
        yield _person(random, branch, place)
    while True:
        place += 1
        yield _person(random, random.choices(branches, weights)[0], place)


def _branches(rows: list[OrganisationRow]) -> list[Branch]:
    """The ordinary branches, each with its groups; divided branches are the larger ones."""
    groups: dict[str, list[str]] = {row.code: [] for row in rows if row.kind == "branch"}
    for row in rows:
        if row.kind == "group":
            groups[row.parent_code].append(row.code)
    return [Branch(code, parts, weight=5 if parts else 4) for code, parts in groups.items()]


def _person(random: Random, branch: Branch, place: int) -> MemberRow:
    branch.length += 1
    post = POSTS.get(branch.length, "")
    generation = random.choices((ELDER, MIDDLE, YOUNG), (0, 70, 30) if post else (38, 37, 25))[0]
    sex = random.choice((WOMAN, MAN))
    status = "full" if post else _status(random, generation)
    flexible = generation == ELDER and random.random() < 0.06
    return MemberRow(
        number=f"{branch.code[2:]}{branch.length:04d}",
        name=make_name(random, generation=generation, sex=sex),
        phone=_phone(random, branch, place, (generation, sex)),
        organisation_code=_unit(random, branch, post),
        status=status,
        joined_on=_joined_on(random, status, generation),
        post=post,
        study_way="online" if post else _study_way(random, generation, flexible),
        flexible_study=flexible,
    )


def _status(random: Random, generation: str) -> str:
    if generation != YOUNG:
        return "full"
    return random.choices(("full", "probationary", "activist"), (84, 13, 3))[0]


def _joined_on(random: Random, status: str, generation: str) -> date | None:
    if status == "activist":
        return None
    if status == "probationary":
        return ON_PROBATION_FROM + timedelta(days=random.randrange(240))
    first, last = JOINED[generation]
    return date(random.randint(first, last), random.randint(1, 12), random.randint(1, 28))


def _phone(random: Random, branch: Branch, place: int, kind: tuple[str, str]) -> str:
    """A number that no network hands out (154); some couples share one, a few people have none."""
    dice = random.random()
    generation, sex = kind
    partner = branch.single.pop((generation, WOMAN if sex == MAN else MAN), "")
    if partner and dice < 0.15:
        return partner
    if dice > (0.94 if generation == ELDER else 0.99):
        return ""
    # 48271 shares no factor with 10 ** 8, so the numbers look mixed and never repeat.
    phone = f"154{place * 48271 % 10**8:08d}"
    branch.single[kind] = phone
    return phone


def _unit(random: Random, branch: Branch, post: str) -> str:
    """Who holds a post belongs to the branch itself, most others to one of its groups where there are any."""
    if post or not branch.groups or random.random() < 0.1:
        return branch.code
    return random.choice(branch.groups)


def _study_way(random: Random, generation: str, flexible: bool) -> str:
    if flexible:
        return "paper"
    weights = (80, 8, 12) if generation == ELDER else (95, 1, 4)
    return random.choices(("online", "paper", "group"), weights)[0]
