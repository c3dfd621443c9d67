"""A model and a text that it reads, checked once for every resource that takes them."""

from dataclasses import dataclass
from functools import cached_property

from fastapi.concurrency import run_in_threadpool

from app.refusal import Refusal, answers
from app.state import AppState
from app.weights import Loaded
from models import CharacterModel
from models.reading.engine import Engine
from models.text import normalised

REFUSALS = answers(
    s400="the body is not JSON",
    s404="there is no model of this name",
    s413="the text or the body is too large",
    s415="the body is of another type than application/json",
    s422="a field is missing, unknown or wrong, or the model reads no text",
    s429="too many traces are being computed",
)
"""The refusals of a question about a model and a text, for OpenAPI."""


@dataclass(frozen=True)
class TextRequest:
    """A character model, and a text that is short enough for the server."""

    loaded: Loaded
    text: str  # normalised

    @property
    def model(self) -> CharacterModel:
        """The network."""
        assert isinstance(self.loaded.model, CharacterModel)
        return self.loaded.model

    @property
    def engine(self) -> Engine:
        """The engine that reads with it."""
        return self.loaded.engine

    @cached_property
    def symbols(self) -> list[int]:
        """The text as the model's vocabulary encodes it, one symbol a code point."""
        return self.model.vocabulary.encode(self.text)


def text_within(state: AppState, written: str) -> str:
    """A visitor's text as it is read, normalised.

    Raises:
        Refusal: 413, it is longer than the server reads.
    """
    text = normalised(written)
    longest = state.settings.max_text
    if len(text) > longest:
        message = f"The text has {len(text):,} code points; at most {longest:,} are read."
        raise Refusal(413, "text_too_long", message, "text")
    return text


async def text_request(state: AppState, name: str, written: str) -> TextRequest:
    """Find the model and check the text; waits until the models are loaded.

    Raises:
        Refusal: 404 for an unknown model, 422 for one that reads no text, 413 for a longer text.
    """
    entry = await state.entry(name)
    if not entry.reads_text:
        message = f"{name} reads glimpses of digits, not text: choose a charlm model."
        raise Refusal(422, "reads_no_text", message, "model")
    text = text_within(state, written)
    found = TextRequest(await state.model(name), text)
    # Thousands of different characters take a while to look up: nobody else waits for that.
    await run_in_threadpool(lambda: found.symbols)
    return found
