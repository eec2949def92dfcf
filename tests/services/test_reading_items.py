"""A stranger's file of items: items come out, or one sentence, whatever happens to the process that reads it."""

import sys

import pytest

from examsrv.services.item_file_child import ANSWER_BYTES, MEMORY_BYTES, OUT_OF_MEMORY
from examsrv.services.reading_items import BROKEN_OFF, TOO_BIG_INSIDE, TOO_SLOW, answer_of, read_item_file
from question_bank.formats.yaml_bank import write_items
from question_bank.item import Case
from question_bank.message import ExamError
from tests.question_bank.builders import make_item

LIMITED = "import sys, os, signal; from examsrv.services.item_file_child import set_limits; set_limits(); "


def reader(program: str) -> list[str]:
    return [sys.executable, "-I", "-c", LIMITED + program]


def refusal(name: str, content: bytes, format_name: str | None = None) -> str:
    with pytest.raises(ExamError) as refused:
        read_item_file(name, content, format_name)
    return str(refused.value)


def test_items_with_their_case_come_out_as_they_went_in() -> None:
    case = Case("C-1", "赊销", "甲公司向乙公司赊销。")
    items = [make_item("S-1", case=case), make_item("S-2", case=case), make_item("S-3", key=True, kind="true_false")]
    read = read_item_file("题库.yaml", write_items(items).encode())
    assert (read.format, list(read.reading.items), read.reading.faults) == ("yaml", items, ())


def test_the_faults_of_the_items_come_out_with_the_values_of_their_sentences() -> None:
    read = read_item_file("bank.yml", write_items([make_item()]).replace("difficulty: 3", "difficulty: hard").encode())
    assert [str(fault) for fault in read.reading.faults] == ["bank.yml: S-1.difficulty (line 6): A whole number is wanted, not hard"]


@pytest.mark.parametrize(
    ("name", "content", "format_name", "said"),
    [
        ("bank.pdf", b"%PDF", None, "Files of this kind are not read here"),
        ("bank", b"- id: 1", None, "Files of this kind are not read here"),
        ("bank.yaml", b"- id: 1", "riddle", "There is no format riddle"),
        ("bank.yaml", b" \n", None, "The file is empty"),
        ("bank.yaml", bytes(32 * 1024 * 1024 + 1), None, "The file is larger than 32 MB"),
    ],
)
def test_what_need_not_be_opened_is_refused_before(name: str, content: bytes, format_name: str | None, said: str) -> None:
    assert said in refusal(name, content, format_name)


@pytest.mark.parametrize(
    ("program", "said"),
    [
        (f"bytearray({MEMORY_BYTES})", BROKEN_OFF),
        (f"sys.exit({OUT_OF_MEMORY})", TOO_BIG_INSIDE),
        (f"sys.stdout.write('9' * ({ANSWER_BYTES} + 1))", BROKEN_OFF),
        ("os.kill(os.getpid(), signal.SIGSEGV)", BROKEN_OFF),
        ("os.kill(os.getpid(), signal.SIGKILL)", TOO_SLOW),
        ("open('/etc/passwd', 'rb'); [os.dup(0) for _ in range(8)]", BROKEN_OFF),
        ("print('{')", BROKEN_OFF),
        ("pass", BROKEN_OFF),
        ("import time; time.sleep(60)", TOO_SLOW),
    ],
)
def test_whatever_becomes_of_the_reader_is_one_sentence(program: str, said: object) -> None:
    with pytest.raises(ExamError) as refused:
        answer_of(reader(program), b"x" * 1_000_000)
    assert refused.value.message == said


MOODLE = """<quiz><question type="truefalse"><name><text>Q1</text></name><questiontext format="html"><text>问</text></questiontext>
<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer></question></quiz>""".encode()
TAGS = {"level": "L3", "section": "collection", "point": "L3.K3.2.3", "difficulty": 3, "importance": "X"}


def test_what_a_file_of_another_maker_lacks_is_said_by_who_sends_it() -> None:
    read = read_item_file("quiz.xml", MOODLE, defaults=TAGS)

    assert read.format == "moodle"
    assert [(item.level, item.difficulty) for item in read.reading.items] == [("L3", 3)]


def test_a_file_is_told_about_in_its_own_format() -> None:
    read = read_item_file("quiz.xml", MOODLE)

    assert (read.format, read.reading.items) == ("moodle", ())
    assert "The file does not say: level, section" in str(read.reading.faults[0])
