"""What can be set from outside: environment variables with the prefix NESTSCOPE_."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app import ROOT

PREFIX = "NESTSCOPE_"


class Settings(BaseSettings):
    """The settings, checked once, when the server starts."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True)

    host: str = Field(
        default="127.0.0.1", description="address to listen on; 0.0.0.0 for every one"
    )
    port: int = Field(
        default=8000, ge=0, le=65535, description="port to listen on; 0 for a free one"
    )
    checkpoints: Path = Field(
        default=ROOT / "checkpoints", description="folder of the *.safetensors files"
    )
    max_text: int = Field(
        default=20_000, ge=1, le=1_000_000, description="longest text, in code points"
    )
    memory: int = Field(
        default=512,
        ge=1,
        le=1 << 20,
        description="MB for the kept states of all sessions; idle ones are dropped and recomputed",
    )
    origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="more origins that may use the server, such as https://example.org, "
        "separated by commas",
    )

    @field_validator("checkpoints")
    @classmethod
    def _is_folder(cls, path: Path) -> Path:
        if not path.is_dir():
            raise ValueError("there is no such folder")
        return path

    @field_validator("origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(part.strip().rstrip("/").lower() for part in value.split(",") if part.strip())

    @field_validator("origins")
    @classmethod
    def _are_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            parts = urlsplit(origin)
            if (
                parts.scheme not in ("http", "https")
                or origin != f"{parts.scheme}://{parts.netloc}"
            ):
                raise ValueError(f"{origin!r} is no origin such as https://example.org")
        return origins


def sentence(error: ValidationError) -> str:
    """What is wrong with the settings, for the terminal."""
    wrong = []
    for one in error.errors():
        name = PREFIX + str(one["loc"][0]).upper()
        wrong.append(
            f"{name}={one['input']} is refused: {one['msg'].removeprefix('Value error, ')}"
        )
    return "; ".join(wrong) + ". See python -m app --help."
