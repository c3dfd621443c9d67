"""The settings: environment variables with the prefix NESTSCOPE_."""

import difflib
import ipaddress
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app import ROOT
from app.origins import PORTS

PREFIX = "NESTSCOPE_"
LINK = re.compile(
    PREFIX
    + r"(\w+_)?(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)"
)
"""The service links of a service named nestscope, or nestscope-web."""
LINKED_PORT = re.compile(PREFIX + r"(\w+_)?PORT=(tcp|udp|sctp)://.*")
"""Its name is that of a setting; the value tells."""
HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?", re.ASCII)
"""A name, or an IPv4 address; one in other letters is written in punycode, as browsers send it."""


class SettingsError(ValueError):
    """Settings that nothing can begin with; the message is one sentence."""


class UnknownSetting(SettingsError):
    """A name that is no setting's; the message is one sentence."""


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
    corpora: Path = Field(
        default=ROOT / "corpora",
        description="folder of the corpora: indexed ones, and texts to index when asked",
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

    hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="names the server answers to, such as memory.example.org, separated by commas; "
        "none: on a loopback address those of this machine, elsewhere every name",
    )

    frames: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="origins whose pages may show this one in a frame, separated by commas",
    )
    root_path: str = Field(
        default="",
        description="path below which a proxy serves everything, such as /nestscope",
    )

    workers: int = Field(
        default=1,
        ge=1,
        le=256,
        description="processes that serve; each loads the models and has its part of MEMORY",
    )
    log: Literal["text", "json"] = Field(
        default="text", description="form of the log: text or json"
    )

    @field_validator("root_path")
    @classmethod
    def _is_path(cls, path: str) -> str:
        path = path.rstrip("/")
        if path and not re.fullmatch(r"(/(?!\.{1,2}(/|$))[\w.~-]+)+", path, re.ASCII):
            raise ValueError("expected a path such as /nestscope")
        return path

    @field_validator("checkpoints", "corpora")
    @classmethod
    def _is_folder(cls, path: Path) -> Path:
        try:
            found = path.is_dir()
        except OSError as error:  # this user may not look, or the name is too long
            raise ValueError(f"the folder cannot be read: {error.strerror}") from error
        if not found:
            raise ValueError("there is no such folder")
        return path

    @field_validator("origins", "hosts", "frames", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(part.strip().rstrip("/").lower() for part in value.split(",") if part.strip())

    @field_validator("origins", "frames")
    @classmethod
    def _are_origins(cls, origins: tuple[str, ...], asked: ValidationInfo) -> tuple[str, ...]:
        for origin in origins:
            # A browser knows wildcards in the list of frames; we compare origins whole.
            plain = origin.replace("://*.", "://", 1) if asked.field_name == "frames" else origin
            if not is_origin(plain):
                raise ValueError(
                    f"{origin!r} is not an origin; expected one such as https://example.org"
                )
        return tuple(map(without_usual_port, origins))

    @field_validator("hosts")
    @classmethod
    def _are_hosts(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        for host in hosts:
            if not is_host(host):
                raise ValueError(
                    f"{host!r} is not a host name; expected one such as memory.example.org, "
                    "without a port"
                )
        return hosts


def is_host(host: str) -> bool:
    """Return whether it is a name, without wildcards, or an address, an IPv6 one in brackets."""
    if HOST.fullmatch(host):
        return True
    try:
        ipaddress.IPv6Address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


def without_usual_port(origin: str) -> str:
    """An origin as browsers write it: without the port that its scheme has anyway."""
    scheme = origin.partition("://")[0]
    return origin.removesuffix(f":{PORTS[scheme]}")


def is_origin(origin: str) -> bool:
    """Return whether it is a scheme, a host, and at most a port."""
    try:
        parts = urlsplit(origin)
        port = "" if parts.port is None else f":{parts.port}"
    except ValueError:  # no such port
        return False
    host = f"[{parts.hostname}]" if parts.hostname and ":" in parts.hostname else parts.hostname
    known = parts.scheme in PORTS and bool(host) and is_host(host or "")
    return known and origin == f"{parts.scheme}://{host}{port}"


def from_environment() -> Settings:
    """The settings in the environment, checked; Kubernetes' service links are taken out of it.

    Raises:
        SettingsError: one is unknown, or has a bad value.
    """
    for link in checked_environment(os.environ):
        sys.stderr.write(f"nestscope: {link} is a service link and is ignored\n")
        del os.environ[link]
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError(sentence(error)) from None


def checked_environment(environment: Mapping[str, str]) -> list[str]:
    """The names of the service links that Kubernetes puts beside the settings.

    For every service a pod sees variables such as NESTSCOPE_PORT=tcp://10.0.0.1:8000, and for one
    named nestscope-web such as NESTSCOPE_WEB_PORT.

    Raises:
        UnknownSetting: a name with the prefix is none, for instance misspelt.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    links = []
    for name, value in environment.items():
        if not name.upper().startswith(PREFIX):  # settings are known in lower case, too
            continue
        if LINK.fullmatch(name) or LINKED_PORT.fullmatch(f"{name}={value}"):
            links.append(name)
        elif name.upper() not in known:
            near = difflib.get_close_matches(name.upper(), known, 1)
            hint = f"did you mean {near[0]}?" if near else "see python -m app --help."
            raise UnknownSetting(f"there is no setting {name}: {hint}")
    return links


def sentence(error: ValidationError) -> str:
    """A sentence for the terminal that says which settings are wrong."""
    wrong = []
    for one in error.errors():
        name = PREFIX + str(one["loc"][0]).upper()
        wrong.append(
            f"{name}={one['input']} is refused: {one['msg'].removeprefix('Value error, ')}"
        )
    return "; ".join(wrong) + ". See python -m app --help."
