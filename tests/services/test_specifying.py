"""Specifications: their versions, the usual one, what two windows do, and what importing the pack again leaves alone."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from examsrv.domain.specification import FaultySpecificationError, Target
from examsrv.services import specifying
from examsrv.services.banking import import_pack
from examsrv.services.importing_specifications import import_specifications
from examsrv.storage.database import Database
from examsrv.storage.tables import AuditRow
from question_bank.message import ExamError
from tests.services.shipped_bank import OFFICE, shipped
from tests.services.sittings_to_mark import BEGIN, COMPONENT, LEVEL, PACK, add_standard

OTHER = "A/B 卷"


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    """A database in which one level has a specification."""
    database = Database(database_url)
    with database.writing() as opened:
        add_standard(opened, "theory-level-3.yaml")
        yield opened
    database.close()


def usual(session: Session) -> specifying.SpecificationLine:
    return specifying.usual_specification(session, PACK, LEVEL, COMPONENT)


def save(session: Session, **values: object) -> int:
    line = usual(session)
    return specifying.save_specification(session, line.id, line.version, replace(line.specification, **values), OFFICE, BEGIN)


def acts(session: Session) -> list[str]:
    return list(session.scalars(select(AuditRow.act).order_by(AuditRow.number)))


def test_the_packs_specification_is_the_usual_one(session: Session) -> None:
    line = usual(session)
    assert (line.version, line.by, line.sets, line.specification.items) == (1, None, 0, 100)


def test_saving_makes_a_version_and_keeps_the_one_before(session: Session) -> None:
    assert save(session, minutes=120) == 2
    assert [(each.number, each.specification.minutes) for each in specifying.versions_of(session, usual(session).id)] == [(2, 120), (1, 90)]
    assert acts(session)[-1] == "specification.saved"


def test_saving_what_stands_there_makes_no_version(session: Session) -> None:
    assert save(session) == 1
    assert acts(session) == []


def test_every_value_comes_back_as_it_was_saved(session: Session) -> None:
    target = Target((Decimal(-1), Decimal("0.5")), None, (Decimal("12.5"), Decimal(20)), Decimal("0.2"))
    more = {"point_share": Decimal("0.5"), "exposure_max": Decimal("0.12"), "overlap_max": 25, "cases": 1, "target": target}
    save(session, name="含“引号”与: 冒号 #1", lower_level_share=Decimal("0.2"), **more)
    found = usual(session).specification
    assert (found.name, found.lower_level_share, {name: getattr(found, name) for name in more}) == ("含“引号”与: 冒号 #1", Decimal("0.2"), more)


def test_two_windows_never_overwrite_each_other(session: Session) -> None:
    line = usual(session)
    save(session, minutes=120)
    with pytest.raises(specifying.SavedMeanwhileError, match="Version 2 was saved meanwhile"):
        specifying.save_specification(session, line.id, line.version, replace(line.specification, minutes=100), OFFICE, BEGIN)
    assert usual(session).specification.minutes == 120


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"minutes": 89}, "minutes"),
        ({"lower_level_share": Decimal("0.201")}, "lower_level_share"),
        ({"difficulty": (10, 30, 35, 20, 6)}, "difficulty"),
        ({"point_share": Decimal("1.01")}, "point_share"),
    ],
)
def test_what_contradicts_the_standard_or_itself_is_refused(session: Session, values: dict[str, object], place: str) -> None:
    with pytest.raises(FaultySpecificationError) as refusal:
        save(session, **values)
    assert refusal.value.faults[0].place.startswith(place)
    assert usual(session).version == 1


@pytest.mark.parametrize("values", [{"minutes": 90}, {"lower_level_share": Decimal("0.2")}])
def test_the_edge_itself_is_accepted(session: Session, values: dict[str, object]) -> None:
    save(session, **values)


def test_kinds_whose_marks_are_not_the_full_mark_are_refused(session: Session) -> None:
    kinds = usual(session).specification.kinds
    with pytest.raises(FaultySpecificationError, match="the full mark is 100"):
        save(session, kinds=(replace(kinds[0], items=59), *kinds[1:]), difficulty=(10, 30, 35, 20, 4))


def test_level_and_component_stay_whatever_is_sent(session: Session) -> None:
    save(session, minutes=120, level="L1", component="skills", occupation="0-00-00-00")
    found = usual(session).specification
    assert (found.level, found.component, found.occupation) == (LEVEL, COMPONENT, PACK)


@pytest.mark.parametrize("name", ["", "  ", "长" * 61])
def test_a_name_that_is_none_is_refused(session: Session, name: str) -> None:
    with pytest.raises(ExamError, match="1 to 60 characters"):
        save(session, name=name)


def test_a_copy_has_a_name_of_its_own_and_is_not_usual(session: Session) -> None:
    line = usual(session)
    with pytest.raises(ExamError, match="is called"):
        specifying.copy_specification(session, line.id, line.name, OFFICE, BEGIN)
    copy = specifying.line_of(session, specifying.copy_specification(session, line.id, OTHER, OFFICE, BEGIN))
    assert (copy.is_usual, copy.version, copy.name) == (False, 1, OTHER)
    assert replace(copy.specification, name=line.name) == line.specification


def test_only_one_of_a_level_is_usual_and_it_is_not_retired_before_another_is(session: Session) -> None:
    first = usual(session)
    other = specifying.copy_specification(session, first.id, OTHER, OFFICE, BEGIN)
    with pytest.raises(ExamError, match="usual specification of its level"):
        specifying.retire_specification(session, first.id, OFFICE, BEGIN)
    specifying.make_usual(session, other, OFFICE, BEGIN)
    specifying.retire_specification(session, first.id, OFFICE, BEGIN)
    assert usual(session).id == other
    assert [(line.id, line.is_retired) for line in specifying.specification_lines(session)] == [(other, False), (first.id, True)]
    with pytest.raises(ExamError, match="out of use"):
        specifying.save_specification(session, first.id, 1, first.specification, OFFICE, BEGIN)


def test_a_level_without_any_takes_the_revived_one_as_usual(session: Session) -> None:
    line = usual(session)
    specifying.retire_specification(session, line.id, OFFICE, BEGIN)
    assert specifying.specifications(session, PACK) == []
    specifying.revive_specification(session, line.id, OFFICE, BEGIN)
    assert usual(session).id == line.id


def test_a_level_without_a_specification_gets_a_first_one(session: Session) -> None:
    begun = specifying.first_specification(session, PACK, "L1", "标准卷")
    number = specifying.add_specification(session, PACK, begun, OFFICE, BEGIN)
    assert specifying.usual_specification(session, PACK, "L1", COMPONENT).id == number
    assert acts(session) == ["specification.added"]


def test_importing_again_changes_nothing_that_was_changed_here(session: Session) -> None:
    text = specifying.text_of(session, usual(session).id)
    save(session, minutes=120)
    assert import_specifications(session, PACK, {"theory-level-3.yaml": text.replace("minutes: 90", "minutes: 100")}, OFFICE, BEGIN) == 0
    assert usual(session).specification.minutes == 120


def test_importing_another_content_makes_a_version_where_nobody_changed_anything(session: Session) -> None:
    text = specifying.text_of(session, usual(session).id)
    assert import_specifications(session, PACK, {"theory-level-3.yaml": text + "\n# remark\n"}, OFFICE, BEGIN) == 0
    assert import_specifications(session, PACK, {"theory-level-3.yaml": text.replace("minutes: 90", "minutes: 100")}, OFFICE, BEGIN) == 1
    assert (usual(session).version, usual(session).specification.minutes) == (2, 100)


def test_a_pack_is_imported_with_its_specifications_once(session: Session) -> None:
    import_pack(session, shipped(), OFFICE, BEGIN)
    before = len(specifying.specification_lines(session))
    import_pack(session, shipped(), OFFICE, BEGIN)
    assert len(specifying.specification_lines(session)) == before == len(shipped().specifications)
