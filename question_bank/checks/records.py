"""Objections to what is recorded with an item: id, key, figures, rationale, samples, enemies, second check."""

from collections import Counter
from collections.abc import Collection

from question_bank.item import Case, Item
from question_bank.kinds import KINDS, PartialCredit, Scoring
from question_bank.message import N_, Fault, Message
from question_bank.pack import Pack
from question_bank.text import faults_of_text, media_of

DIFFICULTIES = range(1, 6)
IMPORTANCES = ("X", "Y", "Z")
"""核心、一般、辅助 of the 鉴定要素细目表."""


def check_ids(pack: Pack) -> list[Fault]:
    """No id names two items."""
    counts = Counter(item.id for item in pack.items)
    text = N_("%(count)d items have this id")
    return [Fault(item_id, Message(text, {"count": count})) for item_id, count in counts.items() if count > 1]


def check_kinds(pack: Pack) -> list[Fault]:
    """Every item can be answered and marked as its kind: no key, several keys, a key that is no option."""
    return [fault for item in pack.items for fault in KINDS[item.kind].validate(item)]


def check_texts(pack: Pack) -> list[Fault]:
    """Every formula can be read, and every picture is there."""
    return [fault for item in pack.items for fault in faults_of_texts(item, pack.media)]


def faults_of_texts(item: Item, media: Collection[str]) -> list[Fault]:
    """Return what of an item's texts would not be shown; `media` are the digests of the pictures that are there."""
    texts = {f"{item.id}.stem": item.stem} | ({f"{item.case.id}.text": item.case.text} if item.case is not None else {})
    faults = [Fault(place, message) for place, text in texts.items() for message in faults_of_text(text)]
    lost = {(place, digest) for place, text in texts.items() for digest in media_of(text) if digest not in media}
    return faults + [Fault(place, Message(N_("The picture %(digest)s is not there"), {"digest": digest})) for place, digest in sorted(lost)]


def check_ranges(pack: Pack) -> list[Fault]:
    """Difficulty is 1 to 5, importance X, Y or Z."""
    faults = []
    for item in pack.items:
        if item.difficulty not in DIFFICULTIES:
            values = {"given": item.difficulty, "least": DIFFICULTIES.start, "most": DIFFICULTIES.stop - 1}
            faults.append(Fault(f"{item.id}.difficulty", Message(N_("%(given)d is not between %(least)d and %(most)d"), values)))
        if item.importance not in IMPORTANCES:
            faults.append(Fault(f"{item.id}.importance", Message(N_("%(given)s is not X, Y or Z"), {"given": item.importance})))
    return faults


def check_rationales(pack: Pack) -> list[Fault]:
    """Every item says why its key is right."""
    return [Fault(f"{item.id}.rationale", Message(N_("The rationale is missing"))) for item in pack.items if not item.rationale.strip()]


def check_samples(pack: Pack) -> list[Fault]:
    """Samples agree with how the kind marks them, and show at least one full and one worthless response."""
    return [fault for item in pack.items for fault in faults_of_samples(item, KINDS[item.kind].sample_policy)]


def faults_of_samples(item: Item, policy: PartialCredit) -> list[Fault]:
    """Return the disagreements of an item's samples with how its kind marks them under `policy`, and which samples are wanted."""
    kind = KINDS[item.kind]
    if kind.scoring is Scoring.EXAMINER:
        text = Message(N_("Only examiners can score an item of this kind; it has no sample responses"))
        return [Fault(f"{item.id}.samples", text)] if item.samples else []
    if kind.validate(item):
        return []  # what cannot be marked at all is told by `check_kinds`
    faults = []
    key = kind.marking_key(item, {option.letter: option.letter for option in item.options})
    for index, sample in enumerate(item.samples):
        earned = kind.fraction(key, sample.answer, policy)
        if earned != sample.fraction:
            values = {"written": str(sample.fraction), "earned": str(earned)}
            faults.append(Fault(f"{item.id}.samples[{index}]", Message(N_("The sample says %(written)s but earns %(earned)s"), values)))
    if not {0, 1} <= {sample.fraction for sample in item.samples}:
        faults.append(Fault(f"{item.id}.samples", Message(N_("One full and one worthless sample response are wanted"))))
    return faults


def check_cases(pack: Pack) -> list[Fault]:
    """A case id names one text, its items are of one level and section, and there are at least two of them."""
    faults = []
    items: dict[Case, list[Item]] = {}
    for item in pack.items:
        if item.case is not None:
            items.setdefault(item.case, []).append(item)
    counts = Counter(case.id for case in items)
    faults += [Fault(case, Message(N_("Two different texts have this case id"))) for case, count in counts.items() if count > 1]
    for case, own in items.items():
        if len(own) == 1:
            faults.append(Fault(case.id, Message(N_("A case has at least two items"))))
        if len({(item.level, item.section) for item in own}) > 1:
            faults.append(Fault(case.id, Message(N_("All items of a case belong to one level and one section"))))
    return faults


def check_enemies(pack: Pack) -> list[Fault]:
    """Enemies exist, are others, and know each other."""
    items = {item.id: item for item in pack.items}
    faults = []
    for item in pack.items:
        for enemy in item.enemies:
            if enemy not in items or enemy == item.id:
                faults.append(Fault(f"{item.id}.enemies", Message(N_("%(enemy)s is no other item of the bank"), {"enemy": enemy})))
            elif item.id not in items[enemy].enemies:
                faults.append(Fault(f"{item.id}.enemies", Message(N_("%(enemy)s does not name this item as its enemy"), {"enemy": enemy})))
    return faults


def check_second_checks(pack: Pack) -> list[Fault]:
    """Every item and task set has a second check of exactly its present content, and every second check is of one that exists."""
    digests: dict[str, set[str]] = {}
    for check in pack.second_checks:
        digests.setdefault(check.subject, set()).add(check.digest)
    faults = []
    for item in pack.items:
        if item.id not in digests:
            faults.append(Fault(item.id, Message(N_("Nobody has checked the item a second time"))))
        elif item.digest not in digests[item.id]:
            faults.append(Fault(item.id, Message(N_("The item was changed after its second check"))))
    for task_set in pack.task_sets:
        if task_set.id not in digests:
            faults.append(Fault(task_set.id, Message(N_("Nobody has checked the task set a second time"))))
        elif task_set.digest not in digests[task_set.id]:
            faults.append(Fault(task_set.id, Message(N_("The task set was changed after its second check"))))
    known = {item.id for item in pack.items} | {task_set.id for task_set in pack.task_sets}
    missing = [subject for subject in digests if subject not in known]
    return faults + [Fault(subject, Message(N_("A second check names an item or a task set that does not exist"))) for subject in missing]
