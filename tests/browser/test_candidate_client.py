"""The paper's page against a server that fails on purpose: what a candidate chose arrives once, in order, and the page says only what is true."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from examsrv.web.gbk import CHARSET, JSON_IN_GBK, in_gbk
from tests.browser.candidate_harness.server import Harness

SCREEN = {"width": 1366, "height": 768}
AXE = Path(__file__).parent / "axe.min.js"
SAVED = re.compile(r"^Saved \d\d:\d\d:\d\d$")

SUMS = {
    "0.1+0.2": 0.3,
    "2+3×4": 14,
    "(2+3)×4": 20,
    "54÷360×100": 15,
    "360×15%": 54,
    "−5+2": -3,
    "8÷2÷2": 2,
    "10−2−3": 5,
    "1÷0": None,
    "2+": None,
    "(2": None,
    "1.2.3": None,
    "": None,
}


@pytest.fixture
def harness():
    with Harness() as served:
        yield served


@pytest.fixture
def attempt(harness):
    return harness.attempt


@pytest.fixture
def context(browser):
    made = browser.new_context(viewport=SCREEN)
    made.set_default_timeout(8000)
    yield made
    made.close()


@pytest.fixture
def page(context, harness):
    return opened(context, harness)


def opened(context, harness):
    """Return a page of this browser that shows the paper; an error of its scripts fails the test."""
    made = context.new_page()
    made.on("pageerror", fail)
    made.goto(f"{harness.address}/exam/paper")
    return made


def fail(error):
    raise AssertionError(error)


def answer(page, *letters):
    """Choose with the mouse, item after item."""
    for letter in letters:
        page.locator(".option", has=page.locator(".letter", has_text=letter)).click()
        page.locator("#next").click()


def saved(page):
    expect(page.locator("#save-words")).to_have_text(SAVED)


def arrived(page, attempt, count):
    """Wait until the server holds `count` steps and the page knows it."""
    for _time in range(120):
        if len(attempt.steps) >= count and SAVED.match(page.locator("#save-words").text_content()):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{len(attempt.steps)} of {count} steps arrived")


def hand_in(page):
    page.locator("#hand-in").click()
    page.locator("#review-on").click()
    page.locator("#confirm-yes").click()


def kept_in_browser(page):
    """Return how many steps and notes the browser still keeps."""
    return page.evaluate("""() => new Promise(resolve => {
        const request = indexedDB.open("examsrv-candidate");
        request.onsuccess = () => {
            const names = ["steps", "notes"];
            const transaction = request.result.transaction(names);
            const counts = names.map(name => transaction.objectStore(name).count());
            transaction.oncomplete = () => { request.result.close(); resolve(counts.map(count => count.result)); };
        };
    })""")


def values(attempt):
    return [step["value"] for step in attempt.in_order()]


# ---------------------------------------------------------------- typing


@pytest.fixture
def typed(context, harness, attempt):
    """Give the paper of one item with a number, open."""
    items = [["逾期总额是多少？", {"unit": "万元"}]] * 2
    attempt.paper = {**attempt.paper, "groups": [{"kind": "numeric", "marks": "1", "items": items}]}
    made = opened(context, harness)
    saved(made)
    return made


def test_a_keystroke_is_no_step_and_keys_of_the_page_rest_in_a_field(typed, attempt):
    typed.locator("#answer-2").focus()
    typed.keyboard.type("1ma36.05")
    typed.keyboard.press("ArrowLeft")
    arrived(typed, attempt, 1)
    assert [(step["kind"], step["item"], step["value"]) for step in attempt.in_order()] == [("answered", 2, "1ma36.05")]
    expect(typed.locator("#item-number")).to_have_text("Item 1")


def test_what_is_typed_is_saved_when_the_field_is_left(typed, attempt):
    typed.locator("#answer-2").fill("136")
    typed.keyboard.press("Tab")
    assert typed.locator("#count-answered").text_content() == "Answered 1"  # at once: a pause would take a second


def test_what_is_being_typed_is_handed_in(typed, attempt):
    typed.locator("#answer-2").fill("136")
    hand_in(typed)
    expect(typed.locator("#receipt-title")).to_have_text("Handed in, the server has everything")
    assert attempt.answers() == {"2": "136"}


def test_a_cleared_field_is_no_answer(typed, attempt):
    typed.locator("#answer-2").fill("136")
    arrived(typed, attempt, 1)
    typed.locator("#clear").click()
    expect(typed.locator("#answer-2")).to_have_value("")
    arrived(typed, attempt, 2)
    assert (values(attempt), attempt.answers()) == (["136", ""], {})


def test_a_page_that_is_killed_loses_nothing_typed(typed, context, harness, attempt):
    typed.locator("#answer-2").fill("136")
    typed.wait_for_timeout(150)  # no pause yet: it is noted on the disk, and no step
    context.set_offline(True)
    typed.close(run_before_unload=False)
    context.set_offline(False)
    again = opened(context, harness)
    expect(again.locator("#answer-2")).to_have_value("136")
    arrived(again, attempt, 1)
    assert attempt.answers() == {"2": "136"}


def test_what_was_typed_before_another_machine_took_over_is_not_put_over_its_answers(typed, context, harness, attempt):
    typed.locator("#answer-2").fill("136")
    typed.wait_for_timeout(150)
    context.set_offline(True)
    typed.close()
    attempt.pending_device = attempt.device
    attempt.confirm_machine()
    attempt.take(
        {"device": attempt.device, "epoch": attempt.epoch, "steps": [{"seq": 1, "kind": "answered", "item": 2, "value": "99", "client_ms": 0}]}
    )
    context.set_offline(False)
    again = opened(context, harness)
    saved(again)
    expect(again.locator("#answer-2")).to_have_value("99")


# ---------------------------------------------------------------- saving


def test_an_answer_is_on_the_server_within_two_seconds(page, attempt):
    answer(page, "B")
    page.wait_for_timeout(2000)
    assert attempt.answers() == {"12": "c"}


def test_options_of_an_older_paper_are_sent_by_the_ids_that_it_brings(context, harness, attempt):
    for group in attempt.paper["groups"][:2]:
        for item in group["items"]:
            item.append({"ids": ["wx2", "k7m", "a9q", "zz4"]})
    page = opened(context, harness)
    answer(page, "B")
    arrived(page, attempt, 1)
    assert attempt.answers() == {"12": "a9q"}


def test_answers_of_thirty_seconds_without_network_arrive_once_and_in_order(context, harness, attempt):
    page = context.new_page()
    page.clock.install()
    page.goto(f"{harness.address}/exam/paper")
    saved(page)
    context.set_offline(True)
    answer(page, "A", "B", "C", "D", "A")
    page.clock.fast_forward(30_000)
    expect(page.locator("#save-words")).to_contain_text("Kept on this machine: 5")
    context.set_offline(False)
    page.clock.fast_forward(15_000)
    saved(page)
    assert values(attempt) == ["d", "c", "b", "a", "d"]
    assert [step["seq"] for step in attempt.in_order()] == [1, 2, 3, 4, 5]


def test_a_reload_after_a_cut_brings_back_what_was_not_sent(page, context, attempt, harness):
    answer(page, "A")
    saved(page)
    context.set_offline(True)
    answer(page, "B", "C")
    page.locator("#mark").click()
    page.wait_for_timeout(300)
    attempt.refuse = 1000  # what the leaving page still sends is refused: only this machine has it
    context.set_offline(False)
    page.goto("about:blank")
    page.wait_for_timeout(300)
    attempt.refuse = 0
    assert len(attempt.steps) == 1
    page.goto(f"{harness.address}/exam/paper")
    expect(page.locator("#item-number")).to_have_text("Item 4")
    expect(page.locator("#count-answered")).to_have_text("Answered 3")
    arrived(page, attempt, 4)
    assert attempt.answers() == {"12": "d", "11": "c", "10": "b"}
    assert attempt.marked() == [9]


def test_a_response_lost_after_the_server_did_it_leads_to_no_double(page, attempt):
    attempt.lose_responses = 2
    answer(page, "A", "B")
    arrived(page, attempt, 2)
    assert attempt.lose_responses == 0
    assert values(attempt) == ["d", "c"]


def test_a_refusing_server_is_told_from_a_cut_and_tried_again(page, attempt):
    saved(page)
    attempt.refuse = 2
    answer(page, "A")
    expect(page.locator("#save-words")).to_contain_text("The server does not answer. Kept on this machine: 1")
    saved(page)
    assert values(attempt) == ["d"]


def test_where_nothing_can_be_kept_a_cut_is_an_alarm(context, harness, attempt):
    context.add_init_script("IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); }")
    page = opened(context, harness)
    answer(page, "A")
    saved(page)
    context.set_offline(True)
    answer(page, "B")
    expect(page.locator("#save-words")).to_have_text("Not saved, please raise your hand")
    context.set_offline(False)
    saved(page)
    assert values(attempt) == ["d", "c"]


def test_steps_that_the_server_lacks_are_said_anew_from_the_number_it_expects(page, attempt):
    answer(page, "A", "B")
    arrived(page, attempt, 2)
    attempt.steps.pop((1, 2))
    answer(page, "C")
    arrived(page, attempt, 3)
    assert attempt.answers() == {"12": "d", "11": "c", "10": "b"}


def test_a_step_that_conflicts_is_followed_by_what_the_candidate_sees(page, attempt):
    saved(page)
    attempt.steps[(1, 1)] = {"seq": 1, "kind": "answered", "item": 12, "value": "a", "client_ms": 0}
    answer(page, "A")
    arrived(page, attempt, 2)
    assert attempt.answers() == {"12": "d"}


def test_leaving_the_page_sends_what_waits(page, attempt):
    answer(page, "A")
    page.goto("about:blank")
    page.wait_for_timeout(500)
    assert attempt.answers() == {"12": "d"}


# ---------------------------------------------------------------- answering


def test_the_keyboard_alone_answers_and_hands_in(page, attempt):
    expect(page.locator("#item-number")).to_have_text("Item 1")
    for _item in range(12):
        page.keyboard.press("b")
        page.keyboard.press("ArrowRight")
    for keys in ["13", "ac", "a", "24", "bb"]:
        for key in keys:
            page.keyboard.press(key)
        page.keyboard.press("ArrowRight")
    for key in ["a", "b", "1", "2", "m"]:
        page.keyboard.press(key)
        page.keyboard.press("ArrowRight")
    expect(page.locator("#count-answered")).to_have_text("Answered 20")
    page.locator("#hand-in").focus()
    for key in ["Enter", "Tab"]:
        page.keyboard.press(key)
    page.locator("#review-on").focus()
    for key in ["Enter", "Tab", "Enter"]:
        page.keyboard.press(key)
    expect(page.locator("#receipt-code")).to_have_text("K7QF-3M2A")
    given = attempt.answers()
    assert [given[str(n)] for n in (17, 16, 15, 14)] == [["b", "d"], ["b", "d"], ["d"], ["a", "c"]]
    assert [given.get(str(n)) for n in (13, 22, 21, 20, 19, 18)] == [None, True, False, True, False, None]
    assert attempt.marked() == [18]


def test_arrows_on_a_chosen_row_change_the_item_and_not_the_answer(page, attempt):
    page.locator(".option").nth(1).click()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#item-number")).to_have_text("Item 2")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".option.chosen .letter")).to_have_text("B")


def test_an_answer_can_be_cleared(page, attempt):
    page.locator(".option").first.click()
    page.locator("#clear").click()
    expect(page.locator("#count-answered")).to_have_text("Answered 0")
    arrived(page, attempt, 2)
    assert values(attempt) == ["d", None]


def test_size_contrast_and_the_item_in_view_survive_a_reload(page):
    page.get_by_role("button", name="Larger type").click()
    page.get_by_role("button", name="High contrast").click()
    page.get_by_role("button", name="Item 7, unanswered").click()
    page.reload()
    expect(page.locator("#item-number")).to_have_text("Item 7")
    assert page.evaluate("({...document.documentElement.dataset})").items() >= {"size": "large", "theme": "contrast"}.items()


def test_the_calculator_works_out(page):
    found = page.evaluate(
        "async entries => { const {resultOf} = await import('/static/js/candidate/arithmetic.js'); return entries.map(resultOf); }", list(SUMS)
    )
    assert dict(zip(SUMS, found, strict=True)) == SUMS


def test_the_calculator_is_typed_and_remembers_while_no_answer_is_chosen(page, attempt):
    page.locator("#open-calculator").click()
    for key in ["1", "2", "*", "3", "Enter"]:
        page.keyboard.press(key)
    expect(page.locator("#calculator-entry")).to_have_text("36")
    for name in ["Add to the memory", "Clear the entry", "Recall the memory"]:
        page.get_by_role("button", name=name).click()
    expect(page.locator("#calculator-entry")).to_have_text("36")
    assert attempt.steps == {}


def test_the_scratch_pad_stays_on_the_machine(page, attempt):
    page.locator("#open-scratch").click()
    page.keyboard.type("abc m 12")
    page.wait_for_timeout(800)
    page.reload()
    page.locator("#open-scratch").click()
    expect(page.locator("#scratch-text")).to_have_value("abc m 12")
    assert attempt.steps == {}


# ---------------------------------------------------------------- handing in


def test_a_double_click_and_a_lost_response_hand_in_once(page, attempt):
    answer(page, "A")
    arrived(page, attempt, 1)
    attempt.lose_responses = 1
    page.locator("#hand-in").click()
    page.locator("#review-on").click()
    page.locator("#confirm-yes").dblclick()
    expect(page.locator("#receipt-code")).to_have_text("K7QF-3M2A")
    assert attempt.receipts_made == 1


def test_handing_in_shows_what_is_open_and_leads_there(page):
    answer(page, "A")
    page.locator("#mark").click()
    page.locator("#hand-in").click()
    expect(page.locator("#review-counts")).to_have_text("Answered 1, unanswered 21, marked for review 1.")
    page.locator("#review-marked-cells button").click()
    expect(page.locator("#item-number")).to_have_text("Item 2")


def test_before_the_earliest_leaving_time_handing_in_is_refused_with_the_time(page, attempt):
    attempt.leave_from = attempt.ends
    page.reload()
    page.locator("#hand-in").click()
    expect(page.locator("#review-early-words")).to_have_text(re.compile(r"possible from \d\d:\d\d on. Still to wait: 90 min"))
    expect(page.locator("#review-on")).to_be_disabled()


def test_answers_that_differ_are_sent_again_before_the_receipt(page, attempt):
    answer(page, "A", "B")
    arrived(page, attempt, 2)
    attempt.steps[(1, 2)]["value"] = "a"
    hand_in(page)
    expect(page.locator("#receipt-code")).to_have_text("K7QF-3M2A")
    assert attempt.answers() == {"12": "d", "11": "c"}


def test_the_receipt_forgets_the_candidate_and_leads_back_to_the_sign_in(page, attempt):
    answer(page, "A")
    hand_in(page)
    expect(page.locator("#receipt-answered")).to_have_text("1 / 22 items")
    expect(page.locator("#exam")).to_be_empty()
    page.wait_for_timeout(300)
    assert kept_in_browser(page) == [0, 0]
    page.locator("#leave").click()
    expect(page.locator("#ticket")).to_be_visible()
    assert not attempt.signed_in


def test_the_receipt_leaves_by_itself_after_a_minute(context, harness, attempt):
    attempt.close("proctor")
    page = context.new_page()
    page.clock.install()
    page.goto(f"{harness.address}/exam/paper")
    expect(page.locator("#receipt-title")).to_have_text("The proctor has handed in the paper")
    page.clock.fast_forward(61_000)
    expect(page.locator("#ticket")).to_be_visible()


def test_answers_that_came_after_a_forced_hand_in_are_spoken_of(page, context, attempt):
    saved(page)
    context.set_offline(True)
    answer(page, "A", "B")
    attempt.close("proctor")
    context.set_offline(False)
    expect(page.locator("#receipt-late-words")).to_contain_text("only after the end: 2")
    assert attempt.aside[0]["value"] == "d"


# ---------------------------------------------------------------- time


def test_at_zero_the_paper_is_handed_in(page, attempt):
    answer(page, "A")
    attempt.set_remaining(1.5)
    page.reload()
    expect(page.locator("#receipt-title")).to_have_text("Time is up, the paper was handed in by itself")
    assert attempt.answers() == {"12": "d"}


def test_zero_without_a_server_locks_and_time_given_unlocks(page, context, attempt):
    saved(page)
    attempt.set_remaining(6)
    page.reload()
    saved(page)
    context.set_offline(True)
    answer(page, "A")
    expect(page.locator("#cover-title")).to_have_text("Time is up, no answer from the server")
    page.keyboard.press("b")
    assert attempt.receipt is None
    attempt.set_remaining(600)
    context.set_offline(False)
    expect(page.locator("#item-number")).to_be_visible()
    answer(page, "C")
    arrived(page, attempt, 2)
    assert values(attempt) == ["d", "b"]


def test_a_pause_hides_the_item_and_stops_the_time(page, attempt):
    saved(page)
    attempt.pause()
    attempt.notices.append({"id": 1, "kind": "pause", "text": "考试暂停：停电"})
    answer(page, "A")
    expect(page.locator("#cover-title")).to_have_text("The examination is paused")
    expect(page.locator("#stem")).to_be_hidden()
    notices = page.locator("#notices .notice")
    expect(notices).to_contain_text(["考试暂停：停电"])
    before = page.locator("#time-left").text_content()
    page.wait_for_timeout(1500)
    assert page.locator("#time-left").text_content() == before
    attempt.resume()
    attempt.notices.append({"id": 2, "kind": "resume", "text": "考试继续"})
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#stem")).to_be_visible()
    expect(notices).to_contain_text(["考试继续"])
    attempt.pause()
    attempt.notices.append({"id": 3, "kind": "pause", "text": "考试暂停：网络故障"})
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(notices).to_contain_text(["考试继续", "考试暂停：网络故障"])


def test_the_machines_own_time_of_day_changes_nothing(context, harness, attempt):
    page = context.new_page()
    page.clock.install(time="2020-01-01T00:00:00")
    page.goto(f"{harness.address}/exam/paper")
    saved(page)
    page.clock.set_system_time("2031-05-05T05:05:05")
    page.wait_for_timeout(600)
    expect(page.locator("#time-left")).to_have_text(re.compile(r"1:29:\d\d"))


def test_the_last_minutes_are_spoken(context, harness, attempt):
    attempt.set_remaining(5 * 60 + 30)
    page = context.new_page()
    page.clock.install()
    page.goto(f"{harness.address}/exam/paper")
    saved(page)
    attempt.set_remaining(5 * 60 - 1)
    page.clock.fast_forward(31_000)
    expect(page.locator("#announce")).to_have_text("Time left in the examination: 5 min")
    expect(page.locator("#timer")).to_have_class(re.compile("timer-last"))


def test_a_notice_pushes_the_paper_down_and_stays_away_once_put_away(page, attempt):
    saved(page)
    before = page.locator("#item-number").bounding_box()["y"]
    attempt.notices.append({"id": 1, "kind": "grant", "text": "补时 5 分钟：终端故障"})
    answer(page, "A")
    notice = page.locator("#notices .notice")
    expect(notice).to_contain_text("补时 5 分钟")
    box = notice.bounding_box()
    assert page.locator("#item-number").bounding_box()["y"] >= before + box["height"] - 1
    page.get_by_role("button", name="Understood").click()
    page.wait_for_timeout(200)
    page.reload()
    answer(page, "B")
    arrived(page, attempt, 2)
    expect(notice).to_have_count(0)


# ---------------------------------------------------------------- windows, machines, sessions


def test_of_two_windows_one_writes_and_nothing_is_lost(page, context, harness, attempt):
    answer(page, "A")
    second = opened(context, harness)
    expect(second.locator("#cover-title")).to_have_text("The paper is already open in another window")
    answer(page, "B")
    second.locator("#cover-act").click()
    expect(page.locator("#cover-title")).to_have_text("The paper is answered in another window")
    expect(second.locator("#count-answered")).to_have_text("Answered 2")
    second.keyboard.press("c")
    arrived(second, attempt, 3)
    assert attempt.answers() == {"12": "d", "11": "c", "10": "b"}
    assert [step["seq"] for step in attempt.in_order()] == [1, 2, 3]


def test_another_machine_waits_for_the_proctor_and_the_old_one_only_reads(page, browser, harness, attempt):
    answer(page, "A")
    arrived(page, attempt, 1)
    other = browser.new_context(viewport=SCREEN)
    there = opened(other, harness)
    expect(there.locator("#cover-title")).to_have_text("Please raise your hand")
    attempt.confirm_machine()
    answer(page, "D")  # at once: its next beat would tell it, and nothing could be entered any more
    page.evaluate("dispatchEvent(new Event('online'))")  # that beat comes before the step is sent
    expect(there.locator("#count-answered")).to_have_text("Answered 1")
    expect(page.locator("#notices")).to_contain_text("nothing more is saved")
    expect(page.locator(".option input").first).to_be_disabled()
    expect(page.locator("#save-words")).to_have_text("Nothing more is saved here")
    assert [step["value"] for step in attempt.aside] == ["a"]
    assert attempt.answers() == {"12": "d"}
    other.close()


def test_a_lost_session_keeps_what_was_answered_for_the_next_sign_in(page, attempt, harness):
    answer(page, "A")
    saved(page)
    attempt.signed_in = False
    answer(page, "B")
    page.locator("#cover-act").click()
    expect(page.locator("#ticket")).to_be_visible()
    attempt.signed_in = True
    page.goto(f"{harness.address}/exam/paper")
    expect(page.locator("#count-answered")).to_have_text("Answered 2")
    arrived(page, attempt, 2)
    assert attempt.answers() == {"12": "d", "11": "c"}


# ---------------------------------------------------------------- the answer that opens the paper, as the browser reads it


BEYOND_GBK = "𠮷㛃€ñ\xa0\u2028\ue000\U0010ffff\ufeff\0😀\ud842"


def has_gbk(character):
    try:
        return bool(character.encode(CHARSET))
    except UnicodeEncodeError:
        return False


def read_from(page, **sent):
    """Return what the page's own code makes of an answer to its request for the paper."""
    page.route("**/exam/api/open", lambda route: route.fulfill(**sent))
    kind, data = page.evaluate("""async () => {
        const { api } = await import("/static/js/candidate/api.js");
        const { kind, data } = await api.open("one-machine");
        return [kind, JSON.stringify(data)];
    }""")
    return kind, json.loads(data)


