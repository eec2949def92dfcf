"""The formulas of the task set L4-B: from the figures and words of its case files and texts."""

import re
from collections import Counter, defaultdict
from datetime import date, timedelta
from fractions import Fraction

from stdnum.cn import uscc

from tests.question_bank.computed_tasks import TODAY, percent, sheet, tables
from tests.question_bank.given import column, only
from tests.question_bank.given_files import TASKS, Answer, Computed

COLLECTED, TRADE, WEEK = ("L4-B.T1", "供应商采集材料.xlsx"), ("L4-B.T3", "交易单据.xlsx"), ("L4-B.T4", "应收周报数据.xlsx")
WEEK_BEGINS = date(2026, 10, 26)
REPLY_DAYS, AGENCY_DAY = 10, 91
CODE_WITHOUT_SIGN, MODULUS = 17, 31


def text_of(task: str) -> str:
    """Return the text of a task."""
    return TASKS[task].case.text


# ---------------------------------------------------------------- suppliers, trade, policies


def signs() -> Answer:
    """Which codes pass, and the sign that one lacks: by the library for codes, not by the table of the file."""
    codes = [row[1] for row in sheet(*COLLECTED, "校验计算") if row[0] != "权数"]
    passed = ["通过" if uscc.is_valid(code) else "不通过" for code in codes if len(code) > CODE_WITHOUT_SIGN]
    lacking = next(code for code in codes if len(code) == CODE_WITHOUT_SIGN)
    return column("B", *passed, uscc.calc_check_digit(lacking))


def unread_sign() -> Answer:
    """The remainder in place of the sign."""
    (_title, _words, *weights), *_codes, (_number, _code, *values) = sheet(*COLLECTED, "校验计算")
    return {"B5": str(sum(weight * value for weight, value in zip(weights, values, strict=True)) % MODULUS)}


def related() -> Answer:
    own, *others = sheet(*COLLECTED, "关联核查")

    def relation(row: list) -> str:
        if row[3] == own[3]:
            return "共同股东"
        if row[2] == own[2]:
            return "同一法定代表人"
        return "同一地址或者电话" if row[4] == own[4] or row[5] == own[5] else "未见关联"

    return column("B", *map(relation, others))


def records() -> Answer:
    named = text_of("L4-B.T1").partition("指定渠道是")[2].partition("。")[0]

    def lack(row: list) -> str:
        if row[2] not in named:
            return "来源不合要求"
        return next((words for words, cell in zip(("缺网址", "缺采集日期", "缺存证"), row[3:], strict=True) if cell == "（无）"), "记录完整")

    return column("B", *map(lack, sheet(*COLLECTED, "采集记录")))


def policies() -> Answer:
    rows = sheet(*COLLECTED, "政策文本")

    def state(row: list) -> str:
        if not row[2].endswith(".gov.cn"):
            return "来源不合要求"
        if "征求意见" in row[1]:
            return "征求意见稿"
        if row[4] > TODAY.isoformat():
            return "尚未施行"
        year = row[1].partition("（")[2].partition(" ")[0]
        replaced = [other for other in rows if year and f"{year} 年的办法废止" in other[5] and other[4] <= TODAY.isoformat()]
        return "已被代替" if replaced else "现行有效"

    return column("B", *map(state, rows))


def output(is_by_this_year: bool = False) -> Answer:
    """Growth by month and altogether; `is_by_this_year` divides by the later figure."""
    rows = sheet(*COLLECTED, "纸板产量")
    (*_rest, before, now) = rows
    last_year, this_year = (sum(row[place] for row in rows) for place in (1, 2))

    def growth(later: Fraction, earlier: Fraction) -> Fraction:
        return percent(later - earlier, later if is_by_this_year else earlier)

    year, month = growth(now[2], now[1]), growth(now[2], before[2])
    assert year > 0 > month
    return column("B", year, month, this_year, growth(this_year, last_year), "同比增长而环比下降")


# ---------------------------------------------------------------- files


def classes() -> dict[str, tuple[str, str]]:
    """Return by material: the letter and the column that the text's table names for it."""
    lines = [line.strip("| ").split(" | ") for line in text_of("L4-B.T2").splitlines() if re.match(r"\| [A-E] ", line)]
    found = {}
    for place, name, _day, _type in sheet("L4-B.T2", "待归类材料.xlsx", "待归类材料"):
        words = [(letter, title) for letter, title, held in lines if any(each.removesuffix("等")[-4:] in name for each in re.split("、|和", held))]
        (found[place],) = words
    return found


def columns_of_materials() -> Answer:
    return column("B", *(title for place, (_letter, title) in classes().items() if place <= "M5"))


def file_names(is_counted: bool = True) -> Answer:
    counts: Counter[tuple[str, str]] = Counter()
    names = {}
    for place, _name, day, _type in sheet("L4-B.T2", "待归类材料.xlsx", "待归类材料"):
        letter = classes()[place][0]
        counts[letter, day] += 1
        names[place] = f"KH0072-{letter}-{day.replace('-', '')}-{counts[letter, day] if is_counted else 1:02d}"
    assert "客户号 KH0072" in text_of("L4-B.T2")
    return column("B", names["M2"], names["M6"], names["M7"])


# ---------------------------------------------------------------- papers of trade


def released(is_loose: bool = True) -> Answer:
    """What becomes of each order; not loose, the last day is one too late and the whole limit too much."""
    limits = {row[1]: row for row in sheet(*TRADE, "授信通知单")}

    def result(row: list) -> str:
        _number, customer, amount, days, day = row
        _notice, _customer, limit, term, until, used = limits[customer]
        if day > until or (not is_loose and day == until):
            return "授信已过期"
        if days > term:
            return "付款期限超过信用期"
        return "超过额度" if used + amount > limit or (not is_loose and used + amount == limit) else "转送发货"

    return column("B", *map(result, sheet(*TRADE, "订单")))


