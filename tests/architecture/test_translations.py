"""Every sentence of the code has its Chinese, with the same values; the compiled catalogues are made from the written ones."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo

from deploy.build_hook import compile_translations
from tests.architecture.sources import ROOT
from tests.architecture.translations import catalogue_file, read_catalogue, sentences, translation_faults

CHINESE_PUNCTUATION = re.compile("[，。；：（）、！？]")
MISSING = "a.py:3: not translated: %(num)d seat"
OTHER_VALUES = "a.py:3: other values than in the English sentence: "


def said(english: str | tuple[str, str]) -> Catalog:
    """Make the catalogue of a program that says one thing."""
    catalogue = Catalog()
    catalogue.add(english, locations=[("a.py", 3)])
    return catalogue


def translated(english: str | tuple[str, str], chinese: str | tuple[str, ...], *flags: str) -> Catalog:
    """Make a catalogue of one entry."""
    catalogue = Catalog(locale="zh_CN")
    catalogue.add(english, chinese, flags=flags)
    return catalogue


def test_every_sentence_is_translated() -> None:
    assert translation_faults(sentences(), read_catalogue(catalogue_file())) == []


def test_sentences_of_python_and_of_templates_are_found(tmp_path: Path) -> None:
    (tmp_path / "blueprints/public").mkdir(parents=True)
    (tmp_path / "blueprints/public/page.html").write_text("{{ _('Save') }}{% trans %}Hand in{% endtrans %}")
    (tmp_path / "blueprints/public/page.py").write_text("lazy_gettext('Start')\nngettext('seat', 'seats', 1)\nMessage(N_('Stop'))")
    (tmp_path / "pyproject.toml").write_text((catalogue_file().parents[4] / "pyproject.toml").read_text())
    assert {message.id for message in sentences(tmp_path) if message.id} == {"Save", "Hand in", "Start", ("seat", "seats"), "Stop"}


@pytest.mark.parametrize(
    ("english", "chinese", "fault"),
    [
        ("Save", "", "a.py:3: not translated: Save"),
        (("%(num)d seat", "%(num)d seats"), ("",), MISSING),
        ("Seat %(seat)s", "座位 %(set)s", f"{OTHER_VALUES}Seat %(seat)s -> 座位 %(set)s"),
        ("Seat %(seat)s", "座位 %(seat)d", f"{OTHER_VALUES}Seat %(seat)s -> 座位 %(seat)d"),
        (("%(num)d seat", "%(num)d seats"), ("座位",), f"{OTHER_VALUES}%(num)d seat -> 座位"),
        ("At most 20 percent", "最多 20%", "a.py:3: a % that the English sentence has not: At most 20 percent"),
    ],
)
def test_a_planted_fault_is_reported(english: str | tuple[str, str], chinese: str | tuple[str, ...], fault: str) -> None:
    assert translation_faults(said(english), translated(english, chinese)) == [fault]


def test_a_fuzzy_a_missing_and_an_unused_entry_are_reported() -> None:
    assert translation_faults(said("Save"), translated("Save", "保存", "fuzzy")) == ["a.py:3: marked as fuzzy: Save"]
    assert translation_faults(said("Save"), translated("Stop", "停止")) == ["a.py:3: not translated: Save", "no longer used: Stop"]


@pytest.mark.parametrize(
    ("english", "chinese"),
    [("Save", "保存"), ("100 %", "百分之百"), ("%(a)s of %(b)s", "%(b)s 之 %(a)s"), (("one seat", "%(num)d seats"), ("%(num)d 个座位",))],
)
def test_a_whole_translation_is_left_alone(english: str | tuple[str, str], chinese: str | tuple[str, ...]) -> None:
    assert translation_faults(said(english), translated(english, chinese)) == []


def test_the_compiled_catalogue_is_not_older_than_the_written_one() -> None:
    written = catalogue_file()
    assert written.with_suffix(".mo").stat().st_mtime >= written.stat().st_mtime


def test_compiling_writes_what_is_new_and_leaves_the_rest(tmp_path: Path) -> None:
    written = catalogue_file(tmp_path)
    written.parent.mkdir(parents=True)
    written.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8"\n\nmsgid "Save"\nmsgstr "保存"\n\n#, fuzzy\nmsgid "Stop"\nmsgstr "停"\n'
    )
    assert compile_translations(tmp_path) == [written.with_suffix(".mo")]
    with written.with_suffix(".mo").open("rb") as compiled:
        assert {message.id: message.string for message in read_mo(compiled) if message.id} == {"Save": "保存"}
    assert compile_translations(tmp_path) == []


def test_no_template_writes_chinese_punctuation_itself() -> None:
    """It would stand in English pages too; a mark that languages write differently is a sentence like any other."""
    written = {path.name: CHINESE_PUNCTUATION.findall(path.read_text(encoding="utf-8")) for path in (ROOT / "blueprints").rglob("*.html")}
    assert {name: marks for name, marks in written.items() if marks} == {}
