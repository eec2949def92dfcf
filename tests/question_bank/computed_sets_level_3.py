"""The formulas of the task sets L3-A and L3-B: from the case files, opened as a candidate opens them. Rules of the texts are named in `RULES`."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache
from itertools import accumulate

from openpyxl import load_workbook
from pypdf import PdfReader

from tests.question_bank.given import Worth, column, only
from tests.question_bank.given_files import PACK, SETS, Answer, Computed, tables_of, words_of

TASKS_3 = {task.case.id: task for name in ("L3-A", "L3-B") for task in SETS[name].tasks}
FILES = {file.name: PACK.case_files[file.digest] for task in TASKS_3.values() for file in task.files}


@cache
def sheet(name: str, title: str) -> list[tuple]:
    """Return the rows of a sheet under its heads; numbers are exact, dates have no time."""
    rows = load_workbook(FILES[name]).worksheets[load_workbook(FILES[name]).sheetnames.index(title)].iter_rows(min_row=2, values_only=True)
    return [tuple(plain(cell) for cell in row) for row in rows]


@cache
def text(name: str) -> str:
    """Return the words of a document, or of a PDF with its line breaks as blanks."""
    if name.endswith(".pdf"):
        return " ".join(" ".join(page.extract_text() for page in PdfReader(FILES[name]).pages).split())
    return words_of(FILES[name])


def plain(cell: object) -> object:
    """Return a cell's value: a number as a fraction, a moment as its day."""
    if isinstance(cell, datetime):
        return cell.date()
    return Fraction(cell) if isinstance(cell, int | float) else cell


def after(words: str, name: str) -> str:
    """Return the word that stands behind `words` in a file."""
    return text(name).partition(words)[2].split()[0]


def money(shown: str) -> Fraction:
    return Fraction(shown.replace(",", ""))


def cells(values: Iterable[Worth], letter: str = "B") -> dict[str, Worth]:
    return column(letter, *values)


# ---------------------------------------------------------------- L3-A


def compared() -> Answer:
    said = dict(tables_of(FILES["信用申请资料.docx"])[0])
    pdf = "公开信息查询记录.pdf"
    bought = orders()["B2"]
    outside = {
        "企业名称": said["企业名称"] == after(" 企业名称", pdf),
        "统一社会信用代码": said["统一社会信用代码"] == after(" 统一社会信用代码", pdf),
        "法定代表人": said["法定代表人"] == after(" 法定代表人", pdf),
        "成立日期": said["成立日期"] == after(" 成立日期", pdf),
        "注册资本": "陈例一 1200 万元 600 万元" not in text(pdf) and "刘例二 800 万元 0 " not in text(pdf),
        "住所": said["住所"] in text(pdf).partition("二、股东")[0],
        "2025 年末参保员工人数": said["2025 年末参保员工人数"].split()[0] == after("基本养老保险人数", pdf),
        "2025 年营业收入": None if "营业总收入 企业选择不公示" in text(pdf) else False,
        "采购额": said["近 12 个月向贵公司采购额"].startswith(f"约 {bought / 10_000} "),
        "被执行": (said["诉讼、被执行情况"] == "无") == ("执示" not in text(pdf)),
    }
    return cells({True: "一致", False: "矛盾", None: "无法核实"}[same] for same in outside.values())


def orders(names: str = "虚构市禾木水务工程有限公司", first: date = date(2025, 10, 1), is_cancelled_out: bool = True) -> dict[str, Worth]:
    rows = [row for row in sheet("内部往来台账.xlsx", "销售往来") if row[2].startswith(names) and first <= row[1] <= date(2026, 9, 30)]
    rows = [row for row in rows if not (is_cancelled_out and row[6])]
    late = {row[0]: ((row[5] or date(2026, 10, 12)) - row[4]).days for row in rows if row[4]}
    total = sum((row[3] for row in rows), Fraction(0))
    in_time = sum((row[3] for row in rows if late.get(row[0], 1) <= 0), Fraction(0))
    return cells([Fraction(len(rows)), total, Fraction(sum(days > 0 for days in late.values())), in_time / total * 100, Fraction(max(late.values()))])