def payable(is_billed: bool = False) -> Answer:
    prices = dict(sheet(*TRADE, "采购合同"))
    accepted = {row[0]: row[3] * prices[row[1]] for row in sheet(*TRADE, "收货验收单")}
    billed = {row[0]: row[3] for row in sheet(*TRADE, "供应商发票")}
    sums = [billed[each] if is_billed else accepted[each] for each in accepted]
    return column("B", *sums, sum(sums))


def statement_states() -> list[tuple[str, Fraction]]:
    """Return the state of each statement and our balance on it."""
    found = []
    for _customer, sent, ours, back, theirs, stamp, _words in sheet(*TRADE, "对账单跟踪"):
        if back == "未回":
            state = "逾期未回应催收" if sent + timedelta(REPLY_DAYS) < TODAY else "等待回函"
        elif stamp not in ("公章", "财务专用章"):
            state = "签章无效应补签"
        else:
            state = "有效回签" if ours == theirs else "金额不符应查对"
        found.append((state, ours))
    return found


def statements() -> Answer:
    assert f"第 {REPLY_DAYS} 天为回函期的最后一天" in text_of("L4-B.T3")
    return column("B", *(state for state, _sum in statement_states()))


def signed_share(*more: str) -> Fraction:
    found = statement_states()
    return percent(sum(each for state, each in found if state in ("有效回签", *more)), sum(each for _state, each in found))


def signed_by_number() -> Fraction:
    states = [state for state, _sum in statement_states()]
    return percent(Fraction(states.count("有效回签")), Fraction(len(states)))


# ---------------------------------------------------------------- receivables


def balances(is_bounded: bool = True) -> Answer:
    """Balances at the end of the week; not bounded, sales for cash and later days count too."""
    sums = dict(sheet(*WEEK, "期初余额"))
    factors = {"赊销": 1, "回款": -1, "退货": -1, "现销": 0 if is_bounded else 1}
    for day, customer, kind, amount in sheet(*WEEK, "业务流水"):
        assert day >= WEEK_BEGINS
        if day <= TODAY or not is_bounded:
            sums[customer] += factors[kind] * amount
    return column("B", *sums.values(), sum(sums.values()))


def results(is_together: bool = True) -> Answer:
    people: dict[str, list[list]] = defaultdict(list)
    for person, _customer, *figures in sheet(*WEEK, "十月追收"):
        people[person].append(figures)

    def rate(rows: list[list], part: int, whole: int) -> Fraction:
        if is_together:
            return percent(sum(row[part] for row in rows), sum(row[whole] for row in rows))
        return sum((percent(row[part], row[whole]) for row in rows), Fraction(0)) / len(rows)

    found = [(rate(rows, 1, 0), rate(rows, 3, 2)) for rows in people.values()]
    return column("B", *(each[0] for each in found)) | column("C", *(each[1] for each in found))


def days_late(is_weighted: bool = True, every: bool = False) -> Fraction:
    late = [(max(0, (TODAY - due).days), amount) for _number, _customer, due, amount in sheet(*WEEK, "到期发票")]
    counted = [each for each in late if each[0] or every]
    if not is_weighted:
        return Fraction(sum(days for days, _sum in counted), len(counted))
    return sum((days * amount for days, amount in counted), Fraction(0)) / sum(amount for _days, amount in counted)


def handed_over(shift: int = 0) -> Answer:
    assert f"逾期第 {AGENCY_DAY} 天移交" in text_of("L4-B.T4")
    due = {row[0]: row[2] for row in sheet(*WEEK, "到期发票")}
    return column("B", *((due[each] + timedelta(AGENCY_DAY + shift)).isoformat() for each in ("Y1", "Y2", "Y3")))


# ---------------------------------------------------------------- the meeting


def duties() -> Answer:
    """Who does what by when, as the chair says at last."""
    *_before, (_speaker, words) = tables("L4-B.T5", "会议资料.docx")[0]
    found = re.findall(r"由(.{2,3}?)(?:暂停|重寄|上门).*?(\d+) 月 (\d+) 日", words)
    return column("B", *(each[0] for each in found)) | column("C", *(f"{int(month)}-{int(day):02d}" for _who, month, day in found))


COMPUTED_4_B = {
    "L4-B.T1.1": Computed(signs, (unread_sign,)),
    "L4-B.T1.2": Computed(related),
    "L4-B.T1.3": Computed(records),
    "L4-B.T1.4": Computed(policies),
    "L4-B.T1.5": Computed(output, (lambda: only(output(True), "B1", "B2", "B4"),)),
    "L4-B.T2.1": Computed(columns_of_materials),
    "L4-B.T2.2": Computed(file_names, (lambda: only(file_names(False), "B2", "B3"),)),
    "L4-B.T3.1": Computed(released, (lambda: only(released(False), "B5"),)),
    "L4-B.T3.2": Computed(payable, (lambda: only(payable(True), "B2", "B3", "B4", "B5"),)),
    "L4-B.T3.3": Computed(statements),
    "L4-B.T3.4": Computed(signed_share, (signed_by_number, lambda: signed_share("签章无效应补签"))),
    "L4-B.T4.1": Computed(balances, (lambda: only(balances(False), "B2", "B3", "B5"),)),
    "L4-B.T4.2": Computed(results, (lambda: results(False),)),
    "L4-B.T4.3": Computed(days_late, (lambda: days_late(every=True), lambda: days_late(is_weighted=False))),
    "L4-B.T4.4": Computed(handed_over, (lambda: handed_over(-1),)),
    "L4-B.T5.2": Computed(duties),
}
