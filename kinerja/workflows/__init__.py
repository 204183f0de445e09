"""Every document kind as an explicit state machine. `FLOWS` is the registry: kind id -> flow."""

from kinerja.workflows.base import DocumentFlow
from kinerja.workflows.dko import DkoFlow
from kinerja.workflows.k3_review import K3ReviewFlow
from kinerja.workflows.manual import ManualFlow
from kinerja.workflows.matrix import MatrixFlow
from kinerja.workflows.objection import ObjectionFlow
from kinerja.workflows.org_value import OrgValueFlow
from kinerja.workflows.pk import PkFlow
from kinerja.workflows.predicate_review import PredicateReviewFlow
from kinerja.workflows.realisation import IkuRealisationFlow, RealisationFlow
from kinerja.workflows.repair import RepairFlow
from kinerja.workflows.skp import SkpFlow

FLOWS: dict[str, type[DocumentFlow]] = {
    flow.kind: flow
    for flow in (
        SkpFlow,
        RealisationFlow,
        PredicateReviewFlow,
        ObjectionFlow,
        RepairFlow,
        PkFlow,
        DkoFlow,
        MatrixFlow,
        ManualFlow,
        IkuRealisationFlow,
        OrgValueFlow,
        K3ReviewFlow,
    )
}
