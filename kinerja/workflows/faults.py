"""What is said of a table that is not sound."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a flow: which flow, where in its table, what is wrong and what mends it."""

    flow: str
    where: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.flow}: {self.where}: {self.what}; {self.remedy}"


class UnsoundFlow(RuntimeError):
    """kinerja refuses to run a table with faults."""

    def __init__(self, faults: Iterable[Fault]):
        self.faults = tuple(faults)
        super().__init__("unsound flows:\n  - " + "\n  - ".join(str(fault) for fault in self.faults))
