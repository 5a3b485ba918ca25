"""Chinese names for invented people, by generation and sex."""

from random import Random

SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖"
    "石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫雷龙段郝陶贺顾毛万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷"
)
LONG_SURNAMES = ("欧阳", "上官", "司徒", "诸葛", "夏侯", "端木", "公孙", "皇甫")
ELDER, MIDDLE, YOUNG = "elder", "middle", "young"
WOMAN, MAN = "woman", "man"
GIVEN = {
    (ELDER, WOMAN): "秀英 桂兰 玉珍 凤英 淑芬 秀兰 玉兰 素珍 惠珍 月娥 春梅 菊香 翠莲 巧云 瑞芝 雅琴 兰 梅 琴 芬",
    (ELDER, MAN): "德福 长顺 守田 玉山 宝林 庆余 明远 世安 厚生 茂林 启文 永和 树根 满仓 景春 承祖 山 林 生 田",
    (MIDDLE, WOMAN): "丽华 晓梅 海燕 雪莲 春燕 慧敏 红霞 艳萍 秋菊 文静 雅丽 玉洁 小芳 晓琳 云霞 静宜 燕 敏 霞 萍",
    (MIDDLE, MAN): "建业 文斌 海涛 志远 立新 晓东 卫民 成林 永年 绍华 学文 宏图 春生 新民 振华 少华 涛 澄 波 辉",
    (YOUNG, WOMAN): "雨桐 思涵 梦瑶 子琪 欣怡 若溪 静雯 诗雅 佳宁 晓萱 语嫣 心悦 可欣 知夏 安然 书瑶 婷 悦 蕾 宁",
    (YOUNG, MAN): "浩然 子轩 思远 宇航 俊杰 一鸣 嘉树 明哲 天佑 文博 睿 子墨 乐天 行舟 远舟 景行 知远 沐阳 朗 驰 航 恒",
}
STEPPE = {
    WOMAN: (("乌云", "萨日娜", "娜仁", "斯琴", "乌兰"), ("其木格", "高娃", "托娅", "其其格", "图雅")),
    MAN: (("巴图", "阿拉坦", "孟和", "布和", "苏日"), ("巴雅尔", "朝鲁", "吉日嘎拉", "达来", "苏和")),
}


def make_name(random: Random, *, generation: str, sex: str) -> str:
    """A plausible invented name of two to four characters, now and then a Mongolian one with its middle dot."""
    dice = random.random()
    if dice < 0.008:
        first, second = STEPPE[sex]
        return f"{random.choice(first)}·{random.choice(second)}"
    surname = random.choice(LONG_SURNAMES) if dice < 0.02 else random.choice(SURNAMES)
    return surname + random.choice(GIVEN[generation, sex].split())
