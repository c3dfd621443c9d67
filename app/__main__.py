"""`python -m app` serves; with a command it draws, converts or traces.

The settings come from the environment.
"""

import argparse
import logging.config
import os
import socket
import sys
from pathlib import Path

from pydantic import ValidationError

from app.commands import convert, trace
from app.commands.source import CommandError
from app.settings import PREFIX, Settings, UnknownSetting, checked_environment, sentence


def main() -> None:
    """Read the command line; serve until stopped, or do what is asked."""
    if said := setting_as_option(sys.argv[1:]):
        print(f"nestscope: {said}", file=sys.stderr)
        sys.exit(2)
    asked = options().parse_args()
    if "run" in asked:
        try:
            asked.run(asked)
        except CommandError as error:
            print(f"nestscope: {error}", file=sys.stderr)
            sys.exit(2)
        return
    try:
        for link in checked_environment(os.environ):
            print(f"nestscope: {link} is a service link and is ignored", file=sys.stderr)
            del os.environ[link]
        settings = Settings()
    except UnknownSetting as error:
        print(f"nestscope: {error}", file=sys.stderr)
        sys.exit(2)
    except ValidationError as error:
        print(f"nestscope: {sentence(error)}", file=sys.stderr)
        sys.exit(2)
    if asked.command == "figure":
        draw(settings, asked)
    else:
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
    for command in (convert, trace):
        command.add_to(commands)
    figure = commands.add_parser("figure", help="draw the page's figure as an SVG file")
    figure.add_argument(
        "--model", action="append", required=True, help="name of a model; give it twice for two"
    )
    figure.add_argument("--text", required=True, help="file of the text; - for standard input")
    figure.add_argument("--out", required=True, type=Path, help="the SVG file to write")
    figure.add_argument(
        "--cells", action="append", help="such as 0-6,41 (default 0-6); once, or once a model"
    )
    figure.add_argument(
        "--columns", type=int, default=60, help="characters in a row (default %(default)s)"
    )
    figure.add_argument("--palette", default="paper", help="paper (default) or safe")
    figure.add_argument("--theme", default="light", help="light (default) or dark")
    figure.add_argument(
        "--scale", choices=("fixed", "cell"), default="fixed", help="-1 to 1, or each cell's own"
    )
    figure.add_argument(
        "--interventions",
        action="append",
        default=[],
        metavar="JSON",
        help="changes made while a model reads, as POST /api/trace takes them; once, or once a "
        "model ([] for none)",
    )
    return parser


def draw(settings: Settings, asked: argparse.Namespace) -> None:
    """Draw what is asked for; what is wrong with it is said in a sentence."""
    from app.commands import figure  # here, so that help and refusals come at once

    try:
        svg = figure.draw(
            settings.checkpoints,
            asked.model,
            figure.read_text(asked.text, settings.max_text),
            [figure.parse_cells(written) for written in asked.cells or ["0-6"]],
            columns=asked.columns,
            colours=asked.palette,
            theme=asked.theme,
            own_scale=asked.scale == "cell",
            interventions=asked.interventions,
        )
        figure.write(asked.out, svg)
    except figure.FigureError as error:
        print(f"nestscope: {error}", file=sys.stderr)
        sys.exit(2)


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
