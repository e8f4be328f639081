from questions import ask_pydantic_ai

import logfire

logfire.configure(service_name="travel-desk", send_to_logfire=False)
logfire.instrument_pydantic_ai()

with logfire.set_baggage(**{"session.id": "s-42", "user.id": "u-7"}):
    ask_pydantic_ai(session="s-42")
