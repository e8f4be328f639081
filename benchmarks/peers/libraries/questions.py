"""Chats, calls of a tool and streams with the SDKs of OpenAI and Anthropic. Nothing of it is about tracing."""

WEATHER = "How is the weather in Paris?"
PARAMETERS = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}


def ask_openai():
    import openai

    client = openai.OpenAI()

    def ask(**options):
        asked = [{"role": "user", "content": WEATHER}]
        return client.chat.completions.create(model="gpt-4o-mini", messages=asked, **options)

    ask()
    function = {"name": "get_weather", "description": "The weather in a city", "parameters": PARAMETERS}
    ask(tools=[{"type": "function", "function": function}])
    for _ in ask(stream=True, stream_options={"include_usage": True}):
        pass
    client.responses.create(model="gpt-4o-mini", input=WEATHER)
    for _ in client.responses.create(model="gpt-4o-mini", input=WEATHER, stream=True):
        pass


def ask_anthropic():
    import anthropic

    messages = anthropic.Anthropic().messages

    def ask(**options):
        asked = [{"role": "user", "content": WEATHER}]
        return messages.create(model="claude-sonnet-4-5", max_tokens=1000, messages=asked, **options)

    ask()
    ask(tools=[{"name": "get_weather", "description": "The weather in a city", "input_schema": PARAMETERS}])
    for _ in ask(stream=True):
        pass
    with messages.stream(
        model="claude-sonnet-4-5", max_tokens=1000, messages=[{"role": "user", "content": WEATHER}]
    ) as stream:
        stream.get_final_message()


def ask_langchain(config):
    from langchain.agents import create_agent
    from langchain_anthropic import ChatAnthropic
    from langchain_core.tools import tool
    from langchain_openai import ChatOpenAI

    @tool
    def get_weather(city: str) -> str:
        """The weather in a city."""
        return f"It is sunny in {city}."

    asked = {"messages": [{"role": "user", "content": WEATHER}]}
    for model in (ChatOpenAI(model="gpt-4o-mini", stream_usage=True), ChatAnthropic(model="claude-sonnet-4-5")):
        model.invoke(WEATHER, config=config)
        for _ in model.stream(WEATHER, config=config):
            pass
        create_agent(model, tools=[get_weather]).invoke(asked, config=config)


def ask_llama_index():
    import asyncio

    from llama_index.core.agent.workflow import FunctionAgent
    from llama_index.core.llms import ChatMessage
    from llama_index.llms.openai import OpenAI

    def get_weather(city: str) -> str:
        """The weather in a city."""
        return f"It is sunny in {city}."

    asked = [ChatMessage(role="user", content=WEATHER)]
    model = OpenAI(model="gpt-4o-mini", additional_kwargs={"stream_options": {"include_usage": True}})
    for _ in model.stream_chat(asked):
        pass

    async def run():
        await FunctionAgent(tools=[get_weather], llm=model).run(WEATHER)

    asyncio.run(run())
    OpenAI(model="gpt-4o-mini").chat(asked)


def ask_agents(run_config=None):
    import asyncio

    from agents import Agent, Runner, function_tool

    @function_tool
    def get_weather(city: str) -> str:
        """The weather in a city."""
        return f"It is sunny in {city}."

    agent = Agent(name="guide", instructions="Answer in a word.", model="gpt-4o-mini", tools=[get_weather])
    plain = Agent(name="talker", instructions="Answer in a word.", model="gpt-4o-mini")

    async def run():
        await Runner.run(agent, WEATHER, run_config=run_config)
        async for _ in Runner.run_streamed(plain, WEATHER, run_config=run_config).stream_events():
            pass

    asyncio.run(run())


def ask_pydantic_ai(session):
    from pydantic_ai import Agent

    def get_weather(city: str) -> str:
        """The weather in a city."""
        return f"It is sunny in {city}."

    for model in ("openai-chat:gpt-4o-mini", "openai-responses:gpt-4o-mini", "anthropic:claude-sonnet-4-5"):
        Agent(model, name="guide", tools=[get_weather]).run_sync(WEATHER, conversation_id=session)
        stream = Agent(model, name="talker").run_stream_sync(WEATHER, conversation_id=session)
        for _ in stream.stream_text():
            pass
