"""What Phoenix's own converter makes of spans. Runs with the Python of an environment that has arize-phoenix."""

import json

from phoenix.trace.otel import decode_otlp_span

from otlp_requests import report


def facts(otlp_span, _resource):
    span = decode_otlp_span(otlp_span)
    attributes = span.attributes
    llm = _object(attributes.get("llm"))
    tokens = _object(llm.get("token_count"))
    prompt, completion = _object(tokens.get("prompt_details")), _object(tokens.get("completion_details"))
    outputs = _messages(llm.get("output_messages"))
    return {
        "kind": None if span.span_kind.value == "UNKNOWN" else span.span_kind.value,
        "model": llm.get("model_name"),
        "provider": llm.get("provider") or llm.get("system"),
        "input_messages": len(_messages(llm.get("input_messages"))),
        "output_messages": len(outputs),
        "tool_calls": sum(len(message.get("tool_calls") or []) for message in outputs),
        "tools": len(llm.get("tools") or []),
        "documents": len(_object(attributes.get("retrieval")).get("documents") or []),
        "input": bool(_object(attributes.get("input")).get("value")),
        "output": bool(_object(attributes.get("output")).get("value")),
        "session": _object(attributes.get("session")).get("id"),
        "user": _object(attributes.get("user")).get("id"),
        "error": span.status_code.value == "ERROR",
        "sums": {
            "input": _number(tokens.get("prompt")),
            "output": _number(tokens.get("completion")),
            "cache_read": _number(prompt.get("cache_read")),
            "cache_write": _number(prompt.get("cache_write")),
            "reasoning": _number(completion.get("reasoning")),
        },
    }


def _messages(value):
    return [_object(element.get("message")) for element in value or [] if isinstance(element, dict)]


def _object(value):
    return value if isinstance(value, dict) else {}


def _number(value):
    return value if isinstance(value, (int, float)) else 0


if __name__ == "__main__":
    report(facts)
