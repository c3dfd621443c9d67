"""Finds the recurrent layers of a file by the endings of their names, and checks their shapes."""

import re
from dataclasses import dataclass, field

import torch

from models.foreign.assignment import Assignment, is_called, plain
from models.foreign.network import Cell, LayerWeights
from models.foreign.source import MATRIX, ForeignError

ENDING = re.compile(
    r"(?P<kind>weight|bias)_(?P<reads>ih|hh|hr)(_l(?P<layer>\d{1,3}))?"
    r"(?P<reverse>_reverse)?(?P<raw>_raw)?"
)
VARIANTS = (
    (re.compile(r"norm|(^|[._])ln", re.IGNORECASE), "layer normalisation"),
    (re.compile(r"peep|(^|_)c[ifoh]", re.IGNORECASE), "peephole connections"),
)


@dataclass
class Module:
    """One recurrent module of a file: `nn.LSTM`, `nn.GRU`, or a cell of either."""

    prefix: str
    layers: dict[int, dict[str, str]] = field(default_factory=dict)  # part -> the tensor's name
    reverse: list[str] = field(default_factory=list)
    projections: list[str] = field(default_factory=list)
    thinned: list[str] = field(
        default_factory=list
    )  # copies that weight drop has applied dropout to

    @property
    def name(self) -> str:
        """Its prefix, for messages."""
        return self.prefix or "the top level of the file"


def find_layers(found: Assignment) -> tuple[Cell, list[LayerWeights]]:
    """The kind of the recurrent layers, and their weights, the lowest first.

    Raises:
        ForeignError: there are none, they form two networks, or they are of another kind.
    """
    modules = _stack(found)
    _refuse_directions(found, modules)
    layers: list[LayerWeights] = []
    kinds: set[int] = set()
    for module in modules:
        for k in range(len(module.layers)):
            if k not in module.layers:
                raise ForeignError(f"layer {k} of {module.name} is missing")
            layer, gates = _layer(found, module, k, len(layers))
            layers.append(layer)
            kinds.add(gates)
        for name in module.thinned:
            found.roles[name] = "not used: a copy thinned by dropout; the raw weights are taken"
    if len(kinds) > 1:
        raise ForeignError("the network mixes LSTM and GRU layers; all must be of one kind")
    _refuse_widths(layers)
    for module in modules:
        _refuse_variants(found, module)
    return "lstm" if kinds == {4} else "gru", layers


def _modules(found: Assignment) -> list[Module]:
    """Every recurrent module of the file."""
    modules: dict[str, Module] = {}
    for name in found.tensors:
        prefix, _, last = plain(name).rpartition(".")
        match = ENDING.fullmatch(last)
        if match is None:
            continue
        module = modules.setdefault(prefix, Module(prefix))
        if match["reverse"]:
            module.reverse.append(name)
        elif match["reads"] == "hr":
            module.projections.append(name)
        else:
            parts = module.layers.setdefault(int(match["layer"] or 0), {})
            part = f"{match['kind']}_{match['reads']}"
            other = parts.get(part)
            if other is not None and bool(match["raw"]) == other.endswith("_raw"):
                raise ForeignError(
                    f"{found.called(other)} and {found.called(name)} are the same weights of one "
                    "layer; save only one of the two networks"
                )
            if other is None or match["raw"]:
                parts[part] = name
            module.thinned += [] if other is None else [other if match["raw"] else name]
    return [m for m in modules.values() if any("weight_hh" in parts for parts in m.layers.values())]


def _stack(found: Assignment) -> list[Module]:
    """The modules of the one network, the lowest first."""
    modules, wanted = _modules(found), found.choice.rnn
    if not modules:
        shown = ", ".join(found.called(name) for name in list(found.tensors)[:6])
        raise ForeignError(
            "no recurrent layer was found: expected names that end in weight_ih_l0 and "
            "weight_hh_l0, as torch.nn.LSTM and GRU have them, or in weight_ih and weight_hh, as "
            f"their cells have; the file has {shown or 'no tensors'}"
        )
    if wanted is not None:
        modules = [m for m in modules if is_called(f"{m.prefix}.weight", wanted)]
        if not modules:
            raise ForeignError(f"there is no recurrent layer called {wanted!r}")
    # A list of layers, or lstm1 and lstm2: names that differ only in a number.
    families: dict[str, list[Module]] = {}
    for module in modules:
        families.setdefault(re.sub(r"[._]?\d+", "", module.prefix), []).append(module)
    if len(families) > 1:
        names = " and ".join(family[0].name for family in list(families.values())[:3])
        raise ForeignError(
            f"there are two recurrent networks, {names}; --rnn NAME says which one to take"
        )
    (stack,) = families.values()
    return sorted(stack, key=lambda m: [int(number) for number in re.findall(r"\d+", m.prefix)])


