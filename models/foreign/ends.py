"""Finds the layers around the recurrent ones: an optional embedding, and the output layer."""

import re
from itertools import product

import torch
from torch import Tensor

from models.foreign.assignment import Assignment, is_called
from models.foreign.network import Head, LayerWeights
from models.foreign.source import MATRIX, ForeignError

EMBEDS = re.compile(r"emb|encoder|lookup|wte|char2vec|vectors", re.IGNORECASE)
"""Names of embeddings, where shapes allow two readings."""

Pair = tuple[str | None, str]
"""An embedding, None for one-hot input, and an output layer."""


def find_ends(found: Assignment, layers: list[LayerWeights]) -> tuple[Tensor | None, Head | None]:
    """The embedding and the output layer of a network with those recurrent layers.

    Raises:
        ForeignError: none fits, or several do.
    """
    inputs, hidden = layers[0].weight_ih.shape[1], layers[0].weight_hh.shape[1]
    choice = found.choice
    # The output layer of a bidirectional network reads both halves.
    wide = 2 * hidden if choice.forward_half else hidden
    matrices = [name for name in found.free() if found.tensors[name].dim() == MATRIX]
    heads = [n for n in matrices if found.tensors[n].shape[1] in (hidden, wide)]
    heads = _chosen(found, heads, matrices, choice.head, "output layer", wide)
    embeddings = [
        n for n in matrices if found.tensors[n].shape[1] == inputs and found.bias_of(n) is None
    ]
    embeddings = _chosen(found, embeddings, matrices, choice.embedding, "embedding", inputs)
    pairs = _by_name(found, _pairs(found, embeddings, heads, inputs))
    if not pairs or (choice.headless and len(pairs) > 1):
        _refuse_unless_headless(found, embeddings, heads, hidden, inputs)
        return _embedding_alone(found, embeddings), None
    if len(pairs) > 1:
        raise _two_candidates(found, pairs)
    return _take(found, *pairs[0], hidden)


def _chosen(
    found: Assignment,
    candidates: list[str],
    matrices: list[str],
    wanted: str | None,
    role: str,
    columns: int,
) -> list[str]:
    """The candidates, or the one that the user names."""
    if wanted is None:
        return _without_copies(found, candidates)
    named = [name for name in matrices if is_called(name, wanted)]
    if len(named) != 1:
        number = len(named) or "no"
        raise ForeignError(f"the file has {number} matrices called {wanted!r}, to be the {role}")
    shape = list(found.tensors[named[0]].shape)
    if shape[1] != columns:
        raise ForeignError(
            f"{found.called(named[0])} has the shape {shape}; the {role} must have {columns} "
            "columns"
        )
    return named


def _without_copies(found: Assignment, candidates: list[str]) -> list[str]:
    """The candidates, of those that hold the same values one; weight drop keeps such copies.

    An embedding and an output layer, by their names, are tied instead: both stay.
    """
    kept: list[str] = []
    for name in candidates:
        first = next((one for one in kept if _is_copy(found, name, one)), None)
        if first is None:
            kept.append(name)
            continue
        for copy in (name, found.bias_of(name)):
            if copy is not None:
                found.roles[copy] = f"not used: the same values as {found.called(first)}"
    return kept


def _is_copy(found: Assignment, name: str, first: str) -> bool:
    """Return whether a matrix has the values of the first, and so has its bias."""
    tensors, bias, its = found.tensors, found.bias_of(name), found.bias_of(first)
    if bool(EMBEDS.search(name)) != bool(EMBEDS.search(first)):
        return False
    if not torch.equal(tensors[name], tensors[first]):
        return False
    return bias is None or (its is not None and torch.equal(tensors[bias], tensors[its]))


