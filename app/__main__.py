"""`python -m app` serves; with a command it draws, converts or traces.

The settings come from the environment.
"""

import argparse
import logging.config
import socket
import sys

from analysis.command import write_anything
from app.commands import convert, figure, trace
from app.commands.source import CommandError
from app.settings import PREFIX, Settings, SettingsError, from_environment


def main() -> None:
    """Read the command line; serve until stopped, or do what is asked."""
    write_anything()
    if said := setting_as_option(sys.argv[1:]):
        print(f"nestscope: {said}", file=sys.stderr)
        sys.exit(2)
    asked = options().parse_args()
    try:
        if "run" in asked:
            asked.run(asked)
            return
        settings = from_environment()
    except (CommandError, SettingsError) as error:
        print(f"nestscope: {error}", file=sys.stderr)
        sys.exit(2)
    serve(settings)


def setting_as_option(arguments: list[str]) -> str:
    """The refusal of a setting given as an option, `--port 8001`; empty if there is none."""
    option, _, value = (arguments or [""])[0].partition("=")
    name = option.removeprefix("--").replace("-", "_")
    if not option.startswith("--") or name not in Settings.model_fields:
        return ""
    value = value or next((after for after in arguments[1:2] if not after.startswith("-")), "...")
    return (
        f"{option} is not an option: settings come from the environment. "
        f"Try {PREFIX}{name.upper()}={value} python -m app"
    )


def options() -> argparse.ArgumentParser:
    """The command line; its help lists the settings."""
    lines = ["settings, from the environment:"]
    for name, field in Settings.model_fields.items():
        default = ",".join(field.default) if isinstance(field.default, tuple) else field.default
        shown = f" (default {default})" if default != "" else ""
        lines.append(f"  {PREFIX}{name.upper():12} {field.description}{shown}")
    parser = argparse.ArgumentParser(
        prog="python -m app",
        description="Serve Nestscope: the page and the HTTP API.",
        epilog="\n".join(lines),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for command in (convert, trace, figure):
        command.add_to(commands)
    return parser


def listen(host: str, port: int) -> socket.socket:
    """A socket at that address; without one, say why and stop."""
    # Only where a socket says it is TCP does asyncio switch Nagle's delay off; with it every second
    # of two small frames waits 40 ms.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
    except OSError as error:
        reason = error.strerror or error
        print(
            f"nestscope: cannot listen on {host}, port {port}: {reason}. "
            f"{PREFIX}HOST and {PREFIX}PORT choose another address.",
            file=sys.stderr,
        )
        sys.exit(1)
    return found


def serve(settings: Settings) -> None:
    """Serve until stopped."""
    listening = listen(settings.host, settings.port)
    from app import logs, workers  # here, so that help and refusals come at once

    host, port = listening.getsockname()[:2]
    print(f"Nestscope: http://{f'[{host}]' if ':' in host else host}:{port}", flush=True)
    logging.config.dictConfig(logs.config(settings.log))
    try:
        workers.serve(settings, listening)
    except workers.NoFolder as error:
        print(f"nestscope: {error}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