def test_every_character_reaches_the_page_as_it_was_meant_and_a_broken_answer_is_none(page):
    all_of_gbk = "".join(filter(has_gbk, map(chr, range(0x11_0000))))
    assert len(all_of_gbk) > 21_000
    told = {"all": all_of_gbk, "beyond": BEYOND_GBK, "marks": '"\\{}\n乗誠'}
    content = in_gbk(json.dumps(told, ensure_ascii=False))
    assert read_from(page, body=content, content_type=JSON_IN_GBK) == ("ok", told)
    others = [
        ("application/json", '"信用"'.encode(), ("ok", "信用")),
        ('application/json; Charset="UTF-8"', '"信用"'.encode(), ("ok", "信用")),
        (JSON_IN_GBK, b'"\xd0"', ("server", {})),
        ("application/json; charset=none-such", b'"a"', ("server", {})),
    ]
    for kind, content, read in others:
        assert read_from(page, body=content, content_type=kind) == read


# ---------------------------------------------------------------- every state, read by axe


def violations(page):
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run()")["violations"]
    return [(fault["id"], [node["html"] for node in fault["nodes"]][:3]) for fault in found]


@pytest.mark.parametrize("theme", ["light", "contrast"])
def test_every_state_of_the_paper_is_clean(context, harness, attempt, theme):
    context.add_init_script(f"localStorage.setItem('examsrv.display', '{json.dumps({'theme': theme})}')")
    page = opened(context, harness)
    saved(page)
    attempt.notices.append({"id": 1, "kind": "grant", "text": "补时 5 分钟"})
    answer(page, "A")
    page.locator("#mark").click()
    for tool in ["calculator", "scratch"]:
        page.locator(f"#open-{tool}").click()
    expect(page.locator("#notices .notice")).to_have_count(1)
    faults = {"paper": violations(page)}
    page.locator("#hand-in").click()
    faults["review"] = violations(page)
    page.locator("#review-on").click()
    faults["confirm"] = violations(page)
    page.locator("#confirm-no").click()
    context.set_offline(True)
    answer(page, "B")
    expect(page.locator("#save-words")).to_contain_text("No network")
    faults["offline"] = violations(page)
    context.set_offline(False)
    attempt.pause()
    attempt.notices.append({"id": 2, "kind": "pause", "text": "考试暂停"})
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#cover")).to_be_visible()
    expect(page.locator("#notices .notice-caution")).to_be_visible()
    faults["paused"] = violations(page)
    attempt.resume()
    attempt.close("proctor")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#receipt")).to_be_visible()
    faults["receipt"] = violations(page)
    assert {state: found for state, found in faults.items() if found} == {}


