"""The claims about architectures as a page shows them, out of a file that `seeds` wrote.

It needs no scipy: the server starts with it.
"""

from typing import Any, TypedDict

from analysis.timescales.schema import CLAIMS


class ClaimRow(TypedDict):
    """One condition of a claim."""

    measure: str  # in words
    effects: list[float]  # log2, one a seed
    p: float


class Claim(TypedDict):
    """A claim, and what became of it."""

    claim: str
    answer: str
    seeds: int
    unlike: int  # pairs of networks that the rule would not compare
    rows: list[ClaimRow]


def seed_claims(found: Any) -> list[Claim]:
    """The claims of one file, each with a row a measure.

    Raises:
        KeyError, ValueError, TypeError, AttributeError: it is not of this form.
    """
    return [
        {
            "claim": claim,
            "answer": found[claim]["answer"],
            "seeds": len(found[claim]["evidence"][0]["effects"]),
            "unlike": len(found[claim].get("unlike", [])),
            "rows": [
                {
                    "measure": str(test["measure"]).replace("_", " "),
                    "effects": [float(effect) for effect in test["effects"]],
                    "p": float(test["p_sign"]),
                }
                for test in found[claim]["evidence"]
            ],
        }
        for claim in CLAIMS
        if claim in found and found[claim]["evidence"]
    ]
