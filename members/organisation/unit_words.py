"""How a workbook calls the kinds of units, and which may stand under which. Pure."""

KIND_WORDS = {
    "党工委": "working_committee",
    "党委": "committee",
    "区域联合党委": "joint_committee",
    "党总支": "general_branch",
    "党支部": "branch",
    "联合党支部": "joint_branch",
    "临时党支部": "temporary_branch",
    "流动党员党支部": "mobile_branch",
    "非建制性片区党支部": "functional_branch",
    "党小组": "group",
    "楼栋党小组": "building_group",
    "党员中心户": "household_hub",
}
WORD_OF_KIND = {kind: word for word, kind in KIND_WORDS.items()}
OTHER_KIND_WORDS = {
    "党总支部": "general_branch",
    "联合支部": "joint_branch",
    "临时支部": "temporary_branch",
    "流动党支部": "mobile_branch",
    "流动党员支部": "mobile_branch",
    "片区党支部": "functional_branch",
}

NOBODY_BELONGS = frozenset({"joint_committee", "functional_branch", "building_group", "household_hub"})
NO_SUPERIOR = ""
_COMMITTEES = frozenset({"working_committee", "committee"})
_BRANCHES = frozenset({"branch", "joint_branch", "temporary_branch", "mobile_branch"})
_MAY_STAND_ALONE = frozenset({NO_SUPERIOR})
SUPERIORS = {
    "working_committee": _COMMITTEES | _MAY_STAND_ALONE,
    "committee": _COMMITTEES | _MAY_STAND_ALONE,
    "joint_committee": _COMMITTEES,
    "general_branch": _COMMITTEES | _MAY_STAND_ALONE,
    **dict.fromkeys(_BRANCHES, _COMMITTEES | {"general_branch"} | _MAY_STAND_ALONE),
    "group": _BRANCHES,
    "functional_branch": _COMMITTEES | _BRANCHES | {"general_branch", "joint_committee"},
    "building_group": _BRANCHES | {"functional_branch"},
    "household_hub": _BRANCHES | {"group", "functional_branch", "building_group"},
}


def kind_of(word: str) -> str | None:
    return KIND_WORDS.get(word) or OTHER_KIND_WORDS.get(word)