# ---------------------------------------------------------------- before the paper


def test_the_waiting_room_turns_to_the_paper_by_itself(context, harness, attempt):
    attempt.started = attempt.checked_in = False
    page = context.new_page()
    page.on("pageerror", fail)
    page.goto(f"{harness.address}/exam/waiting")
    expect(page.locator("#state-words")).to_have_text("Waiting for the check-in")
    expect(page.locator("#checks li.is-good")).to_have_count(4)
    expect(page.locator("#countdown")).to_have_text(re.compile(r"12:3\d"))
    for key in ["a", "ArrowRight", "b", "d", "ArrowRight", "1", "ArrowRight", "m"]:
        page.keyboard.press(key)
    expect(page.locator("#try-count")).to_have_text("Tried 4 / 4")
    assert violations(page) == []
    attempt.checked_in = True
    expect(page.locator("#state-words")).to_have_text("Checked in, waiting for the start")
    attempt.started = True
    expect(page.locator("#item-number")).to_have_text("Item 1")
    assert attempt.steps == {}


def test_who_waits_for_the_check_in_while_others_write_is_not_told_of_a_start_to_come(context, harness, attempt):
    attempt.started, attempt.checked_in = True, False
    page = context.new_page()
    page.goto(f"{harness.address}/exam/waiting")
    expect(page.locator("#state-words")).to_have_text("The examination has begun; waiting for the check-in")
    expect(page.locator("#countdown")).to_have_text("The examination has begun")
    expect(page.locator("#countdown-title")).to_be_hidden()
    expect(page.locator("#countdown-how")).to_be_hidden()