def statement(title: str, column: int = 2) -> dict[str, Fraction]:
    return {row[0]: row[column] for row in sheet("财务报表.xlsx", title)}


def noted(item: str) -> Fraction:
    return sum((row[2] for row in sheet("财务报表.xlsx", "附注摘要") if row[0] == item), Fraction(0))


def gaps() -> Answer:
    now, before, year = statement("资产负债表"), statement("资产负债表", 1), statement("利润表")
    cash = statement("现金流量表摘要", 1)
    kept = now["未分配利润"] - before["未分配利润"]
    pairs = [
        (now["资产总计"], now["负债和所有者权益总计"]),
        *((now[item], noted(item)) for item in ("应收账款", "存货", "短期借款")),
        (now["货币资金"], cash["期末现金余额"]),
        (kept, year["净利润"] - noted("利润分配")),
    ]
    return cells(abs(one - other) for one, other in pairs)


def ratios(is_average: bool = True, is_prepaid_out: bool = True) -> dict[str, Worth]:
    now, before, year = statement("资产负债表"), statement("资产负债表", 1), statement("利润表")

    def stock(item: str) -> Fraction:
        return (now[item] + before[item]) / 2 if is_average else now[item]

    quick = now["流动资产合计"] - now["存货"] - (now["预付款项"] if is_prepaid_out else 0)
    interest = year["其中：利息费用"]
    return cells(
        [
            now["流动资产合计"] / now["流动负债合计"],
            quick / now["流动负债合计"],
            now["负债合计"] / now["资产总计"] * 100,
            (year["利润总额"] + interest) / interest,
            stock("应收账款") / year["营业收入"] * 360,
            stock("存货") / year["减：营业成本"] * 360,
            year["净利润"] / year["营业收入"] * 100,
            statement("现金流量表摘要", 1)["经营活动产生的现金流量净额"] / now["流动负债合计"] * 100,
        ]
    )


WEIGHTS = (15, 10, 15, 10, 10, 10, 20, 10)


def scored(is_record_told: bool = True) -> dict[str, Worth]:
    found = ratios()

    def band(value: Worth, *limits: Fraction | int | str, is_high_good: bool = True) -> int:
        held = (value >= Fraction(limit) if is_high_good else value <= Fraction(limit) for limit in limits)
        return next((score for score, is_held in zip((100, 80, 50), held, strict=True) if is_held), 20)

    scores = (
        band(found["B1"], "1.5", "1.2", 1),
        band(found["B2"], 1, "0.8", "0.6"),
        band(found["B3"], 50, 60, 70, is_high_good=False),
        band(found["B4"], 6, 4, 2),
        band(found["B5"], 45, 75, 90, is_high_good=False),
        band(found["B8"], 10, 5, 0),
        band(orders()["B4"], 95, 85, 70),
        20 if is_record_told and "截至查询日未见结案信息" in text("公开信息查询记录.pdf") else 100,
    )
    weighted = [Fraction(weight * score, 100) for weight, score in zip(WEIGHTS, scores, strict=True)]
    total = sum(weighted)
    return cells([*weighted, total, "A 级" if total >= 80 else "B 级" if total >= 65 else "C 级" if total >= 50 else "D 级"])


def line() -> dict[str, Worth]:
    days, factor = {"A 级": (60, "1.5"), "B 级": (45, "1.2"), "C 级": (30, "0.8")}[str(scored()["B10"])]
    now = statement("资产负债表")
    by_means = (now["所有者权益合计"] - now["无形资产"]) * Fraction(5, 100) * Fraction(factor)
    by_need = orders()["B2"] / 12 * (days + 15) / 30
    return cells([by_means, by_need, min(by_means, by_need, Fraction(1_200_000)), Fraction(days)])


def archive() -> Answer:
    rows = sheet("客户信用档案.xlsx", "档案")
    codes = Counter(row[2] for row in rows)
    twice = max((row for row in rows if codes[row[2]] > 1), key=lambda row: row[5])
    short, large = (row for row in rows if len(row[2]) < 18), (row for row in rows if row[3] > 100_000)
    early, sourceless = (row for row in rows if row[4] > row[5]), (row for row in rows if not row[7])
    return cells([twice[0], *(next(found)[0] for found in (short, large, early, sourceless))])


