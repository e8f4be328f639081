import logfire
from questions import ask_anthropic, ask_openai

logfire.configure(service_name="travel-desk", send_to_logfire=False)
logfire.instrument_openai()
logfire.instrument_anthropic()

ask_openai()
ask_anthropic()
