"""Gives each tensor of a file its role, by name endings and shapes, whatever the prefix.

A tensor without a role is refused by its name, because it may change what the network computes; so
are two candidates for one role. A `Choice` then decides.
"""

import torch

from models.foreign.assignment import Assignment, Choice
from models.foreign.ends import find_ends
from models.foreign.network import ForeignNetwork, LayerWeights, Role
from models.foreign.recurrent import find_layers
from models.foreign.source import ForeignError, Source


def recognise(source: Source, choice: Choice | None = None) -> ForeignNetwork:
    """The network in a file.

    Raises:
        ForeignError: there is none, it is of another kind, or a role has two candidates.
    """
    found = Assignment(source, choice or Choice())
    cell, layers = find_layers(found)
    embedding, head = find_ends(found, layers)
    used = list(found.roles)
    _refuse_leftovers(found, layers[0], embedding is not None, headless=head is None)
    for name in used:
        if not bool(torch.isfinite(found.tensors[name]).all()):
            raise ForeignError(f"{found.called(name)} holds values that are not finite")
    roles = [
        Role(found.called(name), tuple(tensor.shape), found.roles[name])
        for name, tensor in found.tensors.items()
    ]
    roles.sort(key=lambda role: _place(role.role))
    return ForeignNetwork(cell, layers, embedding, head, roles, found.notes)


def _place(role: str) -> tuple[int, str]:
    """The position of a role in the list: in the order of the forward pass."""
    first = role.split(",")[0]
    order = ("embedding", "layer", "output")
    return next((k for k, word in enumerate(order) if first.startswith(word)), 3), first


def _refuse_leftovers(
    found: Assignment, first: LayerWeights, embedded: bool, headless: bool
) -> None:
    """Give every other tensor a role, or refuse it."""
    inputs, hidden = first.weight_ih.shape[1], first.weight_hh.shape[1]

    def after(name: str) -> bool:
        """Return whether a tensor reads the states, and neither they nor the output need it."""
        matrix = found.matrix_of(name)
        if matrix is None:
            return False
        rows, columns = found.tensors[matrix].shape
        # As wide as the inputs, it may stand before the layers; with a row for each cell, between
        # two of them or before the output layer; with a row for each input, lead back to them.
        leads_on = rows == hidden or (embedded and rows == inputs)
        return columns == hidden != inputs and not leads_on

    for name, tensor in found.tensors.items():
        if name in found.roles:
            continue
        if found.ignored(name):
            found.roles[name] = "ignored, as asked"
        elif tensor.dim() == 0:
            found.roles[name] = "not used: a single number"
        elif after(name) and (headless or found.choice.head is not None):
            found.roles[name] = "not used: it comes after the states"
        else:
            called = found.called(name)
            raise ForeignError(
                f"{called}, of the shape {list(tensor.shape)}, has no place in a character model; "
                "if it changes neither the states nor the predictions, --ignore "
                f"{called} leaves it out"
            )
