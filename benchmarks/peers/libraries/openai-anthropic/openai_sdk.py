from questions import ask_openai

from opentelemetry import baggage, context, trace
from opentelemetry.processor.baggage import ALLOW_ALL_BAGGAGE_KEYS, BaggageSpanProcessor

trace.get_tracer_provider().add_span_processor(BaggageSpanProcessor(ALLOW_ALL_BAGGAGE_KEYS))

for key, value in {"session.id": "s-42", "user.id": "u-7"}.items():
    context.attach(baggage.set_baggage(key, value))
ask_openai()
