"""Sends spans and scores with the SDK that is named first to the server whose URL comes second.

Prints what the SDK returned, and the trace and span that were scored, as JSON.
"""

import json
import sys

OLD_TRACE = "0d6e5d1c-33d7-4e6c-9d2b-3a0b9b1c1f11"  # as SDKs before version 3 have them: refused
USAGE = {"input": 1000, "output": 500}


def main():
    sdk, url = sys.argv[1:]
    if sdk == "langfuse":
        result = langfuse(url)
    elif sdk == "langfuse-3":
        result = langfuse_3(url)
    else:
        result = phoenix(url, *sys.stdin.read().split())
    print(json.dumps(result))


def langfuse(url):
    from langfuse import Langfuse

    client = Langfuse(public_key="pk-lf-1", secret_key="sk-lf-1", base_url=url)
    with client.start_as_current_observation(name="ask", as_type="generation", model="gpt-4o", usage_details=USAGE) as call:
        score(client, call)
    client.flush()
    answer = client.api.scores.create(request=[{"name": "direct", "value": 0.5, "traceId": call.trace_id}])
    refused = client.api.scores.create(request=[{"name": "old", "value": 1, "traceId": OLD_TRACE}])
    client.shutdown()
    return {"trace": call.trace_id, "span": call.id, "answer": answer.message, "refused": refused.rejected}


def langfuse_3(url):
    from langfuse import Langfuse
    from langfuse.api import CreateScoreRequest

    client = Langfuse(public_key="pk-lf-1", secret_key="sk-lf-1", host=url)
    with client.start_as_current_observation(name="ask", as_type="generation", model="gpt-4o", usage_details=USAGE) as call:
        score(client, call)
    client.flush()
    request = CreateScoreRequest(id="score-1", name="direct", value=0.5, traceId=call.trace_id)
    answer = client.api.score.create(request=request).id
    try:
        client.api.score.create(request=CreateScoreRequest(name="old", value=1, traceId=OLD_TRACE))
        refused = 0
    except Exception as error:
        refused = int(getattr(error, "status_code", None) == 400)
    client.shutdown()
    return {"trace": call.trace_id, "span": call.id, "answer": answer, "refused": refused}


def score(client, call):
    call.score(name="relevance", value=0.75, comment="half of it")
    call.score_trace(name="goal", value="met", data_type="CATEGORICAL")
    client.create_score(
        trace_id=call.trace_id, observation_id=call.id, name="safe", value=1, data_type="BOOLEAN", metadata={"judge": "x"}
    )


def phoenix(url, trace, span):
    from phoenix.client import Client

    client = Client(base_url=url, api_key="key-1")
    answer = client.spans.add_span_annotation(
        span_id=span, annotation_name="correctness", annotator_kind="LLM", label="correct", score=1.0, sync=True
    )
    client.spans.log_span_annotations(
        span_annotations=[{"span_id": span, "name": "tone", "annotator_kind": "CODE", "result": {"score": 0.2}}]
    )
    client.traces.log_trace_annotations(
        trace_annotations=[{"trace_id": trace, "name": "overall", "annotator_kind": "HUMAN", "result": {"label": "good"}}]
    )
    try:
        client.spans.add_span_annotation(span_id="U3Bhbjox", annotation_name="old", score=1.0)
        refused = 0
    except Exception as error:
        refused = int(getattr(getattr(error, "response", None), "status_code", None) == 422)
    return {"trace": trace, "span": span, "answer": "ids" if answer and answer["id"] else None, "refused": refused}


if __name__ == "__main__":
    main()