def outdated() -> set[str]:
    """Return the files that were brought up to date more than twelve months ago."""
    return {row[0] for row in sheet("客户信用档案.xlsx", "档案") if row[6] < date(2025, 10, 15)}


def released() -> dict[str, Worth]:
    book, today, wrong = "订单放行台账.xlsx", date(2026, 10, 15), {}
    limits = {row[0]: row for row in sheet(book, "客户额度")}
    used: dict[str, Fraction] = defaultdict(Fraction)
    late: dict[str, int] = defaultdict(int)
    for customer, _number, day, amount, received in sheet(book, "发票"):
        used[customer] += amount - received
        if amount > received:
            late[customer] = max(late[customer], (today - day).days - int(limits[customer][3]))
    for customer, _number, _day, amount, state in sheet(book, "放行单"):
        used[customer] += amount if state == "已放行未开票" else 0
    for number, _order, customer, pieces, amount, picker in sheet(book, "待放行订单"):
        _id, _name, limit, _days, valid, picked_by, most = limits[customer]
        room = limit - used[customer] if valid >= today else Fraction(0)
        reasons = {
            "额度失效": valid < today,
            "有逾期": late[customer] > 5,
            "提货不符": picker != picked_by or pieces > most,
            "超额度": amount > room,
        }
        found = next((f"冻结：{reason}" for reason, holds in reasons.items() if holds), "放行")
        used[customer] += amount if found == "放行" else 0
        wrong |= {f"B{number}": room, f"C{number}": found}
    return wrong


BASE = date(2026, 9, 30)
LEDGER = "应收账款明细账.xlsx"
TENTH = Fraction(3, 10_000)


def open_at(day: date) -> dict[str, Fraction]:
    paid: dict[str, Fraction] = defaultdict(Fraction)
    for received, _customer, number, amount in sheet(LEDGER, "收款"):
        paid[number] += amount if received <= day else 0
    return {row[0]: row[3] - paid[row[0]] for row in sheet(LEDGER, "发票")}


def overdue(from_invoice: bool = False) -> dict[str, int]:
    terms = {row[0]: 0 if from_invoice else int(row[2]) for row in sheet(LEDGER, "客户")}
    return {number: (BASE - day).days - terms[customer] for number, customer, day, _amount in sheet(LEDGER, "发票")}


def ageing(day: date = BASE, from_invoice: bool = False) -> dict[str, Worth]:
    rest, days, by_customer = open_at(day), overdue(from_invoice), {row[0]: Fraction(0) for row in sheet(LEDGER, "客户")}
    ages = [Fraction(0)] * 5
    for number, customer, _day, _amount in sheet(LEDGER, "发票"):
        ages[sum(days[number] > edge for edge in (0, 30, 60, 90))] += rest[number]
        by_customer[customer] += rest[number] if days[number] > 0 else 0
    return cells([*ages, sum(ages), *by_customer.values()])


def counted_back(day: date = BASE) -> Fraction:
    sales: dict[int, Fraction] = defaultdict(Fraction)
    for row in sheet(LEDGER, "发票"):
        sales[row[2].month] += row[3]
    rest, result = sum(open_at(day).values()), Fraction(0)
    for month, length in ((9, 30), (8, 31), (7, 31), (6, 30)):
        part = min(Fraction(1), rest / sales[month])
        rest, result = rest - part * sales[month], result + part * length
    return result


def period_end() -> Fraction:
    sales = sum(row[3] for row in sheet(LEDGER, "发票") if row[2] >= date(2026, 7, 1))
    return sum(open_at(BASE).values()) / sales * 92


def receipts_signed() -> Answer:
    found = []
    for *_head, sent_received, signed in tables_of(FILES["青桐公司合同与送货资料.docx"])[0]:
        sent, received = (each.split()[0] for each in sent_received.split("／"))
        is_signed = any(name in signed for name in ("何例十一", "吕例十二")) and "收货专用章" in signed
        found.append("可以直接使用" if is_signed and "签收日期齐全" in signed and sent == received else "须补签或补证")
    return cells(found)