def test_the_way_from_the_sign_in_to_the_waiting_room(context, harness):
    page = context.new_page()
    page.goto(f"{harness.address}/exam/sign-in")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("[data-summary]")).to_be_focused()
    assert violations(page) == []
    page.get_by_label("Ticket number").fill("2611 0230 1003 1704")
    page.get_by_label("ID number").fill("150102199001010015")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Something is wrong")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Something is wrong").click()
    expect(page.locator(".notice")).to_contain_text("The proctor has been called.")
    page.get_by_role("button", name="All is right").click()
    expect(page).to_have_url(f"{harness.address}/exam/paper")


def test_a_seat_is_bound_by_its_code(context, harness):
    page = context.new_page()
    page.goto(f"{harness.address}/exam/seat")
    assert violations(page) == []
    page.get_by_label("Seat code").fill("123456")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{harness.address}/exam/sign-in")


def test_a_hand_in_that_was_called_off_is_not_taken_up_again_by_the_next_question(page, context, attempt):
    saved(page)
    context.set_offline(True)
    hand_in(page)
    expect(page.locator("#confirm-state")).to_contain_text("not handed in yet")
    page.locator("#confirm-no").click()
    context.set_offline(False)
    page.locator("#hand-in").click()
    page.locator("#review-on").click()
    page.wait_for_timeout(2500)
    assert attempt.receipt is None
