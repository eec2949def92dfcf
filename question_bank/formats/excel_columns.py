"""The columns of a bank's workbook, as institutions keep it: their headings, how else these may be written, and what is written in them.

The format speaks Chinese: its headings, the names of the kinds and the notes for those who fill it in are part of the file, not of our pages.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache

from question_bank.formats.workbook import folded
from question_bank.kinds.options import LETTERS

ITEMS, CASES, EXAMPLES, NOTES, PICTURES, LISTS = "试题", "案例", "示例", "填写说明", "图片", "选项表"
"""The names of the sheets."""


class Column(StrEnum):
    """A column by its heading."""

    ID = "编号"
    KIND = "题型"
    LEVEL = "级别"
    SECTION = "部分"
    POINT = "知识点"
    DIFFICULTY = "难度"
    IMPORTANCE = "重要程度"
    CASE = "案例"
    STEM = "题干"
    KEY = "答案"
    RATIONALE = "解析"
    ELEMENTS = "采分点"
    PROMPTS = "左列"
    REUSE = "选项可重复"
    TABLE = "表格"
    UNIT = "单位"
    DECIMALS = "小数位数"
    TOLERANCE = "允许误差"
    LEAST = "字数下限"
    MOST = "字数上限"
    TYPES = "文件类型"
    MEGABYTES = "文件大小上限"
    FILES = "文件个数"
    SAMPLES = "样例"
    ENEMIES = "互斥题"
    TITLE = "标题"
    TEXT = "正文"


OPTION = "选项"
OPTIONS = tuple(f"{OPTION}{letter}" for letter in LETTERS)
ITEM_COLUMNS: tuple[str, ...] = (
    *(Column.ID, Column.KIND, Column.LEVEL, Column.SECTION, Column.POINT, Column.DIFFICULTY, Column.IMPORTANCE, Column.CASE, Column.STEM),
    *OPTIONS,
    *(Column.KEY, Column.RATIONALE, Column.ELEMENTS, Column.PROMPTS, Column.REUSE, Column.TABLE, Column.UNIT, Column.DECIMALS, Column.TOLERANCE),
    *(Column.LEAST, Column.MOST, Column.TYPES, Column.MEGABYTES, Column.FILES, Column.SAMPLES, Column.ENEMIES),
)
CASE_COLUMNS: tuple[str, ...] = (Column.ID, Column.TITLE, Column.TEXT)

OTHER_HEADINGS: Mapping[str, Sequence[str]] = {
    Column.ID: ("试题编号", "题目编号", "题号", "试题代码", "案例编号"),
    Column.KIND: ("试题类型", "题目类型", "类型"),
    Column.LEVEL: ("等级", "技能等级", "职业等级"),
    Column.SECTION: ("章节", "鉴定范围", "职业功能", "模块"),
    Column.POINT: ("鉴定点", "考核点", "考点", "知识点编号"),
    Column.DIFFICULTY: ("难易度", "难度等级", "难易程度"),
    Column.IMPORTANCE: ("重要性", "重要度"),
    Column.CASE: ("案例编号", "所属案例"),
    Column.STEM: ("题目", "试题", "试题内容", "题目内容", "试题题干"),
    Column.KEY: ("正确答案", "标准答案", "参考答案"),
    Column.RATIONALE: ("答案解析", "试题解析", "题目解析"),
    Column.ELEMENTS: ("评分要点", "得分点"),
    Column.TOLERANCE: ("误差",),
    Column.ENEMIES: ("互斥试题", "不能同卷"),
    Column.TITLE: ("案例标题", "题目"),
    Column.TEXT: ("案例正文", "案例内容", "材料"),
}
"""How else institutions head these columns."""
BARE_OPTIONS = {letter: f"{OPTION}{letter}" for letter in LETTERS}

KIND_WORDS: Mapping[str, tuple[str, ...]] = {
    "single_choice": ("单项选择题", "单选题", "单选", "单项选择"),
    "multiple_choice": ("多项选择题", "多选题", "多选", "多项选择"),
    "true_false": ("判断题", "判断", "是非题"),
    "blank": ("填空题", "填空"),
    "numeric": ("计算填空题", "计算题", "计算", "数值题"),
    "matching": ("匹配题", "连线题", "配对题"),
    "ordering": ("排序题", "排序"),
    "table": ("表格题", "填表题"),
    "short_text": ("简答题", "简答"),
    "essay": ("论述题", "论述", "公文题", "写作题"),
    "upload": ("文件提交题", "文件题", "操作题", "上传题"),
}
"""Each kind's word, and others that are understood."""
COMMON = frozenset(
    {Column.ID, Column.KIND, Column.LEVEL, Column.SECTION, Column.POINT, Column.DIFFICULTY, Column.IMPORTANCE, Column.CASE, Column.STEM}
    | {Column.KEY, Column.RATIONALE, Column.SAMPLES, Column.ENEMIES}
)
OWN_COLUMNS: Mapping[str, frozenset[str]] = {
    "single_choice": frozenset(OPTIONS),
    "multiple_choice": frozenset(OPTIONS),
    "true_false": frozenset(),
    "blank": frozenset(),
    "numeric": frozenset({Column.UNIT, Column.DECIMALS, Column.TOLERANCE}),
    "matching": frozenset({*OPTIONS, Column.PROMPTS, Column.REUSE}),
    "ordering": frozenset(OPTIONS),
    "table": frozenset({Column.TABLE}),
    "short_text": frozenset({Column.ELEMENTS, Column.MOST}),
    "essay": frozenset({Column.ELEMENTS, Column.LEAST, Column.MOST}),
    "upload": frozenset({Column.TYPES, Column.MEGABYTES, Column.FILES}),
}
"""What a kind uses besides the columns that all use."""
NUMBERS = frozenset({Column.DIFFICULTY, Column.DECIMALS, Column.LEAST, Column.MOST, Column.MEGABYTES, Column.FILES})
DIFFICULTY_WORDS: Mapping[str, int] = {"易": 1, "较易": 2, "中等": 3, "中": 3, "较难": 4, "难": 5}
YES, NO = "是", "否"