def penalty(is_in_parts: bool = True) -> Fraction:
    """Day by day: what is owed of each open invoice at the beginning of a day after its due day."""
    result, rest, days = Fraction(0), open_at(BASE), overdue()
    for number, customer, _day, _amount in sheet(LEDGER, "发票"):
        if customer == "青桐" and rest[number] > 0:
            past = [BASE - timedelta(back) for back in range(max(0, days[number]))]
            result += sum((open_at(day - timedelta(1))[number] if is_in_parts else rest[number] for day in past), Fraction(0)) * TENTH
    return result


# ---------------------------------------------------------------- L3-B

QUALITY_OF_REPORT = {"无": 0, "基本": 1, "标准": 2, "深度": 3}


def purchase(is_recent_used: bool = True) -> dict[str, Worth]:
    kinds: dict[int, list[tuple]] = {3: [], 2: [], 0: []}
    for row in sheet("征信采购询价.xlsx", "待查客户"):
        kinds[3 if row[2] >= 200 else 2 if row[2] >= 50 else 0].append(row)

    def is_needed(row: tuple, kind: int) -> bool:
        return not (is_recent_used and row[4] and row[4] >= date(2026, 4, 1) and QUALITY_OF_REPORT[row[3]] >= kind)

    deep, standard = (Fraction(sum(is_needed(row, kind) for row in kinds[kind])) for kind in (3, 2))
    quotes = {row[0]: deep * row[2] + standard * row[3] + row[4] for row in sheet("征信采购询价.xlsx", "报价")}
    first = quotes["甲一征信"] * (Fraction(9, 10) if deep + standard >= 10 else 1)
    sizes = (Fraction(len(rows)) for rows in kinds.values())
    return cells([*sizes, deep, standard, first, quotes["乙二征信"], 15_000 - first])


def verified(monthly: int = 2000, is_kept_out: bool = True) -> dict[str, Worth]:
    rows = sheet("丰禾公司产销与盘点.xlsx", "产量与用电")
    claimed, made = sum(row[1] for row in rows), (sum(row[2] for row in rows) - 12 * monthly) / Fraction(180)
    stock = [row for row in sheet("丰禾公司产销与盘点.xlsx", "存货盘点") if not (is_kept_out and row[5])]
    booked, counted = (sum(row[2] * row[place] for row in stock) for place in (3, 4))
    return cells([claimed, made, (claimed - made) / made * 100, booked, counted, booked - counted])


@cache
def foreign() -> dict[str, Fraction]:
    """Return the figures of 2025 in the report, in thousand euro."""
    names = ("Trade receivables", "Inventories", "Total current assets", "Total assets", "Total current liabilities", "Total liabilities", "Equity")
    found = {}
    for name in (*names, "Turnover", "Cost of sales", "Interest expense", "Profit before tax"):
        found[name] = money(text("境外企业征信报告.pdf").partition(f" {name} ")[2].split()[1])
    return found


def extracted() -> Answer:
    report = "境外企业征信报告.pdf"
    index, before = Fraction(after("Payment index", report)), Fraction(after("the index was", report))
    assert "70 = 15 days beyond terms; 60 = 25 days" in text(report)
    return cells(
        [
            Fraction(text(report).partition("14 March ")[2].split()[0]),
            "有限责任公司" if "GmbH (limited liability company)" in text(report) else "",
            Fraction(after("Muster Holding GmbH", report).strip("%;")),
            "超期 15 至 25 天付款" if 60 <= index <= 70 else "",
            "恶化" if index < before else "改善",
            money(after("(12 May 2026, EUR", report).rstrip(",")),
            "已转让给银行" if "Receivables assigned to a bank" in text(report) else "",
            "未审计" if "filed, unaudited" in text(report) else "已审计",
        ]
    )


