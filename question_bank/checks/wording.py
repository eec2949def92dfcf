"""Objections to words: stems that are no question, 以上都对 and its kin, hidden negations, absolute words."""

import re

from question_bank.item import Item
from question_bank.kinds.multiple_choice import MULTIPLE_CHOICE
from question_bank.kinds.single_choice import SINGLE_CHOICE
from question_bank.kinds.true_false import TRUE_FALSE
from question_bank.message import N_, Fault, Message
from question_bank.pack import Pack

GUESSABLE = frozenset({SINGLE_CHOICE.name, MULTIPLE_CHOICE.name})
"""The kinds whose options can give the key away by their words."""
BLANK = re.compile(r"（\s*）")
CATCH_ALL = re.compile(
    r"(^|[，；：])(以上|以下|上述|前述)(.{0,6}[都均皆全]|(各项|[二两三四]项|选项|说法|情形|内容)$)"
    r"|[都全均皆](正确|不正确|不对|对|错|是|不是)$"
    r"|(?<![A-Za-z])[A-E]\s*[和与及、]\s*[A-E](?![A-Za-z])"
)
"""以上都对, 以上皆非, 上述均不正确, A 和 B and the like."""
EMPHASIS = re.compile(r"\*\*.+?\*\*")
NEGATION = re.compile(
    r"(不属于|不包括|不包含|不正确|错误|有误|不符合|不合|不恰当|不妥|不当|不合理|不应|不得|不能|不宜|不需要|无需|不必|不可以)"
    r"([^，。；：]{0,100}的(是|有|为|一项|做法|行为|说法|情形)|的?（)"
)
"""A negation inside what is asked: 下列不属于…的是（　　）. A negation of the situation told before is none. No clause has 100 characters."""
ABSOLUTE = re.compile(
    r"一定(?!比例|期限|期间|金额|程度|条件|范围|数量|时间|额度|幅度|时期|规模|的)|必须|必然|所有(?!权|者|人|制)|任何|一律|从不|永远|唯一|绝对(?!值|额|数)"
    r"|完全(?!民事行为能力|竞争)|只要(?:(?!就|只要)[^，。])*+(?:，(?:(?!就|只要)[^，。])*+)?就|全部"
)
"""Words that let people guess; the terms that merely contain one (所有权, 一定期限, 绝对值, 完全民事行为能力) are free.

A second 只要 before 就 begins anew: a long text is gone over once."""


def check_stem_forms(pack: Pack) -> list[Fault]:
    """A stem to choose from has one blank （　　） or ends in ？; a statement ends in 。 and has no blank; other kinds are asked in any way."""
    return [Fault(f"{item.id}.stem", Message(N_("The stem is neither a question nor a statement"))) for item in pack.items if not _is_stem(item)]


def _is_stem(item: Item) -> bool:
    blanks, stem = len(BLANK.findall(item.stem)), item.stem.rstrip()
    if item.kind == TRUE_FALSE.name:
        return blanks == 0 and stem.endswith(("。", "。”"))
    if item.kind not in GUESSABLE:
        return True
    return blanks == 1 or (blanks == 0 and stem.endswith("？"))


def check_catch_all_options(pack: Pack) -> list[Fault]:
    """No option speaks about the other options."""
    text = N_("The option speaks about other options: %(text)s")
    return [
        Fault(f"{item.id}.options.{option.letter}", Message(text, {"text": option.text}))
        for item in pack.items
        if item.kind in GUESSABLE
        for option in item.options
        if CATCH_ALL.search(option.text)
    ]


def check_negative_stems(pack: Pack) -> list[Fault]:
    """A negation in what is asked is emphasised: `**不**属于`."""
    faults = []
    for item in pack.items:
        found = NEGATION.search(EMPHASIS.sub("", item.stem)) if item.kind in GUESSABLE else None
        if found:
            faults.append(Fault(f"{item.id}.stem", Message(N_("The negation %(word)s is not emphasised"), {"word": found[1]})))
    return faults


def check_absolute_words(pack: Pack) -> list[Fault]:
    """No option and no true/false statement contains a word that gives it away."""
    faults = []
    for item in pack.items:
        for place, text in _answering_texts(item):
            if found := ABSOLUTE.search(text):
                faults.append(Fault(place, Message(N_("Absolute word: %(word)s"), {"word": found.group()})))
    return faults


def _answering_texts(item: Item) -> list[tuple[str, str]]:
    if item.kind == TRUE_FALSE.name:
        return [(f"{item.id}.stem", item.stem)]
    return [(f"{item.id}.options.{option.letter}", option.text) for option in item.options if item.kind in GUESSABLE]
