import asyncio

from google.adk.agents import LlmAgent
from google.adk.agents.run_config import RunConfig, StreamingMode
from google.adk.runners import InMemoryRunner
from google.genai import types
from opentelemetry import trace
from questions import WEATHER

from google.adk.telemetry.setup import maybe_set_otel_providers

maybe_set_otel_providers()


def get_weather(city: str) -> str:
    """The weather in a city."""
    return f"It is sunny in {city}."


async def ask(streaming):
    agent = LlmAgent(name="guide", model="gemini-2.5-flash", instruction="Answer in a word.", tools=[get_weather])
    runner = InMemoryRunner(agent=agent, app_name="travel-desk")
    await runner.session_service.create_session(app_name="travel-desk", user_id="u-7", session_id="s-42")
    question = types.Content(role="user", parts=[types.Part(text=WEATHER)])
    run = runner.run_async(
        user_id="u-7",
        session_id="s-42",
        new_message=question,
        run_config=RunConfig(streaming_mode=streaming),
    )
    async for _ in run:
        pass


asyncio.run(ask(StreamingMode.NONE))
asyncio.run(ask(StreamingMode.SSE))
trace.get_tracer_provider().shutdown()
