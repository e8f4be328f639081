from questions import WEATHER
from strands import Agent, tool
from strands.models.openai import OpenAIModel
from strands.telemetry import StrandsTelemetry

telemetry = StrandsTelemetry()
telemetry.setup_otlp_exporter()


@tool
def get_weather(city: str) -> str:
    """The weather in a city."""
    return f"It is sunny in {city}."


def ask(streaming):
    model = OpenAIModel(model_id="gpt-4o-mini", stream=streaming)
    identity = {"session.id": "s-42", "user.id": "u-7"}
    agent = Agent(
        model=model,
        tools=[get_weather],
        callback_handler=None,
        trace_attributes=identity,
    )
    agent(WEATHER)


ask(streaming=True)
ask(streaming=False)
telemetry.tracer_provider.shutdown()