def converted() -> dict[str, Worth]:
    it = foreign()
    in_yuan = [it[name] * Fraction("7.8") / 10 for name in ("Total current assets", "Total assets", "Turnover")]
    current, owed = it["Total current assets"], it["Total current liabilities"]
    return cells(
        [
            *in_yuan,
            current / owed,
            (current - it["Inventories"]) / owed,
            it["Total liabilities"] / it["Total assets"] * 100,
            it["Trade receivables"] / it["Turnover"] * 360,
            (it["Profit before tax"] + it["Interest expense"]) / it["Interest expense"],
        ]
    )


def modelled(is_debt_taken_off: bool = True) -> dict[str, Worth]:
    it, own = foreign(), converted()
    working = (it["Total current assets"] - it["Total current liabilities"] + it["Equity"]) / 2
    debts = (it["Total current liabilities"] + it["Total liabilities"]) / it["Equity"]
    worth = own["B4"] + own["B5"] - (debts if is_debt_taken_off else 0)
    edges = ((Fraction("-1.8"), 10), (Fraction("-1.1"), Fraction("12.5")), (Fraction("-0.4"), 15), (Fraction("0.3"), Fraction("17.5")))
    share = next((Fraction(share) for edge, share in edges if round(worth, 2) <= edge), Fraction(20) if worth <= 1 else Fraction(25))
    limit = min(working * share / 100 * Fraction(20, 100), money(after("Recommended credit limit EUR", "境外企业征信报告.pdf")) / 1000)
    late = Fraction(after("terms (12 months)", "境外企业征信报告.pdf"))
    days = 60 if late <= 5 else 45 if late <= 15 else 30
    return cells([working, worth, share, limit * Fraction("7.8") / 10, Fraction(days)])


WATCH = "信用监控底稿.xlsx"


def states(is_edge_in: bool = False) -> dict[str, str]:
    """Return by customer what happens to its limit; `is_edge_in` takes those on an edge for past it."""
    day = timedelta(1 if is_edge_in else 0)
    found = {}
    for customer, limit, valid, owed, _late, days, last in sheet(WATCH, "客户"):
        if days > (59 if is_edge_in else 60) or last < date(2025, 9, 30) + day:
            found[customer] = "取消"
        elif days > (29 if is_edge_in else 30) or owed > limit or valid < BASE + day:
            found[customer] = "暂停"
        else:
            found[customer] = "正常"
    return found


def watched(is_edge_in: bool = False) -> dict[str, Worth]:
    rows, state = sheet(WATCH, "客户"), states(is_edge_in)
    limits, owed, late = (sum(row[place] for row in rows) for place in (1, 3, 4))
    counts = Counter(state.values())
    kept = sum(row[1] for row in rows if state[row[0]] != "取消")
    return cells([owed, owed / limits * 100, late / owed * 100, Fraction(counts["暂停"]), Fraction(counts["取消"]), kept])


def picked() -> dict[str, Fraction]:
    totals: dict[str, Fraction] = defaultdict(Fraction)
    for _day, voucher, boxes, _person in sheet(WATCH, "出库单"):
        totals[voucher] += boxes
    return totals


def unusual() -> Answer:
    vouchers = {row[0]: row for row in sheet(WATCH, "信用提货单")}
    over = [(number, boxes - vouchers[number][4]) for number, boxes in picked().items() if boxes > vouchers[number][4]]
    late = [(row[1], row[2]) for row in sheet(WATCH, "出库单") if row[0] > vouchers[row[1]][3]]
    foreign_hands = [(row[1], row[2]) for row in sheet(WATCH, "出库单") if row[3] != vouchers[row[1]][5]]
    (one,), (two,), (three,) = over, late, foreign_hands
    return cells(each[0] for each in (one, two, three)) | cells((each[1] for each in (one, two, three)), "C")


def cancelled() -> Answer:
    totals, state, found = picked(), states(), []
    for number, customer, _day, valid, boxes, _person in sheet(WATCH, "信用提货单")[:8]:
        reasons = {"已提完": totals[number] >= boxes, "额度取消": state[customer] == "取消", "过期": valid < BASE}
        found.append(next((f"注销：{reason}" for reason, holds in reasons.items() if holds), "继续有效"))
    return cells(found)


