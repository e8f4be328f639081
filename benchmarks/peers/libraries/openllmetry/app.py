from questions import ask_anthropic, ask_openai

from traceloop.sdk import Traceloop

Traceloop.init(app_name="travel-desk")

Traceloop.set_association_properties({"session_id": "s-42", "user_id": "u-7"})
ask_openai()
ask_anthropic()
