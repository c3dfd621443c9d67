"""A model and a text that it reads, checked once for every resource that takes them."""

from dataclasses import dataclass
from functools import cached_property

from app.refusal import Refusal
from app.state import AppState
from models import CharacterModel
from models.reading.engine import Engine
from models.text import normalised


@dataclass(frozen=True)
class TextRequest:
    """A character model, and a text that is short enough for the server."""

    model: CharacterModel
    engine: Engine
    text: str  # normalised

    @cached_property
    def symbols(self) -> list[int]:
        """The text as the model's vocabulary encodes it, one symbol a code point."""
        return self.model.vocabulary.encode(self.text)


async def text_request(state: AppState, name: str, written: str) -> TextRequest:
    """Find the model and check the text; waits until the models are loaded.

    Raises:
        Refusal: 404 for an unknown model, 422 for one that reads no text, 413 for a longer text.
    """
    entry = await state.model(name)
    if not isinstance(entry.model, CharacterModel):
        message = f"{name} reads glimpses of digits, not text: choose a charlm model."
        raise Refusal(422, "reads_no_text", message, "model")
    text = normalised(written)
    longest = state.settings.max_text
    if len(text) > longest:
        message = f"The text has {len(text):,} code points; at most {longest:,} are read."
        raise Refusal(413, "text_too_long", message, "text")
    return TextRequest(entry.model, entry.engine, text)
