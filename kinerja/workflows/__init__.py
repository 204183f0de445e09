"""Every document kind as an explicit state machine. `FLOWS` is the registry: kind id -> flow."""

from kinerja.workflows.base import DocumentFlow
from kinerja.workflows.skp import SkpFlow

FLOWS: dict[str, type[DocumentFlow]] = {flow.kind: flow for flow in (SkpFlow,)}
