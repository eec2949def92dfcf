"""The forms of a scored group: every field is there, sums are right, numbers alone until there are names; HTML and workbook agree."""

import io

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from examsrv.domain.combining_rule import CombiningRule
from examsrv.domain.panel_marking import combine
from examsrv.domain.sheets import Sheet
from examsrv.exports.level_forms import LevelLine, level_list, level_workbook
from examsrv.exports.printed_form import PrintedForm
from examsrv.exports.printed_html import forms_html
from examsrv.exports.printed_xlsx import forms_workbook
from examsrv.exports.score_forms import Examinee, Imprint, ScoredGroup, ScoredScript, ScoredSheet, group_summary, score_records
from examsrv.web.translation import translator
from question_bank.message import Message
from question_bank.standard import ComponentKey
from tests.builders import MORNING
from tests.panels import make_task_set, marks_of
from tests.question_bank.builders import STANDARD

IMPRINT = Imprint("内蒙古示例评价中心", "2026-11-28 17:00", "管理员")
CHINESE = translator("zh_CN")
TASKS = make_task_set()
COMPONENT = STANDARD.component(ComponentKey.SKILLS)
SECTIONS = {section.key: section.name for section, _percent in STANDARD.sections(ComponentKey.SKILLS, "L3")}
WHO = Examinee("阿依古丽·买买提", "T2611", "=某公司")


def script(*totals: int | str, who: Examinee | None = WHO, vetoes: tuple[frozenset[str], ...] = ()) -> ScoredScript:
    claimed = vetoes or tuple(frozenset() for _ in totals)
    sheets = [Sheet(place, marks_of(TASKS, total), claimed[place - 1]) for place, total in enumerate(totals, start=1)]
    made = combine(TASKS, COMPONENT, CombiningRule(), len(sheets), sheets)
    scored = [ScoredSheet(f"考评员{sheet.place}", sheet, "2026-11-28", sheet.place in made.counted, {"T1.1": "+计算有误"}) for sheet in sheets]
    return ScoredScript(107, who, TASKS, scored, made, Message("Settled"))


def group(*scripts: ScoredScript) -> ScoredGroup:
    names = {1: "考评员1", 2: "考评员2", 3: "考评员3"}
    return ScoredGroup("1 组", "三级技能", "信用管理师 三级 · 技能考核", "2026-11-28 09:00", COMPONENT, False, names, SECTIONS, scripts)


WAITING = ScoredScript(114, None, None, (), None, Message("The sheets are not all in"))


def cells_of(content: bytes, name: str | None = None) -> list[object]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet: Worksheet = book[name] if name else book.active
    found = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in found} <= {"s", "n"}
    return [cell.value for cell in found]


def records(made: ScoredScript) -> list[PrintedForm]:
    return score_records(group(made), made, IMPRINT, CHINESE)


def page(*forms: PrintedForm) -> str:
    return " ".join(forms_html(forms, "表", "zh_CN").split())


def test_there_is_one_record_for_each_examiner_with_every_field_of_the_form() -> None:
    first, second, third = records(script(72, 75, 71))
    for text in (
        "考件编号",
        "0107",
        "阿依古丽·买买提",
        "T2611",
        "=某公司",
        "SET-A",
        "第 1 席 考评员1",
        "第1题",
        "配分",
        "考核要求",
        "评分标准",
        "备注",
        "+计算有误",
    ):
        assert text in page(first)
    for text in ("评分人（签名、日期）", "核分人（签名、日期）", "统分人（签名、日期）", "否定项", "平均分（72+75+71）÷3＝72.67 分", "成绩：72.7"):
        assert text in page(first)
    assert [form.name for form in (first, second, third)] == ["0107-1", "0107-2", "0107-3"]


def test_the_tables_of_a_record_add_up() -> None:
    total, *tasks = [block for block in records(script(72, 75, 71))[0].blocks if hasattr(block, "foot")]
    assert [cell.text for cell in total.foot[0] if hasattr(cell, "text")] == ["100", "72"]
    assert [table.foot[0][5].text for table in tasks] == ["50", "20", "2"]
    assert [row[3].text for row in total.rows] == ["50", "20", "2"]


def test_a_veto_that_stands_costs_in_the_total_and_leaves_the_marks_of_the_task() -> None:
    vetoed = script(80, 80, 80, vetoes=(frozenset({"T1.V"}), frozenset({"T1.V"}), frozenset({"T1.V"})))
    total, first, *_others = [block for block in records(vetoed)[0].blocks if hasattr(block, "foot")]
    assert (total.rows[0][3].text, total.rows[0][4], first.foot[0][5].text) == ("0", "本题否定项成立，记 0 分", "50")
    assert "T1.V 威胁、恐吓债务人：本考评员认定；按多数意见成立" in page(records(vetoed)[0])


