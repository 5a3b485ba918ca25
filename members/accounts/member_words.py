"""How a workbook calls the statuses and posts of members. Pure."""

import re

STATUS_WORDS = {
    "正式党员": "full",
    "预备党员": "probationary",
    "入党积极分子": "activist",
    "发展对象": "candidate",
    "申请人": "applicant",
}
OTHER_STATUS_WORDS = {
    "正式": "full",
    "预备": "probationary",
    "积极分子": "activist",
    "入党申请人": "applicant",
}
POST_WORDS = {
    "书记": "secretary",
    "副书记": "deputy_secretary",
    "组织委员": "organisation_member",
    "宣传委员": "publicity_member",
    "纪检委员": "discipline_member",
    "委员": "committee_member",
    "组长": "group_leader",
}
OTHER_POST_WORDS = {
    "支部书记": "secretary",
    "党支部书记": "secretary",
    "支部副书记": "deputy_secretary",
    "党支部副书记": "deputy_secretary",
    "支部委员": "committee_member",
    "支委": "committee_member",
    "纪律检查委员": "discipline_member",
    "小组长": "group_leader",
    "党小组组长": "group_leader",
    "党小组长": "group_leader",
}
NO_POST_WORDS = frozenset({"无", "-", "—", "/"})
BETWEEN_POSTS = re.compile(r"[、，,;；\s]+")


def status_of(word: str) -> str | None:
    return STATUS_WORDS.get(word) or OTHER_STATUS_WORDS.get(word)


def posts_of(text: str) -> tuple[frozenset[str], list[str]]:
    """The posts that a cell names, and its words that name none."""
    words = [word for word in BETWEEN_POSTS.split(text) if word and word not in NO_POST_WORDS]
    kinds = {word: POST_WORDS.get(word) or OTHER_POST_WORDS.get(word) for word in words}
    return frozenset(kind for kind in kinds.values() if kind), [word for word, kind in kinds.items() if not kind]