def _pairs(found: Assignment, embeddings: list[str], heads: list[str], inputs: int) -> list[Pair]:
    """Every pair of an embedding and an output layer with the same number of symbols."""
    size = {name: len(found.tensors[name]) for name in (*embeddings, *heads)}
    pairs: list[Pair] = [
        (e, h) for e, h in product(embeddings, heads) if e != h and size[e] == size[h]
    ]
    if found.choice.embedding is None:
        pairs += [(None, h) for h in heads if size[h] == inputs]
    # One matrix for both, where a file keeps a tied one once.
    return pairs or [(h, h) for h in heads if h in embeddings]


def _by_name(found: Assignment, pairs: list[Pair]) -> list[Pair]:
    """The pairs whose names agree with their roles; all pairs if there are none."""

    def agrees(pair: Pair) -> bool:
        embedding, head = pair
        named = embedding is None or EMBEDS.search(embedding) is not None
        return named and not EMBEDS.search(head)

    agreeing = [pair for pair in pairs if agrees(pair)]
    # One-hot input would leave the embedding that fits without a role.
    left = [pair for pair in agreeing if pair[0] is not None] or agreeing or pairs
    twins = len(left) > 1 and left[1:] == [left[0][::-1]] and None not in left[0]
    if twins and torch.equal(found.tensors[left[0][1]], found.tensors[left[1][1]]):
        return left[:1]  # tied: either way round is the same
    return left


def _two_candidates(found: Assignment, pairs: list[Pair]) -> ForeignError:
    heads = list(dict.fromkeys(found.called(head) for _, head in pairs))
    names = [found.called(e) if e else "none (one-hot input)" for e, _ in pairs]
    role, option, several = (
        ("output layer", "--head", heads) if len(heads) > 1 else ("embedding", "--embedding", names)
    )
    return ForeignError(
        f"there are {len(several)} candidates for the {role}, {' and '.join(several[:3])}; "
        f"{option} NAME says which one to take"
    )


def _refuse_unless_headless(
    found: Assignment, embeddings: list[str], heads: list[str], hidden: int, inputs: int
) -> None:
    """Refuse a network that predicts no symbols, unless its states suffice."""
    if found.choice.headless:
        return
    if not heads:
        raise ForeignError(
            f"no output layer was found: expected a matrix with {hidden} columns, one for each "
            "cell of the top layer, and a row for each symbol"
        )
    sizes = " or ".join(dict.fromkeys(str(len(found.tensors[h])) for h in heads))
    through = [f"{len(found.tensors[e])} (through {found.called(e)})" for e in embeddings]
    raise ForeignError(
        f"the network reads {' or '.join(through or [str(inputs)])} symbols, and "
        f"{found.called(heads[0])} predicts {sizes}; a character model predicts what it reads"
    )


def _embedding_alone(found: Assignment, embeddings: list[str]) -> Tensor | None:
    """The embedding of a network without an output layer."""
    named = [e for e in embeddings if EMBEDS.search(e)]
    if found.choice.embedding is not None:
        named = embeddings
    if len(named) > 1:
        raise _two_candidates(found, [(e, "") for e in named])
    for name in named:
        found.roles[name] = "embedding"
    return found.tensors[named[0]] if named else None


def _take(
    found: Assignment, embedding: str | None, head: str, hidden: int
) -> tuple[Tensor | None, Head]:
    """Give both layers their roles, and the output layer its bias."""
    if embedding is not None:
        found.roles[embedding] = "embedding, folded into weight_ih of layer 1"
    tied = embedding == head
    found.roles[head] = "embedding and output layer, tied" if tied else "output layer, weight"
    weight = found.tensors[head]
    bias = found.bias_of(head)
    if bias is None:  # beside the other of two tied matrices, of which one is kept
        alone = [name for name in found.free() if found.tensors[name].shape == weight.shape[:1]]
        bias = alone[0] if len(alone) == 1 else None
    if bias is not None:
        found.roles[bias] = "output layer, bias"
    return (
        None if embedding is None else found.tensors[embedding],
        Head(
            weight[:, :hidden].contiguous(),
            None if bias is None else found.tensors[bias],
        ),
    )
