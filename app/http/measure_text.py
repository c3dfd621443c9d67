"""POST /api/timescales: how long a model's memories last on the visitor's own text."""

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from pydantic import ConfigDict, Field

from analysis.timescales.blocks import TooShort, cut
from app.http.bench import Line, Tell
from app.http.text_request import text_request
from app.refusal import Refusal, answers
from app.state import State
from app.strict import Strict, Text
from models.vocabulary import UNKNOWN

router = APIRouter()

LINES = "application/x-ndjson"


class TimescalesRequest(Strict):
    """A model, and a text long enough to measure its memories on."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"model": "nested-ptb", "text": "8,500 characters ..."}]},
    )

    model: Text = Field(description="a name out of GET /api/models")
    text: Text = Field(description="CRLF becomes LF; at least 8,500 code points")


@router.post(
    "/api/timescales",
    summary="How long a model's memories last on a text",
    responses={
        200: {
            "description": "JSON lines: `{doing, done, of}` on the way, `{report}` as the last; "
            "close the connection to stop",
            "content": {LINES: {"schema": {"type": "string"}}},
        },
        **answers(
            s400="the body is not JSON",
            s404="there is no model of this name",
            s413="the text or the body is too large",
            s415="the body is of another type than application/json",
            s422="a field is missing, unknown or wrong, the model reads no text, or the text is "
            "too short to measure on (the message says how much it needs) or mostly outside the "
            "model's alphabet",
            s429="another text is being measured",
        ),
    },
    response_class=StreamingResponse,
)
async def timescales(request: Request, state: State, asked: TimescalesRequest) -> StreamingResponse:
    """All five measures, with the intervals over the text's blocks; one job at a time.

    The report has the form of the shipped result files: see docs/reference/timescales-file.md.
    """
    read_by = await text_request(state, asked.model, asked.text)
    model, text = read_by.model, read_by.text
    try:
        cut(len(text))
    except TooShort as reason:
        message = str(reason)
        raise Refusal(422, "too_short", message[0].upper() + message[1:] + ".", "text") from None

    unknown = read_by.symbols.count(UNKNOWN)
    if unknown > len(text) / 2:
        message = (
            f"{unknown:,} of the text's {len(text):,} code points are not in the alphabet of "
            f"{asked.model}: it would be measured on nothing. Choose a model of that language."
        )
        raise Refusal(422, "foreign_alphabet", message, "text")

    def work(tell: Tell) -> Line:
        # Here and not above: scipy takes as long to import as the server to start.
        from analysis.timescales.measurement import Settings, measure
        from analysis.timescales.report import report
        from analysis.timescales.verdicts import verdicts

        settings = Settings(characters=len(text))
        measured = measure(
            model, text, settings, lambda what, k, n: tell({"doing": what, "done": k, "of": n})
        )
        result = report(asked.model, model, "your text", settings, measured)
        result["settings"]["unknown"] = unknown
        result["verdicts"] = verdicts(result, [])
        return {"report": result}

    job = state.bench.start(work)
    return StreamingResponse(job.lines(request), media_type=LINES)
