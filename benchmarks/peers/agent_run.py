"""One run of an agent that has a fact for each row of the table in docs/backends/README.md, and what is true of it."""

import json
import secrets

from otlp import attributes

SERVER, CLIENT, INTERNAL = 2, 3, 1
ERROR = 2
MILLI = 1_000_000

ROOT = "POST /trips"
AGENT = "invoke_agent trip-planner"
PLANNING = "chat claude-sonnet-4-5"
SEARCH = "retrieval guides"
WEATHER = "execute_tool get_weather"
ANSWER = "chat gpt-5-mini"
FAILED = "chat gpt-5-nano"
EMBEDDING = "embeddings text-embedding-3-small"
SPANS = {ROOT, AGENT, PLANNING, SEARCH, WEATHER, ANSWER, FAILED, EMBEDDING}

QUESTION = "Plan three days in Oslo"
REPLY = "Pack a raincoat."
USER = "maya"
SESSION = "trip-2041"

# USD per token, in the format of LiteLLM's table. No backend has these prices, so a cost by them is Tallyspan's.
PRICES = {
    "claude-sonnet-4-5-20250929": {
        "litellm_provider": "anthropic",
        "mode": "chat",
        "input_cost_per_token": 7e-6,
        "cache_read_input_token_cost": 1e-6,
        "cache_creation_input_token_cost": 9e-6,
        "output_cost_per_token": 5e-5,
    },
    "gpt-5-mini-2025-08-07": {
        "litellm_provider": "openai",
        "mode": "chat",
        "input_cost_per_token": 1.1e-6,
        "output_cost_per_token": 1.3e-5,
    },
    "text-embedding-3-small": {
        "litellm_provider": "openai",
        "mode": "embedding",
        "input_cost_per_token": 1.7e-7,
    },
}

COSTS = {
    PLANNING: 1_000 * 7e-6 + 1_000 * 1e-6 + 2_000 * 9e-6 + 60 * 5e-5,
    ANSWER: 500 * 1.1e-6 + 300 * 1.3e-5,
    EMBEDDING: 40 * 1.7e-7,
}

# Row of the table -> what a backend that reads the fact shows.
FACTS = {
    "kind of span": "retriever",
    "model that answered": "claude-sonnet-4-5-20250929",
    "prompts": [("user", QUESTION), ("assistant", "get_weather"), ("tool", '{"celsius":7,"rain":true}')],
    "answer": [("assistant", REPLY)],
    "arguments of a tool": {"city": "Oslo", "days": 3},
    "result of a tool": {"celsius": 7, "rain": True},
    "documents": ["Fjord cruises run all year.", "Museums close on Monday."],
    "input tokens": 4_000,
    "cache reads": 1_000,
    "cache writes": 2_000,
    "reasoning tokens": 192,
    "cost": COSTS[PLANNING],
    "cost of the trace": sum(COSTS.values()),
    "user": USER,
    "session": SESSION,
    "tags": ["beta", "eu"],
    "time to first token": 0.25,
    "error": "rate_limit_exceeded",
    "session of the root": SESSION,
    "question in the list of traces": QUESTION,
}


