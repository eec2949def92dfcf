"""Hostile and broken XML is refused in words, at once; Chinese encodings are read."""

import time
import tracemalloc

import pytest

from question_bank.formats import xml_reading
from question_bank.formats.xml_reading import NotReadableError, read_xml, text_of

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
HOSTILE = {
    "entity": (b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', "DOCTYPE"),
    "external entity": (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>', "DOCTYPE"),
    "parameter entity": (b'<!DOCTYPE a [<!ENTITY % e SYSTEM "http://127.0.0.1:9/x.dtd">%e;]><a/>', "DOCTYPE"),
    "external subset": (b'<!DOCTYPE html SYSTEM "http://127.0.0.1:9/x.dtd"><html/>', "DOCTYPE"),
    "billion laughs": (f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><a>&l9;</a>'.encode(), "DOCTYPE"),
    "quadratic blowup": (f'<!DOCTYPE a [<!ENTITY e "{"x" * 100_000}">]><a>{"&e;" * 50_000}</a>'.encode(), "DOCTYPE"),
    "behind comments": (b"<!-- a --> <?x y?>\n<!-- b --><!DOCTYPE a><a/>", "DOCTYPE"),
    "in UTF-16": ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'.encode("utf-16"), "DOCTYPE"),
    "in UTF-16 without a mark": ("<!DOCTYPE a><a/>".encode("utf-16-le"), "DOCTYPE"),
    "in lower case": (b"<!doctype html><html/>", "DOCTYPE"),
    "undefined entity": (b"<a>&nbsp;</a>", "This is not XML"),
    "XInclude": (b'<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="/etc/passwd" parse="text"/></a>', "XInclude"),
    "deep": (b"<a>" * 200 + b"</a>" * 200, "nested"),
    "very deep": (b"<a>" * 200_000 + b"</a>" * 200_000, "nested more than"),
    "many elements": (b"<a>" + b"<b/>" * 700_000 + b"</a>", "more elements"),
    "many attributes": (b"<a " + b" ".join(b'a%d=""' % n for n in range(700_000)) + b"/>", "more elements"),
    "giant attribute": (b'<a b="' + b"x" * 2_000_000 + b'"/>', "longer than"),
    "giant text": (b"<a>" + b"x" * 12_000_000 + b"</a>", "longer than"),
    "too large": (b"<a>" + b" " * xml_reading.BYTES_MOST + b"</a>", "larger than"),
    "lying encoding": ('<?xml version="1.0" encoding="UTF-8"?><a>信用</a>'.encode("gbk"), "but it is not"),
    "half a character": ("<a>信</a>".encode()[:-5], "but it is not"),
    "unknown encoding": (b'<?xml version="1.0" encoding="klingon"?><a/>', "klingon is not read"),
    "UTF-7": (b'<?xml version="1.0" encoding="utf-7"?>+ADwAIQ-DOCTYPE a+AD4-<a/>', "utf-7 is not read"),
    "EBCDIC": (b'<?xml version="1.0" encoding="cp037"?><a/>', "cp037 is not read"),
    "NUL": (b"<a>\0</a>", "This is not XML"),
    "control character": (b"<a>&#8;</a>", "This is not XML"),
    "truncated": (b"<a><b>", "This is not XML"),
    "empty": (b"", "This is not XML"),
    "comment without end": (b"<!-- " * 50_000, "This is not XML"),
    "two roots": (b"<a/><b/>", "This is not XML"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_xml_is_refused_in_words(case: str) -> None:
    content, words = HOSTILE[case]
    start = time.process_time()

    with pytest.raises(NotReadableError, match=words):
        read_xml(content)

    assert time.process_time() - start < 2


def test_a_refusal_of_many_nodes_costs_little_memory() -> None:
    tracemalloc.start()
    with pytest.raises(NotReadableError):
        read_xml(HOSTILE["many elements"][0])
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert most < 64 * 1024 * 1024


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "GBK", "gb2312"])
def test_chinese_is_read_in_the_encodings_of_its_makers(encoding: str) -> None:
    declared = encoding.removesuffix("-sig")
    content = f'<?xml version="1.0" encoding="{declared}"?>\n<a>信用管理师</a>'.encode(encoding)

    assert text_of(read_xml(content)) == "信用管理师"


def test_a_document_type_in_a_text_is_a_text() -> None:
    assert text_of(read_xml(b"<a><![CDATA[<!DOCTYPE html>]]></a>")) == "<!DOCTYPE html>"


def test_comments_and_instructions_are_no_content() -> None:
    assert text_of(read_xml(b'<?xml-stylesheet href="x"?><a>b<!-- c -->d<?e f?></a>')) == "bd"