def entries(title: str) -> list[tuple[str, Fraction]]:
    """Return the entries of a ledger, what it adds being positive."""
    return [(row[1], (row[3] or 0) - (row[4] or 0)) for row in sheet("往来对账.xlsx", title) if row[1]]


def reconciled(is_other_side: bool = False) -> dict[str, Worth]:
    """What one side has and the other has not, or otherwise, is put right on the side that the text says is wrong."""
    ours, theirs = (
        sheet("往来对账.xlsx", title)[0][5] + sum(amount for _n, amount in entries(title)) for title in ("远岚公司应收账", "谷香公司应付账")
    )
    missing_here = sum(amount for number, amount in entries("谷香公司应付账") if number not in dict(entries("远岚公司应收账")))
    twice = Counter(number for number, _amount in entries("远岚公司应收账"))
    down_here = -missing_here + sum(amount for number, amount in dict(entries("远岚公司应收账")).items() if twice[number] > 1)
    missing_there = [amount for number, amount in entries("远岚公司应收账") if number not in dict(entries("谷香公司应付账"))]
    mistaken = sum(amount - dict(entries("远岚公司应收账"))[n] for n, amount in entries("谷香公司应付账") if n in dict(entries("远岚公司应收账")))
    up_there, down_there = sum(each for each in missing_there if each > 0), mistaken - sum(each for each in missing_there if each < 0)
    here, there = (Fraction(0), down_here), (up_there, down_there)
    if is_other_side:
        here, there = there, here
    return cells([ours, *here, ours + here[0] - here[1]]) | cells([theirs, *there, theirs + there[0] - there[1]], "C")


def differences() -> Answer:
    here, there = dict(entries("远岚公司应收账")), dict(entries("谷香公司应付账"))
    twice = [number for number, count in Counter(number for number, _amount in entries("远岚公司应收账")).items() if count > 1]
    mistaken = [number for number in here.keys() & there.keys() if here[number] != there[number]]
    only_there, only_here = sorted(there.keys() - here.keys()), sorted(here.keys() - there.keys())
    assert [each[0] for each in only_there] == ["F", "T"]
    assert [each[0] for each in only_here] == ["X", "Z"]
    return cells([*twice, *mistaken, only_there[1], only_here[0], -there[only_there[0]], -here[only_here[1]]])


def instalments(is_on_whole: bool = False, is_opening_in: bool = True) -> dict[str, Worth]:
    first, *flows = sheet("还款能力与核销资料.xlsx", "现金流预测")
    assert "2026-10-15 首付 96000 元；余款 384000 元分四期" in text("乐果公司债权资料.docx")
    principal, rate = Fraction(96_000), Fraction(5, 1000)
    interest = [rate * (384_000 if is_on_whole else 384_000 - principal * done) for done in range(4)]
    signs = [1 if row[0] in ("销售回款", "其他收入") else -1 for row in flows]
    net = [sum(sign * row[month] for sign, row in zip(signs, flows, strict=True)) for month in range(1, 6)]
    paid = [principal, *(principal + each for each in interest)]
    opening = first[1] if is_opening_in else Fraction(0)
    cash = [*accumulate((flow - pay for flow, pay in zip(net, paid, strict=True)), initial=opening)][1:]
    shown = {f"C{place}": each for place, each in enumerate(interest, start=2)}
    return shown | cells(cash, "D") | {"D6": "可行" if min(cash) >= 50_000 else "不可行"}


