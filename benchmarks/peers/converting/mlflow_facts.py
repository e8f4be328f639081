"""What MLflow's own converter makes of spans. Runs with the Python of an environment that has mlflow."""

import json

from mlflow.entities.span import Span
from mlflow.tracing.otel.translation import translate_span_when_storing

from otlp_requests import report


def facts(otlp_span, resource):
    span = Span.from_otel_proto(otlp_span, resource=resource)
    attributes = {key: _open(value) for key, value in translate_span_when_storing(span)["attributes"].items()}
    tokens = attributes.get("mlflow.chat.tokenUsage") or {}
    cost = attributes.get("mlflow.llm.cost") or {}
    kind = attributes.get("mlflow.spanType")
    return {
        "kind": None if kind == "UNKNOWN" else kind,
        "model": attributes.get("mlflow.llm.model"),
        "provider": attributes.get("mlflow.llm.provider"),
        "tools": len(attributes.get("mlflow.chat.tools") or []),
        "input": bool(attributes.get("mlflow.spanInputs")),
        "output": bool(attributes.get("mlflow.spanOutputs")),
        "session": attributes.get("session.id") or attributes.get("gen_ai.conversation.id"),
        "user": attributes.get("user.id"),
        "error": otlp_span.status.code == 2,
        "sums": {
            "input": tokens.get("input_tokens") or 0,
            "output": tokens.get("output_tokens") or 0,
            "cache_read": tokens.get("cache_read_input_tokens") or 0,
            "cache_write": tokens.get("cache_creation_input_tokens") or 0,
            "cost": cost.get("total_cost") or 0,
        },
    }


def _open(value):
    """MLflow holds attributes as JSON text, and what was text before in quotes."""
    for _ in range(2):
        if not isinstance(value, str):
            return value
        try:
            value = json.loads(value)
        except ValueError:
            return value
    return value


if __name__ == "__main__":
    report(facts)
