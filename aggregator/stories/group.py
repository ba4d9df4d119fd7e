"""Stories of pairs: what hangs together."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Generic, TypeVar

Node = TypeVar("Node", bound=Hashable)
Item = TypeVar("Item")


class Unions(Generic[Node]):
    """Sets that are joined two at a time; every node begins alone."""

    def __init__(self) -> None:
        self._above: dict[Node, Node] = {}

    def find(self, node: Node) -> Node:
        """One node that stands for the whole set."""
        path = []
        while (above := self._above.get(node, node)) != node:
            path.append(node)
            node = above
        for passed in path:
            self._above[passed] = node
        return node

    def join(self, one: Node, other: Node) -> None:
        self._above[self.find(one)] = self.find(other)

    def sets(self, nodes: Iterable[Node]) -> list[list[Node]]:
        """The nodes by sets, in the order in which they are given."""
        found: dict[Node, list[Node]] = {}
        for node in nodes:
            found.setdefault(self.find(node), []).append(node)
        return list(found.values())


def components(items: Sequence[Item], are_same: Callable[[Item, Item], bool]) -> list[list[Item]]:
    """The items by what hangs together; pairs that are together already are not compared."""
    unions: Unions[int] = Unions()
    for place, item in enumerate(items):
        for earlier in range(place):
            if unions.find(earlier) != unions.find(place) and are_same(items[earlier], item):
                unions.join(place, earlier)
    return [[items[place] for place in places] for places in unions.sets(range(len(items)))]