COMPUTED_3: dict[str, Computed] = {
    "L3-A.T1.1": Computed(compared),
    "L3-A.T1.2": Computed(
        orders,
        (
            lambda: only(orders(is_cancelled_out=False), "B1", "B2", "B4"),
            lambda: only(orders(first=date(2025, 8, 1)), "B1", "B2", "B4"),
            lambda: only(orders("虚构市禾木"), "B1", "B2", "B3", "B4"),
        ),
    ),
    "L3-A.T2.1": Computed(gaps),
    "L3-A.T2.2": Computed(ratios, (lambda: only(ratios(is_average=False), "B5", "B6"), lambda: only(ratios(is_prepaid_out=False), "B2"))),
    "L3-A.T2.3": Computed(scored, (lambda: only(scored(is_record_told=False), "B8", "B9"),)),
    "L3-A.T2.4": Computed(line, (lambda: {"B1": line()["B1"] / Fraction("0.8"), "B2": line()["B2"] * 30 / 45, "B3": Fraction(1_200_000)},)),
    "L3-A.T3.1": Computed(archive),
    "L3-A.T4.1": Computed(released),
    "L3-A.T5.1": Computed(
        ageing,
        (
            lambda: only(ageing(date(2026, 10, 15)), "B3", "B6", "B8"),
            lambda: only(ageing(from_invoice=True), "B1", "B2", "B3", "B4", "B5", "B7", "B8", "B9", "B10"),
        ),
    ),
    "L3-A.T5.2": Computed(counted_back, (period_end, lambda: counted_back(date(2026, 10, 15)))),
    "L3-A.T5.3": Computed(receipts_signed),
    "L3-A.T5.5": Computed(penalty, (lambda: penalty(is_in_parts=False),)),
    "L3-B.T1.1": Computed(purchase, (lambda: only(purchase(is_recent_used=False), "B4", "B5", "B6", "B7", "B8"),)),
    "L3-B.T2.1": Computed(verified, (lambda: only(verified(monthly=0), "B2", "B3"), lambda: only(verified(is_kept_out=False), "B4", "B5"))),
    "L3-B.T3.1": Computed(extracted),
    "L3-B.T3.2": Computed(converted),
    "L3-B.T3.3": Computed(modelled, (lambda: only(modelled(is_debt_taken_off=False), "B2", "B3", "B4"),)),
    "L3-B.T4.1": Computed(watched, (lambda: only(watched(is_edge_in=True), "B4", "B5", "B6"),)),
    "L3-B.T4.2": Computed(unusual),
    "L3-B.T4.3": Computed(cancelled),
    "L3-B.T5.1": Computed(reconciled, (lambda: only(reconciled(is_other_side=True), "B2", "B3", "B4", "C2", "C3", "C4"),)),
    "L3-B.T5.2": Computed(differences),
    "L3-B.T6.1": Computed(
        instalments,
        (
            lambda: only(instalments(is_on_whole=True), "C3", "C4", "C5", "D3", "D4", "D5"),
            lambda: only(instalments(is_opening_in=False), "D1", "D2", "D3", "D4", "D5", "D6"),
        ),
    ),
}
JUDGED_3 = {"L3-A.T3.2", "L3-A.T4.2", "L3-A.T5.4", "L3-B.T1.3", "L3-B.T2.2", "L3-B.T5.3", "L3-B.T6.3", "L3-B.T6.5"}
"""Tables that ask for a judgement of words; no figure decides them."""
RULES: dict[str, tuple[str, ...]] = {
    "L3-A.T1": ("2025-10-01 至 2026-09-30", "已取消的不计", "2026-10-12"),
    "L3-A.T2": ("×5%×等级系数", "C 级（30 天，系数 0.8）", "÷12×（该等级信用期＋15）÷30", "120 万元", "360 天", "存货−预付款项"),
    "L3-A.T3": ("2026-10-15", "恰满 12 个月的不列入", "（18 位）"),
    "L3-A.T4": ("超过 5 天", "相等可以放行", "2026-10-15", "已作废、已开票的放行单不占"),
    "L3-A.T5": ("2026-09-30", "不影响基准日的余额", "到期日次日起算逾期"),
    "L3-B.T1": ("200 万元及以上", "50 万元及以上", "2026-04-01（含）", "15000 元"),
    "L3-B.T2": ("180 千瓦时", "2000 千瓦时", "都不计入自有存货"),
    "L3-B.T3": ("1 欧元＝7.80 元", "份额 20%", "16 至 30 天的给 30 天", "360 天"),
    "L3-B.T4": ("超过 60 天", "31 至 60 天", "超过 12 个月", "早于 2026-09-30"),
    "L3-B.T5": ("43700 元", "X-071 只开过一张", "T-007", "Z-012", "X-098"),
    "L3-B.T6": ("50000 元", "60000 元"),
}
"""What of the texts the formulas take for granted."""
