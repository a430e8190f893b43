"""What a case works with: processes, the jar, and the figures that it finds."""

import dataclasses

from faults_lib.processes import Processes


@dataclasses.dataclass
class Figure:
    name: str
    value: str
    must: str
    holds: bool


class World:
    def __init__(self, name, jar):
        self.name, self.jar = name, jar
        self.processes = Processes(name)
        self.figures = []

    def must(self, name, value, bound, holds):
        """A figure that has to be as `bound` says."""
        self.figures.append(Figure(name, str(value), bound, bool(holds)))

    def equal(self, name, value, wanted):
        self.must(name, value, str(wanted), value == wanted)

    def at_most(self, name, value, most):
        self.must(name, value, "at most %s" % most, value <= most)

    def at_least(self, name, value, least):
        self.must(name, value, "at least %s" % least, value >= least)

    def note(self, name, value):
        """A figure that may be anything."""
        self.figures.append(Figure(name, str(value), "", True))
