"""The skills assessment of the demonstration is ready to be started, each time it is made."""

from itertools import pairwise

from sqlalchemy import func, select

from examsrv.domain.roles import Role
from examsrv.services import assessment_groups, equipping
from examsrv.services.banking import import_pack
from examsrv.services.demonstrating import SITE
from examsrv.services.demonstrating_skills import EXAMINERS, SEATS, make_skills_demonstration
from examsrv.services.inventing import Chance
from examsrv.storage.database import Database
from examsrv.storage.tables import AttemptRow, FormSetRow, PersonRow, RoomRow, SittingRow
from question_bank.pack import Pack
from tests.builders import OFFICE, SECRET, add_person, at, new_key
from tests.panels import make_record, make_task_set
from tests.question_bank.builders import CODE, STANDARD
from tests.services.plans import new_code


def test_a_skills_sitting_is_published_with_its_group_each_time(database: Database) -> None:
    numbers = iter(range(1000))
    chance = Chance(lambda: f"attempt-{next(numbers)}", lambda: next(numbers), new_key, new_code)
    with database.writing() as session:
        other = make_record()["tasks"]
        other[0]["text"] = "另一家公司应收账款余额 120 万元，其中逾期 30 万元。"
        sets = (make_task_set(), make_task_set(id="SET-B", title="题组乙", tasks=other))
        import_pack(session, Pack(CODE, STANDARD, (), (), (), task_sets=sets), OFFICE, at())
        for login in ("admin1", "admin2"):
            add_person(session, login, (Role.ADMINISTRATOR, None))
        equipping.create_site(session, SITE, "", OFFICE, at())
    made = [make_skills_demonstration(database, SECRET, CODE, chance, at()) for _time in range(2)]
    assert [len(each.candidates) for each in made] == [SEATS, SEATS]
    with database.reading() as session:
        sittings = session.scalars(select(SittingRow).order_by(SittingRow.id)).all()
        assert [(each.name, each.is_published) for each in sittings] == [(each.sitting, True) for each in made]
        assert [session.scalar(select(func.count()).select_from(table)) for table in (FormSetRow, RoomRow)] == [1, 1]
        people = session.scalars(select(PersonRow).where(PersonRow.login.like("examiner%")).order_by(PersonRow.login)).all()
        assert [each.is_senior_examiner for each in people] == [is_senior for *_names, is_senior in EXAMINERS]
        (group,) = assessment_groups.groups_of_sitting(session, sittings[1].id)
        assert (group.candidates, len(group.members), len(group.reserves), group.lead) == (SEATS, 3, 2, people[0].id)
        papers = session.scalars(select(AttemptRow.paper).where(AttemptRow.sitting_id == sittings[1].id).order_by(AttemptRow.seat)).all()
    assert len(set(papers)) == 2
    assert all(one != behind for one, behind in pairwise(papers[:4]))
