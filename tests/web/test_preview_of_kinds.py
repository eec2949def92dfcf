"""A form of every kind and a case as those see it who approve it: nothing of the key without the key page, all of it with it."""

from flask import Flask

from examsrv.domain.roles import Role
from examsrv.services import papers
from examsrv.web.server import Server
from question_bank.kinds import KINDS
from tests.builders import add_paper, csrf_of
from tests.question_bank.every_kind import CASE, every_item, item_of_kind
from tests.web.visitors import staff

KEPT_FROM_CANDIDATES = ("信用期", "DSO", "可疑", "136", "核对", "致某厂")


def test_every_kind_and_case_is_shown_and_its_key_on_the_key_page_only(app: Flask, server: Server) -> None:
    items = [*every_item(), item_of_kind("table", "C-1", CASE), item_of_kind("true_false", "C-2", CASE)]
    with server.database.writing() as session:
        _digest, number = add_paper(session, items)
        form = papers.form_set(session, number).forms[0].id
    office = staff(app, server, "office", (Role.ADMINISTRATOR, None))
    page = f"/admin/papers/{number}/forms/{form}"
    plain = office.get(page).get_data(as_text=True)
    keyed = office.post(f"{page}/key", data={"csrf_token": csrf_of(office, page)}).get_data(as_text=True)
    for text in (plain, keyed):
        assert text.count('<li class="stack-tight" id="item-') == len(KINDS) + 2
        assert CASE.title in text
        assert text.count('<table class="fill">') == 2
        assert "逾期 90 天" in text
    assert [words for words in KEPT_FROM_CANDIDATES if words in plain] == []
    assert [words for words in KEPT_FROM_CANDIDATES if words not in keyed] == []