def _refuse_directions(found: Assignment, modules: list[Module]) -> None:
    """Refuse projections and backward layers."""
    for module in modules:
        if module.projections:
            raise ForeignError(
                f"{found.called(module.projections[0])} belongs to a network with proj_size, whose "
                "h is a projection; a checkpoint cannot hold it: multiply weight_hh, and what "
                "reads h above, by weight_hr and leave that out, which computes the same"
            )
    backward = [name for module in modules for name in module.reverse]
    if not backward:
        return
    if not found.choice.forward_half:
        raise ForeignError(
            f"the network is bidirectional ({found.called(backward[0])}): its backward half reads "
            "the future; --forward-half takes the forward half alone"
        )
    if len(modules) > 1 or len(modules[0].layers) > 1:
        raise ForeignError(
            "the network is bidirectional and has several layers: the upper ones read the future "
            "through the lower ones, so that no half stands alone"
        )
    found.roles |= dict.fromkeys(backward, "not used: the backward half")
    found.notes.append("Only the forward half is kept, and the predictions are its own alone.")


def _layer(found: Assignment, module: Module, k: int, l: int) -> tuple[LayerWeights, int]:
    """Layer k of a module, which is layer l of the network, and its number of gates."""
    names = module.layers[k]
    for part in ("weight_ih", "weight_hh"):
        if part not in names:
            raise ForeignError(f"{module.name} has no {part} of layer {k}")
    weight_ih, weight_hh = (found.tensors[names[part]] for part in ("weight_ih", "weight_hh"))
    called = found.called(names["weight_hh"])
    if (
        weight_ih.dim() != MATRIX
        or weight_hh.dim() != MATRIX
        or 0 in (*weight_ih.shape, *weight_hh.shape)
    ):
        raise ForeignError(f"{called} and its weight_ih must be matrices")
    rows, hidden = weight_hh.shape
    shape = list(weight_hh.shape)
    if rows == hidden:
        raise ForeignError(
            f"{called} has the shape {shape}: a plain recurrent network without gates; only LSTM "
            "and GRU can be read: train the network as one of these"
        )
    if rows not in (3 * hidden, 4 * hidden):
        raise ForeignError(
            f"{called} has the shape {shape}; expected (4H, H), an LSTM, or (3H, H), a GRU"
        )
    biases = []
    for part in ("weight_ih", "bias_ih", "bias_hh"):
        tensor = found.tensors[names[part]] if part in names else torch.zeros(rows)
        if tensor.shape[:1] != (rows,) or (tensor.dim() != 1 and part != "weight_ih"):
            raise ForeignError(
                f"{found.called(names[part])} has the shape {list(tensor.shape)}, expected "
                f"{rows} rows as in {called}"
            )
        biases.append(tensor)
    found.roles |= {name: f"layer {l + 1}, {part}" for part, name in names.items()}
    return LayerWeights(weight_ih, weight_hh, *biases[1:]), rows // hidden


def _refuse_widths(layers: list[LayerWeights]) -> None:
    """Refuse layers of different widths, and layers that do not fit onto one another."""
    widths = [layer.weight_hh.shape[1] for layer in layers]
    if len(set(widths)) > 1:
        raise ForeignError(
            f"the layers have {', '.join(map(str, widths))} cells; a checkpoint has one number for "
            "all layers: fill the smaller ones up with cells of zero weights and biases, which "
            "computes the same"
        )
    for l, layer in enumerate(layers[1:], 1):
        if layer.weight_ih.shape[1] != widths[0]:
            raise ForeignError(
                f"layer {l + 1} reads {layer.weight_ih.shape[1]} values and layer {l} has "
                f"{widths[0]}: they are not stacked; --rnn NAME says which one to take"
            )


def _refuse_variants(found: Assignment, module: Module) -> None:
    """Refuse tensors inside a recurrent module that are not its weights."""
    for name in found.free():
        inside = plain(name).startswith(f"{module.prefix}.") if module.prefix else "." not in name
        if not inside:
            continue
        inner = plain(name).removeprefix(f"{module.prefix}.")
        variant = next((words for pattern, words in VARIANTS if pattern.search(inner)), None)
        if module.prefix or variant:
            raise ForeignError(
                f"{found.called(name)} does not belong to a plain LSTM or GRU"
                + (f": the cell has {variant}" if variant else "")
                + "; only what computes the same as torch.nn.LSTM or GRU can be read: train the "
                "network with one of these"
            )
