"""`python -m app`: serves. The settings come from the environment."""

import argparse
import sys

from pydantic import ValidationError

from app.settings import PREFIX, Settings, sentence


def main() -> None:
    """Read the command line and serve until stopped."""
    options().parse_args()
    try:
        settings = Settings()
    except ValidationError as error:
        print(f"nestscope: {sentence(error)}", file=sys.stderr)
        sys.exit(2)
    serve(settings)


def options() -> argparse.ArgumentParser:
    """The command line; its help lists the settings."""
    lines = ["settings, from the environment:"]
    for name, field in Settings.model_fields.items():
        default = ",".join(field.default) if isinstance(field.default, tuple) else field.default
        shown = f" (default {default})" if default != "" else ""
        lines.append(f"  {PREFIX}{name.upper():12} {field.description}{shown}")
    return argparse.ArgumentParser(
        prog="python -m app",
        description="Serve Nestscope: the page, and the interface for programs.",
        epilog="\n".join(lines),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def serve(settings: Settings) -> None:
    """Serve until stopped."""
    import uvicorn

    from app.application import create_app
    from app.messages import MOST_MESSAGE

    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        ws_max_size=MOST_MESSAGE,
        # Values are close to random bytes: deflating them costs time and saves nothing.
        ws_per_message_deflate=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )


if __name__ == "__main__":
    main()
