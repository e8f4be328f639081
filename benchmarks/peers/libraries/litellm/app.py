from questions import PARAMETERS, WEATHER

import litellm

litellm.callbacks = ["otel"]


def ask(**options):
    return litellm.completion(
        model="openai/gpt-4o-mini",
        messages=options.pop("messages", [{"role": "user", "content": WEATHER}]),
        user="u-7",
        **options,
    )


function = {"name": "get_weather", "description": "The weather in a city", "parameters": PARAMETERS}
ask(tools=[{"type": "function", "function": function}])
for _ in ask(stream=True, stream_options={"include_usage": True}):
    pass
litellm.completion(
    model="anthropic/claude-sonnet-4-5", messages=[{"role": "user", "content": WEATHER}], user="u-7"
)
