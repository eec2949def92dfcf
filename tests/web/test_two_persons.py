"""What needs two persons: sealing papers, and applying a marking run. The first proposes; another one signs in anew for just this content."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from examsrv.services import marking_runs, papers
from examsrv.services.signing_in import FREE_MISSES
from examsrv.storage.tables import ApprovalRow, AttemptRow, AuditRow, PackRow, PaperKeyRow, PaperRow, PersonRow, RunRow
from tests.builders import OFFICE, PASSWORD, at
from tests.web.access_cells import Identity, ask, identities
from tests.web.two_sites import TwoSites, two_sites

FIRST, SECOND = "admin", "admin-too"


class Act:
    """A protected act on one subject; `first` proposes it in a browser in which nobody else ever signs in."""

    def __init__(self, made: TwoSites, first: Identity) -> None:
        self.made, self.first = made, first

    propose_at, approve_at, withdraw_at, name = "", "", "", ""
    subject: dict[str, int]

    def propose(self) -> None:
        assert ask(self.made, self.first, self.propose_at, self.subject, "POST").status_code == 302

    def withdraw(self) -> None:
        assert ask(self.made, self.first, self.withdraw_at, self.subject, "POST").status_code == 302

    def shown(self) -> str:
        """Return the digest on the page that the second person sees."""
        return re.search(r'name="digest"[^>]*value="([0-9a-f]{64})"', ask(self.made, self.first, self.approve_at, self.subject, "GET").text).group(1)

    def approve(self, login: str = SECOND, password: str = PASSWORD, digest: str | None = None) -> int:
        form = {"login": login, "password": password, "digest": self.shown() if digest is None else digest}
        return ask(self.made, self.first, self.approve_at, self.subject, "POST", **form).status_code


class Sealing(Act):
    propose_at, approve_at, withdraw_at, name = "admin.propose_seal", "admin.seal_papers", "admin.withdraw_seal", "paper.seal"

    def __init__(self, made: TwoSites, first: Identity) -> None:
        super().__init__(made, first)
        self.subject = {"number": made.drawn}
        self.subject_name = f"form_set/{made.drawn}"

    def digest(self) -> str:
        with self.made.database.reading() as session:
            return papers.form_set(session, self.made.drawn).digest

    def is_done(self) -> bool:
        with self.made.database.reading() as session:
            return papers.form_set(session, self.made.drawn).is_sealed

    def change(self) -> None:
        """Change a key, as somebody could who has the database."""
        with self.made.database.writing() as session:
            paper = session.scalars(select(PaperRow.digest).where(PaperRow.form_id == self.made.forms[self.made.drawn][1])).one()
            session.execute(update(PaperKeyRow).where(PaperKeyRow.paper == paper).values(digest="0" * 64))


class Applying(Act):
    propose_at, approve_at, withdraw_at, name = "admin.propose_run", "admin.apply_run", "admin.withdraw_run", "run.apply"

    def __init__(self, made: TwoSites, first: Identity) -> None:
        super().__init__(made, first)
        self.subject = {"run": made.runs["A"]}
        self.subject_name = f"run/{made.runs['A']}"

    def digest(self) -> str:
        with self.made.database.reading() as session:
            return session.get_one(RunRow, self.made.runs["A"]).digest

    def is_done(self) -> bool:
        with self.made.database.reading() as session:
            return session.get_one(RunRow, self.made.runs["A"]).state == "applied"

    def change(self) -> None:
        """Change what was answered."""
        with self.made.database.writing() as session:
            session.execute(update(AttemptRow).where(AttemptRow.id == self.made.marked["A"].attempts[1][0]).values(head="0" * 64))


@pytest.fixture(scope="module")
def built(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TwoSites, Identity]]:
    file = sqlite_template.with_name("two_persons.db")
    file.write_bytes(sqlite_template.read_bytes())
    with two_sites(f"sqlite:///{file}", tmp_path_factory.mktemp("two_persons")) as made:
        first = next(identity for identity in identities(made) if identity.name == FIRST)
        made.keep()
        yield made, first


@pytest.fixture(params=[Sealing, Applying], ids=["sealing", "applying"])
def act(request: pytest.FixtureRequest, built: tuple[TwoSites, Identity]) -> Act:
    built[0].renew()
    return request.param(*built)


@pytest.fixture
def applying(built: tuple[TwoSites, Identity]) -> Applying:
    built[0].renew()
    return Applying(*built)


def test_two_persons_can_do_it_and_the_audit_names_both(act: Act) -> None:
    act.propose()
    assert act.approve() == 302
    assert act.is_done()
    assert named(act) == [(f"{act.name}.proposed", FIRST), (f"{act.name}.approved", SECOND)]


def test_the_approval_keeps_both_and_the_digest_of_what_they_approved(act: Act) -> None:
    act.propose()
    act.approve()
    with act.made.database.reading() as session:
        row = session.scalars(select(ApprovalRow).where(ApprovalRow.act == act.name)).one()
        people = act.made.people
        assert (row.proposed_by, row.decided_by, row.digest, row.decision) == (people[FIRST], people[SECOND], act.digest(), "approved")


def test_one_person_alone_cannot(act: Act) -> None:
    assert act.approve(login=FIRST, digest=act.digest()) in {302, 422}
    assert not act.is_done()


def test_nobody_can_what_nobody_proposed(act: Act) -> None:
    act.approve(digest=act.digest())
    assert not act.is_done()


def test_the_same_person_twice_cannot(act: Act) -> None:
    act.propose()
    assert act.approve(login=FIRST) == 422
    assert not act.is_done()


def test_the_same_name_written_otherwise_is_the_same_person(act: Act) -> None:
    act.propose()
    assert act.approve(login=f" {FIRST.upper()} ") == 422
    assert not act.is_done()


@pytest.mark.parametrize(("login", "password"), [(SECOND, "wrong password"), (SECOND, ""), ("", PASSWORD), ("no-such-person", PASSWORD)])
def test_a_second_person_who_does_not_sign_in_rightly_cannot(act: Act, login: str, password: str) -> None:
    act.propose()
    assert act.approve(login, password) == 422
    assert not act.is_done()


def test_guessing_the_second_persons_password_gets_slow(act: Act) -> None:
    act.propose()
    for _try in range(FREE_MISSES + 1):
        act.approve(password="wrong password")
    assert act.approve() == 422
    assert not act.is_done()


@pytest.mark.parametrize("login", ["proctor-a1", "examiner", "author", "reviewer", "auditor", "newcomer"])
def test_a_second_person_without_the_role_cannot(act: Act, login: str) -> None:
    act.propose()
    assert act.approve(login) == 422
    assert not act.is_done()


def test_a_second_person_of_another_site_cannot(applying: Applying) -> None:
    applying.propose()
    assert applying.approve("admin-b") == 422
    assert not applying.is_done()


def test_a_second_person_of_the_same_site_can(applying: Applying) -> None:
    applying.propose()
    assert applying.approve("admin-a") == 302
    assert applying.is_done()


@pytest.mark.parametrize("change", [{"is_active": False}, {"must_change_password": True}])
def test_a_second_person_whose_account_is_not_in_order_cannot(act: Act, change: dict[str, bool]) -> None:
    with act.made.database.writing() as session:
        session.execute(update(PersonRow).where(PersonRow.login == SECOND).values(**change))
    act.propose()
    assert act.approve() == 422
    assert not act.is_done()


def test_what_was_changed_after_the_proposal_is_refused(act: Act) -> None:
    """The second person still has the page from before the change."""
    act.propose()
    seen = act.shown()
    act.change()
    assert act.approve(digest=seen) == 422
    assert not act.is_done()


def test_what_was_changed_after_the_proposal_is_refused_on_a_fresh_page_too(act: Act) -> None:
    """The second person sees the changed content, but the first never proposed that."""
    act.propose()
    act.change()
    assert act.approve() == 422
    assert not act.is_done()


def test_a_run_whose_keys_or_standard_changed_is_refused(applying: Applying) -> None:
    applying.propose()
    with applying.made.database.writing() as session:
        session.execute(update(PackRow).values(standard_digest="0" * 64))
    assert applying.approve() == 422
    assert not applying.is_done()


@pytest.mark.parametrize("digest", ["0" * 64, "", "Z" * 64])
def test_a_digest_of_something_else_is_refused(act: Act, digest: str) -> None:
    act.propose()
    assert act.approve(digest=digest) == 422
    assert not act.is_done()


def test_a_proposal_that_was_taken_back_cannot_be_approved(act: Act) -> None:
    act.propose()
    seen = act.shown()
    act.withdraw()
    act.approve(digest=seen)
    assert not act.is_done()
    assert named(act)[-1] == (f"{act.name}.refused", FIRST)


def test_a_proposal_holds_once(act: Act) -> None:
    act.propose()
    seen = act.shown()
    for _time in range(2):
        act.approve(digest=seen)
    assert [entry for entry, _login in named(act)] == [f"{act.name}.proposed", f"{act.name}.approved"]


def test_a_proposal_for_one_thing_approves_no_other(applying: Applying) -> None:
    """The run of site B is proposed by nobody."""
    applying.propose()
    other = Applying(applying.made, applying.first)
    other.subject = {"run": applying.made.runs["B"]}
    other.approve(digest=applying.digest())
    with applying.made.database.reading() as session:
        assert session.get_one(RunRow, applying.made.runs["B"]).state == "preview"


def test_a_run_that_somebody_cancelled_cannot_be_applied(applying: Applying) -> None:
    applying.propose()
    seen = applying.shown()
    with applying.made.database.writing() as session:
        marking_runs.cancel(session, applying.made.runs["A"], OFFICE, at())
    applying.approve(digest=seen)
    assert not applying.is_done()


def named(act: Act) -> list[tuple[str, str]]:
    """Return what the audit says of the act: which entries, by whom."""
    with act.made.database.reading() as session:
        query = select(AuditRow.act, PersonRow.login).outerjoin(PersonRow, PersonRow.id == AuditRow.person_id).order_by(AuditRow.number)
        wanted = query.where(AuditRow.subject == act.subject_name, AuditRow.act.startswith(f"{act.name}."))
        return [(row.act, row.login) for row in session.execute(wanted)]
