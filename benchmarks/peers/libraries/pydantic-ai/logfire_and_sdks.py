from questions import ask_anthropic, ask_openai

import logfire

logfire.configure(service_name="travel-desk", send_to_logfire=False)
logfire.instrument_openai()
logfire.instrument_anthropic()

with logfire.set_baggage(**{"session.id": "s-42", "user.id": "u-7"}):
    ask_openai()
    ask_anthropic()
