"""What lies on the tables that afternoon: two lists to import, an article, and questions."""

UNITS = [
    ["编码", "名称", "类型", "上级编码", "行业"],
    ["LW01", "第一社区党委", "党委", "LW", ""],
    ["LW0101", "第一社区第一党支部", "党支部", "LW01", ""],
    ["LW0102", "第一社区第二党支部", "党支部", "LW01", ""],
]
COMMITTEE = [UNITS[0], ["LW", "柳湾街道党工委", "党工委", "", ""]]
PEOPLE = [
    ["党员编号", "姓名", "手机号", "所在组织编码", "类别", "入党日期", "职务"],
    ["01010001", "周秀兰", "13900000001", "LW0101", "正式党员", "1985-07-01", ""],
    ["01010002", "顾文竹", "13900000002", "LW0101", "正式党员", "1990-07-01", "书记"],
    ["01010003", "何春生", "", "LW0101", "正式党员", "1979-07-01", ""],
    ["01020001", "裴秋实", "", "LW0102", "正式党员", "2001-07-01", "书记"],
    ["01020002", "程立冬", "", "LW0102", "预备党员", "2026-03-01", ""],
]
BAD_ROW, BAD_COLUMN = 4, 4  # of 何春生: a unit that there is not
SLIP = "LW0110"

HEADINGS = ["题型", "题干", *(f"选项{letter}" for letter in "ABCDEF"), "答案", "解析", "分值", "难度", "标签"]
ANSWERS = {  # what is asked, and which words of the page are right
    "散会以前要把会议记录念一遍。": "对",
    "记录可以过一个月再补。": "错",
    "念记录的时候发现有出入，怎么办？": "当场改",
}
BANK = "会议记录题库"
NO_OPTIONS = [""] * 6
QUESTIONS = [
    HEADINGS,
    ["判断", "散会以前要把会议记录念一遍。", *NO_OPTIONS, "对", "大家都在，有出入当场改。", "", "", ""],
    ["判断", "记录可以过一个月再补。", *NO_OPTIONS, "错", "当天的事当天记。", "", "", ""],
    ["单选", "念记录的时候发现有出入，怎么办？", "下次再说", "当场改", *[""] * 4, "B", "趁大家都在。", "", "", ""],
]

ARTICLE, QUIZ, PLAN = "散会以前念一遍", "会议记录小测验", "冬季学习计划"
CONTENT = f"""
from django.utils import timezone
from content.articles.models import ArticlePage
from content.portal.models import PortalPage
from learning.quizzes.actions import publish_quiz
from learning.quizzes.models import QuestionBank, Quiz
from members.organisation.models import Organisation
unit = Organisation.objects.get(code="LW")
lines = ["记的时候用原话，当天就写下来。", "散会以前念一遍，有出入当场改。", "三行就够，谁来看都看得懂。"]
body = [("text", "".join(f"<p>{{line}}</p>" for line in lines))]
article = ArticlePage(title="{ARTICLE}", slug="minutes", organisation=unit, body=body)
PortalPage.objects.get().add_child(instance=article)
article.save_revision().publish()
bank = QuestionBank.objects.get(name="{BANK}")
quiz = Quiz.objects.create(title="{QUIZ}", bank=bank, organisation=unit, number_drawn=3, pass_percent=60)
publish_quiz(quiz=quiz, now=timezone.now())
"""
