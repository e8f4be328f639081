"""Chats, calls of a tool and streams with the SDKs of OpenAI and Anthropic. Nothing of it is about tracing."""

import anthropic
import openai

WEATHER = "How is the weather in Paris?"
PARAMETERS = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}


def with_openai():
    client = openai.OpenAI()
    chat = client.chat.completions.create

    def ask(**options):
        return chat(model="gpt-4o-mini", messages=[{"role": "user", "content": WEATHER}], **options)

    ask()
    function = {"name": "get_weather", "description": "The weather in a city", "parameters": PARAMETERS}
    ask(tools=[{"type": "function", "function": function}])
    for _ in ask(stream=True, stream_options={"include_usage": True}):
        pass
    client.responses.create(model="gpt-4o-mini", input=WEATHER)
    for _ in client.responses.create(model="gpt-4o-mini", input=WEATHER, stream=True):
        pass


def with_anthropic():
    messages = anthropic.Anthropic().messages

    def ask(**options):
        asked = [{"role": "user", "content": WEATHER}]
        return messages.create(model="claude-sonnet-4-5", max_tokens=1000, messages=asked, **options)

    ask()
    ask(tools=[{"name": "get_weather", "description": "The weather in a city", "input_schema": PARAMETERS}])
    for _ in ask(stream=True):
        pass


with_openai()
with_anthropic()