def agent_run(start):
    """A request with the run, which begins at a time in nanoseconds since the epoch, and the id of its trace."""
    trace = secrets.token_hex(16)
    spans = []

    def add(name, kind, parent, begin, end, values, **more):
        span = {
            "traceId": trace,
            "spanId": secrets.token_hex(8),
            "name": name,
            "kind": kind,
            "startTimeUnixNano": str(start + begin * MILLI),
            "endTimeUnixNano": str(start + end * MILLI),
            "attributes": attributes(values),
            **more,
        }
        if parent:
            span["parentSpanId"] = parent
        spans.append(span)
        return span["spanId"]

    root = add(ROOT, SERVER, None, 0, 900, {"http.request.method": "POST", "http.route": "/trips"})
    who = {"gen_ai.conversation.id": SESSION, "user.id": USER, "tag.tags": ["beta", "eu"]}
    agent = add(
        AGENT,
        INTERNAL,
        root,
        10,
        890,
        {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "trip-planner"} | who,
    )
    add(
        PLANNING,
        CLIENT,
        agent,
        20,
        300,
        chat("anthropic", "claude-sonnet-4-5")
        | {
            "gen_ai.response.model": "claude-sonnet-4-5-20250929",
            "gen_ai.system_instructions": json.dumps([text("You plan trips.")]),
            "gen_ai.input.messages": json.dumps([message("user", text(QUESTION))]),
            "gen_ai.output.messages": json.dumps([message("assistant", tool_call())]),
            "gen_ai.tool.definitions": json.dumps(
                [{"type": "function", "name": "get_weather", "parameters": {"type": "object"}}]
            ),
            "gen_ai.usage.input_tokens": 4_000,
            "gen_ai.usage.cache_read.input_tokens": 1_000,
            "gen_ai.usage.cache_creation.input_tokens": 2_000,
            "gen_ai.usage.output_tokens": 60,
        }
        | who,
    )
    documents = zip(("g-12", "g-40"), (0.91, 0.55), FACTS["documents"])
    add(
        SEARCH,
        CLIENT,
        agent,
        310,
        350,
        {
            "gen_ai.operation.name": "retrieval",
            "gen_ai.data_source.id": "guides",
            "gen_ai.retrieval.query.text": "Oslo in October",
            "gen_ai.retrieval.documents": json.dumps(
                [{"id": name, "score": score, "content": content} for name, score, content in documents]
            ),
        },
    )
    add(
        WEATHER,
        INTERNAL,
        agent,
        360,
        400,
        {
            "gen_ai.operation.name": "execute_tool",
            "gen_ai.tool.name": "get_weather",
            "gen_ai.tool.call.id": "call_1",
            "gen_ai.tool.call.arguments": json.dumps(FACTS["arguments of a tool"]),
            "gen_ai.tool.call.result": json.dumps(FACTS["result of a tool"]),
        },
    )
    add(
        ANSWER,
        CLIENT,
        agent,
        410,
        800,
        chat("openai", "gpt-5-mini")
        | {
            "gen_ai.response.model": "gpt-5-mini-2025-08-07",
            "gen_ai.response.time_to_first_chunk": 0.25,
            "gen_ai.input.messages": json.dumps(
                [
                    message("user", text(QUESTION)),
                    message("assistant", tool_call()),
                    message(
                        "tool",
                        {"type": "tool_call_response", "id": "call_1", "response": FACTS["result of a tool"]},
                    ),
                ]
            ),
            "gen_ai.output.messages": json.dumps([message("assistant", text(REPLY)) | {"finish_reason": "stop"}]),
            "gen_ai.usage.input_tokens": 500,
            "gen_ai.usage.output_tokens": 300,
            "gen_ai.usage.reasoning.output_tokens": 192,
        }
        | who,
    )
    add(
        FAILED,
        CLIENT,
        agent,
        810,
        850,
        chat("openai", "gpt-5-nano") | {"error.type": "rate_limit_exceeded"},
        status={"message": "try again in a minute", "code": ERROR},
    )
    add(
        EMBEDDING,
        CLIENT,
        agent,
        860,
        880,
        {
            "gen_ai.operation.name": "embeddings",
            "gen_ai.provider.name": "openai",
            "gen_ai.request.model": "text-embedding-3-small",
            "gen_ai.usage.input_tokens": 40,
        },
    )
    resource = {"attributes": attributes({"service.name": "agent-run"})}
    scope = {"scope": {"name": "agent-run"}, "spans": spans}
    return trace, {"resourceSpans": [{"resource": resource, "scopeSpans": [scope]}]}


def chat(provider, model):
    return {"gen_ai.operation.name": "chat", "gen_ai.provider.name": provider, "gen_ai.request.model": model}


def message(role, *parts):
    return {"role": role, "parts": list(parts)}


def text(content):
    return {"type": "text", "content": content}


def tool_call():
    return {"type": "tool_call", "id": "call_1", "name": "get_weather", "arguments": {"city": "Oslo"}}
