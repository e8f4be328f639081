"""What the checks send: agent traces with spans of several dialects, log records and metrics, with known costs.

The expected costs follow from the published prices per million tokens: gpt-4o 2.50 in, 1.25 cached in, 10 out;
claude-sonnet-4-5 3 in, 15 out.
"""

import secrets
import time
from dataclasses import dataclass, field
from decimal import Decimal

from otlp import attributes

SERVER, CLIENT, INTERNAL = 2, 3, 1
ERROR = 2
SECOND = 1_000_000_000


@dataclass(frozen=True)
class SentSpan:
    """A span as it was sent; `cost` in USD is set on spans that bill a model call."""

    span: dict
    values: dict
    genai: bool
    cost: Decimal | None

    @property
    def key(self):
        return self.span["traceId"], self.span["spanId"]


@dataclass
class Sample:
    """The requests for one way in, and the spans they hold by (trace id, span id)."""

    requests: list = field(default_factory=list)
    spans: dict = field(default_factory=dict)
    log_records: list = field(default_factory=list)
    data_points: list = field(default_factory=list)

    def trace_ids(self):
        return sorted({trace for trace, _ in self.spans})


def sample(name, traces, with_logs_and_metrics):
    """A sample of `traces` agent traces; `name` marks its log records and metrics among those of other samples."""
    result = Sample()
    now = time.time_ns()
    for number in range(traces):
        sent = agent_trace(now - (traces - number) * SECOND)
        result.spans |= {span.key: span for span in sent}
        result.requests.append(("traces", trace_request(name, sent)))
    if with_logs_and_metrics:
        first = next(iter(result.spans.values())).span
        result.requests.append(("logs", logs_request(name, now, first, result)))
        result.requests.append(("metrics", metrics_request(name, now, result)))
    return result


def agent_trace(start):
    """One agent run: a root, an agent, five billed model calls in different dialects, a tool, a database call."""
    trace = secrets.token_hex(16)
    spans = []

    def add(name, kind, parent, values, *, genai=True, cost=None, **more):
        offset = start + len(spans) * 1_000_000
        span = {
            "traceId": trace,
            "spanId": secrets.token_hex(8),
            "name": name,
            "kind": kind,
            "startTimeUnixNano": str(offset),
            "endTimeUnixNano": str(offset + 40_000_000),
            "attributes": attributes(values),
            **more,
        }
        if parent:
            span["parentSpanId"] = parent
        spans.append(SentSpan(span, values, genai, Decimal(cost) if cost else None))
        return span["spanId"]

    root = add(
        "POST /ask",
        SERVER,
        None,
        {"http.request.method": "POST", "http.route": "/ask", "http.response.status_code": 200, "sampled": True},
        genai=False,
    )
    agent = add(
        "invoke_agent planner",
        INTERNAL,
        root,
        {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "planner", "gen_ai.agent.id": "agent-7"},
    )
    add("chat gpt-4o", CLIENT, agent, otel("openai", "gpt-4o", 1000, 500), cost="0.0075")
    add(
        "chat gpt-4o",
        CLIENT,
        agent,
        otel("openai", "gpt-4o", 2006, 300) | {"gen_ai.usage.cache_read.input_tokens": 1920},
        cost="0.005615",
    )
    add("chat claude-sonnet-4-5", CLIENT, agent, otel("anthropic", "claude-sonnet-4-5", 1000, 100), cost="0.0045")
    add("ChatCompletion", INTERNAL, agent, openinference("gpt-4o", 56, 5), cost="0.00019")
    add("openai.chat", CLIENT, agent, openllmetry("gpt-4o", 113, 11), cost="0.0003925")
    add(
        "execute_tool lookup",
        INTERNAL,
        agent,
        {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "lookup", "gen_ai.tool.call.id": "call_1"},
    )
    add(
        "SELECT shop.orders",
        CLIENT,
        agent,
        {
            "db.system.name": "postgresql",
            "db.collection.name": "orders",
            "db.response.returned_rows": 3,
            "ratio": 0.25,
            "shards": ["a", "b"],
            "text": "naïve – 東京 😀",
        },
        genai=False,
        events=[
            {
                "timeUnixNano": str(start + 5_000_000),
                "name": "exception",
                "attributes": attributes({"exception.type": "Timeout", "attempt": 2}),
            }
        ],
        links=[{"traceId": secrets.token_hex(16), "spanId": secrets.token_hex(8), "attributes": attributes({"w": 1})}],
        status={"message": "timed out", "code": ERROR},
    )
    return spans