def test_a_form_without_names_has_numbers_only() -> None:
    made = script(72, 75, 71, who=None)
    shown = page(*records(made), group_summary(group(made), IMPRINT, CHINESE))
    assert "107" in shown
    assert not [text for text in ("阿依古丽", "T2611", "某公司") if text in shown]


def test_the_summary_has_scripts_by_examiners_and_says_how_each_was_settled() -> None:
    shown = page(group_summary(group(script(72, 75, 71), WAITING), IMPRINT, CHINESE))
    for text in ("考评组评分汇总表", "考评员3", "72.7", "合格", "平均分（72+75+71）÷3＝72.67 分", "114", "评分表未交齐", "组长（签名、日期）"):
        assert text in shown


def test_a_script_that_is_not_settled_has_no_record_and_no_mark() -> None:
    assert score_records(group(WAITING), WAITING, IMPRINT, CHINESE) == []


@pytest.mark.parametrize(("totals", "shown", "decision"), [((60, 60, 60), "60.0", "合格"), ((60, 60, 59), "59.7", "不合格")])
def test_the_mark_and_its_decision_stand_on_one_side(totals: tuple[int, int, int], shown: str, decision: str) -> None:
    row = group_summary(group(_settled(*totals)), IMPRINT, CHINESE).blocks[0].rows[0]
    assert (row[-3].text, row[-2]) == (shown, decision)


def _settled(*totals: int) -> ScoredScript:
    """Return a script settled by discussion, so that totals on both sides do not make a dispute."""
    sheets = [Sheet(place, marks_of(TASKS, total)) for place, total in enumerate(totals, start=1)]
    made = combine(TASKS, COMPONENT, CombiningRule(), len(sheets), sheets, is_discussed=True)
    return ScoredScript(107, None, TASKS, [ScoredSheet("某", sheet, "", True) for sheet in sheets], made, Message("Settled"))


def test_the_workbook_has_a_sheet_for_each_record_with_the_same_words_and_numbers() -> None:
    forms = records(script(72, 75, 71))
    content = forms_workbook(forms, "评分记录表", MORNING)
    found = cells_of(content, "0107-2")
    for value in ("操作技能考核评分记录表", "0107", "阿依古丽·买买提", "=某公司", "+计算有误", 100, 75, "平均分"):
        assert any(str(value) in str(each) for each in found)
    assert found.count(75) == 1
    assert openpyxl.load_workbook(io.BytesIO(content)).sheetnames == ["0107-1", "0107-2", "0107-3"]


def test_sheets_with_names_that_no_workbook_takes_get_others() -> None:
    form = group_summary(group(script(72, 75, 71)), IMPRINT, CHINESE)
    hostile = [PrintedForm(name, "", "", (), form.blocks, "") for name in ("a/b:c", "A/B:C", "x" * 40, "x" * 40, "'")]
    names = openpyxl.load_workbook(io.BytesIO(forms_workbook(hostile, "", MORNING))).sheetnames
    assert names == ["a b c", "A B C 2", "x" * 31, "x" * 29 + " 2", "1"]


LINES = [
    LevelLine("=cmd", "01010119900307001X", "007", "信用管理师", "4-05-06-02", "三级", ("80.0", "59.9", ""), Message("Failed"), "2026-11-28"),
    LevelLine(
        "赵一", "1501**********0015", "008", "信用管理师", "4-05-06-02", "二级", ("60.0", Message("Absent"), ""), Message("Failed"), "2026-11-28"
    ),
]


def test_the_result_export_keeps_ids_as_text_and_marks_as_the_numbers_shown() -> None:
    content = level_workbook(LINES, "第 2 批", IMPRINT, MORNING, CHINESE)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    first = [(cell.data_type, cell.value) for cell in sheet[2]]
    assert first[1:4] == [("s", "=cmd"), ("s", "01010119900307001X"), ("s", "007")]
    assert [cell.value for cell in sheet[2]][7:11] == [80, 59.9, None, "不合格"]
    assert [cell.value for cell in sheet[3]][7:11] == [60, "缺考", None, "不合格"]
    titles = [cell.value for cell in sheet[1]]
    assert (titles[:4], titles[7:11]) == (["序号", "姓名", "证件号码", "准考证号"], ["理论成绩", "技能成绩", "综合评审成绩", "结论"])


def test_the_printed_list_says_the_same() -> None:
    shown = page(level_list(LINES, "第 2 批", IMPRINT, CHINESE))
    for text in ("成绩汇总表", "01010119900307001X", "59.9", "缺考", "共 2 人", "=cmd"):
        assert text in shown
