import logfire
from questions import ask_pydantic_ai

logfire.configure(service_name="travel-desk", send_to_logfire=False)
logfire.instrument_pydantic_ai()

ask_pydantic_ai()
