"""Tables, relations and constraints. Importing this package registers every table."""

from kinerja.models.access import Account, ActivationCode, LoginSession, Throttle
from kinerja.models.audit import AuditHead, AuditRow, Import, ReadLog
from kinerja.models.document import (
    OPEN_STATES,
    STATES,
    WAITS_SINCE,
    Comment,
    Document,
    Idempotency,
    PrintNumber,
    Revision,
    Signature,
    Step,
    is_open,
)
from kinerja.models.evaluation import Calibration, Objection, OrgResult, Review, ReviewRow, ReviewValue
from kinerja.models.monitoring import Evidence, EvidenceLink, Realisation, RealisationItem
from kinerja.models.notices import Notice, Outbox
from kinerja.models.people import (
    DataReport,
    Delegation,
    HeadDecision,
    Person,
    Placement,
    Post,
    ReportingLine,
    RoleAppointment,
    Unit,
)
from kinerja.models.period import DemoClock, Holiday, ParameterOverride, Period, PeriodWindow
from kinerja.models.planning import IndicatorTarget, Skp, SkpIndicator, SkpRow
from kinerja.models.saved_view import SavedView
from kinerja.models.tally import Tally, TallyMark, TallyUnit

__all__ = [
    "OPEN_STATES",
    "STATES",
    "WAITS_SINCE",
    "Account",
    "ActivationCode",
    "AuditHead",
    "AuditRow",
    "Calibration",
    "Comment",
    "DataReport",
    "Delegation",
    "DemoClock",
    "Document",
    "Evidence",
    "EvidenceLink",
    "HeadDecision",
    "Holiday",
    "Idempotency",
    "Import",
    "IndicatorTarget",
    "LoginSession",
    "Notice",
    "Objection",
    "OrgResult",
    "Outbox",
    "ParameterOverride",
    "Period",
    "PeriodWindow",
    "Person",
    "Placement",
    "Post",
    "PrintNumber",
    "ReadLog",
    "Realisation",
    "RealisationItem",
    "ReportingLine",
    "Review",
    "ReviewRow",
    "ReviewValue",
    "Revision",
    "RoleAppointment",
    "SavedView",
    "Signature",
    "Skp",
    "SkpIndicator",
    "SkpRow",
    "Step",
    "Tally",
    "TallyMark",
    "TallyUnit",
    "Throttle",
    "Unit",
    "is_open",
]
