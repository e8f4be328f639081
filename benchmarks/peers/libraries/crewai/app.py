from questions import WEATHER

from crewai import LLM, Agent, Crew, Task
from crewai.tools import tool
from openinference.instrumentation import using_attributes
from openinference.instrumentation.crewai import CrewAIInstrumentor
from openinference.instrumentation.openai import OpenAIInstrumentor
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

tracing = TracerProvider()
tracing.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
CrewAIInstrumentor().instrument(tracer_provider=tracing)
OpenAIInstrumentor().instrument(tracer_provider=tracing)


@tool("get_weather")
def get_weather(city: str) -> str:
    """The weather in a city."""
    return f"It is sunny in {city}."


def crew(tools, stream):
    model = LLM(model="openai/gpt-4o-mini", stream=stream)
    agent = Agent(role="guide", goal="Answer", backstory="Knows Paris.", llm=model, tools=tools)
    task = Task(description=WEATHER, expected_output="A sentence", agent=agent)
    return Crew(agents=[agent], tasks=[task])


with using_attributes(session_id="s-42", user_id="u-7"):
    crew([], False).kickoff()
    crew([get_weather], False).kickoff()
    crew([], True).kickoff()