WIDTHS: Mapping[str, int] = {
    **dict.fromkeys(ITEM_COLUMNS, 14),
    **dict.fromkeys(OPTIONS, 18),
    **dict.fromkeys((Column.DIFFICULTY, Column.IMPORTANCE, Column.UNIT, Column.DECIMALS, Column.REUSE), 8),
    **dict.fromkeys((Column.POINT, Column.KEY, Column.ELEMENTS, Column.PROMPTS, Column.SAMPLES), 26),
    **dict.fromkeys((Column.STEM, Column.RATIONALE, Column.TABLE), 46),
    Column.TITLE: 26,
    Column.TEXT: 100,
}


def column_of(heading: str, columns: Sequence[str]) -> str | None:
    """Return which of `columns` a heading means; None if none."""
    wanted = folded(heading)
    for column in columns:
        others = OTHER_HEADINGS.get(column, ())
        if wanted in {folded(column), *map(folded, others)}:
            return column
    bare = BARE_OPTIONS.get(unicodedata.normalize("NFKC", heading).strip().upper())
    return bare if bare in columns else None


@lru_cache(maxsize=1024)
def kind_of(words: str) -> str | None:
    """Return the kind that a cell names, in Chinese or by its name in the bank; None if none."""
    wanted = folded(words)
    return next((kind for kind, own in KIND_WORDS.items() if wanted in {folded(kind), *map(folded, own)}), None)


EXPLANATIONS: tuple[tuple[str, str], ...] = (
    ("总则", "一行一题，只填与题型有关的列，其余留空。列的先后次序不限，请勿改动表头文字。各列已设为“文本”格式，请用“选择性粘贴—数值”粘贴内容。"),
    ("总则", "不要合并单元格、不要写公式。级别、部分、知识点以空格前的代码为准，代码后面的名称可有可无。"),
    ("总则", "题干、解析、案例正文可换行，可用 Markdown 写加粗、表格，用 $…$ 写公式；图片写作 ![说明](media:图片摘要)，图片见“图片”工作表。"),
    ("总则", "一格内有多项时，用竖线 | 隔开。文字本身含有 | 等分隔符号时，在前面加反斜杠，如 \\|；文字内部的换行写作 ⏎。"),
    (Column.ID, "字母、数字、点、横线、下划线，最长 60 个字符，全库唯一。再次导入时按编号对应。"),
    (Column.KIND, "、".join(words[0] for words in KIND_WORDS.values())),
    (Column.DIFFICULTY, "1 至 5，数字越大越难。"),
    (Column.IMPORTANCE, "X 核心要素，Y 一般要素，Z 辅助要素。"),
    (Column.CASE, "案例题的小题填案例编号，案例本身写在“案例”工作表。"),
    (f"{Column.KEY}（选择题）", "单选填一个字母，如 B；多选填各个字母，如 ACD。"),
    (f"{Column.KEY}（判断题）", "正确 或 错误。"),
    (
        f"{Column.KEY}（填空题）",
        (
            "题干中的空写作 [[1]]、[[2]]。一空一行：1：甲 | 乙（甲、乙都算对）。全半角、大小写、空格的差别默认不计；"
            "要计较时写在括号里：1（区分大小写、区分空格）：ABC。"
        ),
    ),
    (f"{Column.KEY}（计算填空题）", "填数值，如 136.00。允许误差填 0.5（同单位）或 1%（相对误差）；不填表示必须相等。单位写在“单位”列。"),
    (f"{Column.KEY}（匹配题）", "左列一行一个并编号；右列写在选项 A、B……。答案写作 1-C 2-A 3-B。同一选项可用多次时，“选项可重复”填 是。"),
    (f"{Column.KEY}（排序题）", "按正确次序写出全部字母，如 CAB。"),
    (
        f"{Column.KEY}（表格题）",
        (
            "表格列：一行一行写，格与格之间用 | 隔开，第一行是表头。待填的格写作 【数字】、【数字（元）】、【文字】、【选择：甲/乙】。"
            "答案一格一行：B1：64.00 ±0.5、B2：甲 | 乙、C1：甲；B1 是第二列、表头下第一行。"
        ),
    ),
    (f"{Column.KEY}（简答题）", "填参考答案。采分点一行一个：1/4：说法一 | 说法二；各点之和为 1。字数上限填数字。"),
    (f"{Column.KEY}（论述题）", "填参考答案。采分点一行一个（供考评员参考）。"),
    (f"{Column.KEY}（文件提交题）", "填评分说明。文件类型如 xlsx、docx；文件大小上限以 MB 计。"),
    (
        Column.SAMPLES,
        (
            "供检验答案用，一行一个：得分比例：作答。如 1：B、0：A；多空题 1/2：1=甲；2=乙；没有作答写（空）。"
            "机器评分的题至少要有一个满分和一个零分的样例，论述题、文件提交题不填；选择题、判断题、排序题留空时自动补上。"
        ),
    ),
    (Column.ENEMIES, "不能同卷的试题编号，用顿号隔开。"),
)
"""What the sheet of notes says, by the column that it is about."""