def otel(provider, model, tokens_in, tokens_out):
    return {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": provider,
        "gen_ai.request.model": model,
        "gen_ai.response.model": model,
        "gen_ai.response.id": "resp-" + secrets.token_hex(6),
        "gen_ai.response.finish_reasons": ["stop"],
        "gen_ai.request.temperature": 0.5,
        "gen_ai.usage.input_tokens": tokens_in,
        "gen_ai.usage.output_tokens": tokens_out,
    }


def openinference(model, tokens_in, tokens_out):
    return {
        "openinference.span.kind": "LLM",
        "llm.system": "openai",
        "llm.provider": "openai",
        "llm.model_name": model,
        "llm.token_count.prompt": tokens_in,
        "llm.token_count.completion": tokens_out,
        "llm.token_count.total": tokens_in + tokens_out,
        "llm.input_messages.0.message.role": "user",
        "llm.input_messages.0.message.content": "Where is my order?",
        "llm.output_messages.0.message.role": "assistant",
        "llm.output_messages.0.message.content": "On its way.",
    }


def openllmetry(model, tokens_in, tokens_out):
    return {
        "llm.request.type": "chat",
        "gen_ai.system": "OpenAI",
        "gen_ai.request.model": model,
        "gen_ai.response.model": model,
        "gen_ai.prompt.0.role": "user",
        "gen_ai.prompt.0.content": "And the other one?",
        "gen_ai.completion.0.role": "assistant",
        "gen_ai.completion.0.content": "Delivered.",
        "gen_ai.completion.0.finish_reason": "stop",
        "gen_ai.usage.prompt_tokens": tokens_in,
        "gen_ai.usage.completion_tokens": tokens_out,
        "llm.usage.total_tokens": tokens_in + tokens_out,
    }


def trace_request(name, sent):
    plain = [span.span for span in sent if not span.genai]
    genai = [span.span for span in sent if span.genai]
    return {
        "resourceSpans": [
            {
                "resource": resource(name),
                "scopeSpans": [
                    {"scope": {"name": "interop.app", "version": "1.0"}, "spans": plain},
                    {"scope": {"name": "interop.llm", "version": "1.0"}, "spans": genai},
                ],
            }
        ]
    }


def logs_request(name, now, span, result):
    result.log_records = [f"{name}: record {number}" for number in range(3)]
    records = [
        {
            "timeUnixNano": str(now),
            "severityNumber": 9,
            "severityText": "INFO",
            "body": {"stringValue": body},
            "attributes": attributes({"interop": name}),
            "traceId": span["traceId"],
            "spanId": span["spanId"],
            "eventName": "interop.record",
        }
        for body in result.log_records
    ]
    scope = {"scope": {"name": "interop.app"}, "logRecords": records}
    return {"resourceLogs": [{"resource": resource(name), "scopeLogs": [scope]}]}


def metrics_request(name, now, result):
    times = {"startTimeUnixNano": str(now - SECOND), "timeUnixNano": str(now)}
    result.data_points = [f"interop.requests {name}", f"gen_ai.client.token.usage {name}"]
    requests = {
        "name": "interop.requests",
        "unit": "{request}",
        "sum": {
            "dataPoints": [times | {"asInt": "7", "attributes": attributes({"interop": name})}],
            "aggregationTemporality": 2,
            "isMonotonic": True,
        },
    }
    usage = {
        "name": "gen_ai.client.token.usage",
        "unit": "{token}",
        "histogram": {
            "dataPoints": [
                times
                | {
                    "count": "3",
                    "sum": 1200.0,
                    "bucketCounts": ["1", "2", "0"],
                    "explicitBounds": [64.0, 1024.0],
                    "attributes": attributes({"interop": name, "gen_ai.token.type": "input"}),
                }
            ],
            "aggregationTemporality": 2,
        },
    }
    scope = {"scope": {"name": "interop.app"}, "metrics": [requests, usage]}
    return {"resourceMetrics": [{"resource": resource(name), "scopeMetrics": [scope]}]}


def resource(name):
    return {"attributes": attributes({"service.name": "interop", "service.instance.id": name})}
