"""What is said about the agreement of examiners: values for pages and files. Figures are in marks unless they say otherwise."""

from dataclasses import dataclass
from decimal import Decimal

from examsrv.measurement.estimate import Estimate, NoFigure
from examsrv.measurement.intraclass import Form
from examsrv.measurement.totals import IncompleteTotal
from question_bank.message import Message


@dataclass(frozen=True, slots=True)
class ScriptDifference:
    """One point of the plot, in marks: an examiner's mark of a script, the mean mark of the others, and the first less the second."""

    script: str
    mark: float
    others: float
    difference: float


@dataclass(frozen=True, slots=True)
class Severity:
    """How an examiner marks against the mean of the others on the same scripts, in marks; more than 0 is lenient.

    `limits_of_agreement`: between them 95 % of the differences lie; None with fewer than two scripts. `flag` is a sentence only where the
    difference is clear: at least six scripts, and significant among all examiners compared.
    """

    examiner: str
    difference: Estimate | NoFigure
    standard_error: float | None
    limits_of_agreement: tuple[float, float] | None
    by_script: tuple[ScriptDifference, ...]
    flag: Message | None


@dataclass(frozen=True, slots=True)
class PanelAgreement:
    """The six coefficients for examiners and the scripts that all of them have marked."""

    examiners: tuple[str, ...]
    scripts: tuple[str, ...]
    coefficients: dict[Form, Estimate | NoFigure]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement in one criterion, or in the totals (`criterion` is None), out of `full` marks.

    `is_complete`: every examiner has marked every script; then there is one panel. Else there is one for each set of examiners, the one with
    most scripts first, and `alpha` (Krippendorff, interval) is the figure for all of them together.
    """

    criterion: str | None
    full: Decimal
    scripts: int
    marks: int
    is_complete: bool
    panels: tuple[PanelAgreement, ...]
    alpha: Estimate | NoFigure
    examiners: tuple[Severity, ...]


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """Agreement in each criterion, in the order in which the ratings name them, and in the totals; and which totals could not be formed."""

    confidence: float
    scripts: int
    examiners: tuple[str, ...]
    marks: int
    criteria: tuple[Agreement, ...]
    total: Agreement | NoFigure
    incomplete_totals: tuple[IncompleteTotal, ...]
