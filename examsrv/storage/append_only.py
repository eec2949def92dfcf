"""Tables that are only ever added to: triggers refuse UPDATE and DELETE, an INSERT over an existing key, and on PostgreSQL TRUNCATE."""

from collections.abc import Iterator, Sequence

from sqlalchemy import PrimaryKeyConstraint, Table, UniqueConstraint

from examsrv.storage.tables import (
    AdjudicationRow,
    AuditRow,
    Base,
    EntryRow,
    HearingEntryRow,
    IncidentRow,
    ItemEventRow,
    ItemLookRow,
    ItemMarkRow,
    PanelQuestionRow,
    QuarantinedStepRow,
    ReopeningRow,
    ReserveCallRow,
    ResultRow,
    SpecificationVersionRow,
    StepRow,
    TimeEntryRow,
)

ROWS = (
    AdjudicationRow,
    AuditRow,
    ReserveCallRow,
    EntryRow,
    HearingEntryRow,
    IncidentRow,
    ItemEventRow,
    ItemLookRow,
    ItemMarkRow,
    PanelQuestionRow,
    QuarantinedStepRow,
    ReopeningRow,
    ResultRow,
    SpecificationVersionRow,
    StepRow,
    TimeEntryRow,
)
APPEND_ONLY = tuple(row.__tablename__ for row in ROWS)

POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION examsrv_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME; END $$
"""


def trigger_statements(dialect: str, names: Sequence[str]) -> Iterator[str]:
    """Yield the statements that make the named tables append-only on `dialect` (sqlite or postgresql)."""
    tables = [Base.metadata.tables[name] for name in names]
    if dialect == "postgresql":
        yield POSTGRESQL_FUNCTION
        for table in tables:
            yield from _postgresql(table)
    else:
        for table in tables:
            yield from _sqlite(table)


def _sqlite(table: Table) -> Iterator[str]:
    name = table.name
    refusal = f"SELECT RAISE(ABORT, 'table {name} is append-only')"
    keys = [constraint.columns for constraint in table.constraints if isinstance(constraint, PrimaryKeyConstraint | UniqueConstraint)]
    spelled = sorted(" AND ".join(f"{column.name} = NEW.{column.name}" for column in key) for key in keys)
    same_key = " OR ".join(f"({key})" for key in spelled)  # REPLACE drops the row that has any of its keys
    yield f"CREATE TRIGGER {name}_no_update BEFORE UPDATE ON {name} BEGIN {refusal}; END"
    yield f"CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {name} BEGIN {refusal}; END"
    once = f"EXISTS (SELECT 1 FROM {name} WHERE {same_key})"  # noqa: S608 -- table and column names of our own
    yield f"CREATE TRIGGER {name}_no_replace BEFORE INSERT ON {name} WHEN {once} BEGIN {refusal}; END"


def _postgresql(table: Table) -> Iterator[str]:
    name = table.name
    for act in ("UPDATE", "DELETE"):
        yield f"CREATE TRIGGER {name}_no_{act.lower()} BEFORE {act} ON {name} FOR EACH ROW EXECUTE FUNCTION examsrv_append_only()"
    yield f"CREATE TRIGGER {name}_no_truncate BEFORE TRUNCATE ON {name} FOR EACH STATEMENT EXECUTE FUNCTION examsrv_append_only()"
