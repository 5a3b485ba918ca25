"""How many members of a unit stand how with a plan. Pure."""

from dataclasses import dataclass, field

from learning.completion.standing import NEEDS_HELP, Standing


@dataclass
class Counts:
    """Members of a unit with everything under it, by standing.

    The denominator (应学) is everybody in the plan but those from whom nothing is asked; who studies on paper or with
    the branch stays in it (face README).
    """

    by_standing: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Standing, 0))
    needs_help: int = 0  # beside the sum, never part of it

    def add(self, standing: str, number: int) -> None:
        if standing == NEEDS_HELP:
            self.needs_help += number
        else:
            self.by_standing[Standing(standing)] += number

    def minus(self, others: "list[Counts]") -> "Counts":
        """What is left when the counts of others are taken away."""
        rest = Counts(dict(self.by_standing), self.needs_help)
        for other in others:
            rest.needs_help -= other.needs_help
            for standing, number in other.by_standing.items():
                rest.add(standing, -number)
        return rest

    @property
    def members(self) -> int:
        return sum(self.by_standing.values())

    @property
    def expected(self) -> int:
        return self.members - self.not_required

    @property
    def done(self) -> int:
        return self.by_standing[Standing.DONE]

    @property
    def doing(self) -> int:
        return self.by_standing[Standing.DOING]

    @property
    def todo(self) -> int:
        return self.by_standing[Standing.TODO]

    @property
    def by_branch(self) -> int:
        return self.by_standing[Standing.BY_BRANCH]

    @property
    def not_required(self) -> int:
        return self.by_standing[Standing.NOT_REQUIRED]

    @property
    def bar(self) -> list[tuple[str, int, int]]:
        """Stretches of a bar of 1000: (class, from, width), in the order of the legend."""
        if not self.members:
            return []
        parts = [("a", self.done), ("b", self.doing), ("c", self.todo), ("d", self.by_branch + self.not_required)]
        edges, total = [0], 0
        for _, number in parts:
            total += number
            edges.append(round(1000 * total / self.members))
        stretches = zip(parts, edges, edges[1:], strict=False)
        return [(name, start, end - start) for (name, _), start, end in stretches if end > start]
