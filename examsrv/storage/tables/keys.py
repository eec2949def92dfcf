"""Answer keys, apart from everything that delivers. Imported by marking and by the bank's import only."""

from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from examsrv.storage.tables.base import Base


class ItemKeyRow(Base):
    """An item version's key, rationale and samples."""

    __tablename__ = "item_key"
    digest: Mapped[str] = mapped_column(primary_key=True)
    secret: Mapped[dict[str, Any]]


class PaperKeyRow(Base):
    """A paper's key: item number to item version, marks, section and key in the paper's own option ids."""

    __tablename__ = "paper_key"
    paper: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    secret: Mapped[dict[str, Any]]
