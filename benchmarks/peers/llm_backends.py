"""Real servers of Phoenix and MLflow: started, asked what they show of a trace, and tried with what they may refuse.

`Shown` is what the pages of a server are made of, as its own API answers it. Attributes count only where a page reads them.
"""

import base64
import json
import os
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field

from environments import command
from processes import Process, RunError, free_ports

PROTOBUF = "application/x-protobuf"
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass
class ShownSpan:
    """What a backend shows of a span; None or nothing where it shows nothing."""

    kind: str | None
    failed: bool
    error: str | None
    model: str | None
    input: object
    output: object
    prompts: list
    answers: list
    documents: list
    tokens: dict
    cost: float | None
    user: str | None
    session: str | None
    attributes: dict


@dataclass
class ShownTrace:
    """What a backend shows of a trace in its lists, and its spans by id; `names` has the ids by name."""

    question: str | None
    answer: str | None
    user: str | None
    session: str | None
    tags: list
    tokens: int | None
    cost: float | None
    spans: dict = field(default_factory=dict)
    names: dict = field(default_factory=dict)

    def span(self, name):
        return self.spans[self.names[name]]


class Phoenix:
    """A Phoenix with a SQLite file, asked with the GraphQL queries that its pages use."""

    name = "phoenix"
    path = "/v1/traces"
    # Phoenix has its own prices and takes no others.
    shows_costs_sent = False
    project = "tallyspan-live"

    def __init__(self, folder):
        self.port, grpc = free_ports(2)
        env = {
            "PHOENIX_WORKING_DIR": f"{folder}/data",
            "PHOENIX_HOST": "127.0.0.1",
            "PHOENIX_PORT": str(self.port),
            "PHOENIX_GRPC_PORT": str(grpc),
            "PHOENIX_TELEMETRY_ENABLED": "false",
            "PHOENIX_ALLOW_EXTERNAL_RESOURCES": "false",
        }
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {"PHOENIX_COLLECTOR_ENDPOINT": self.url, "PHOENIX_PROJECT_NAME": self.project}
        self.process = Process(self.name, [command("phoenix", "phoenix"), "serve"], folder, env, [], 0)

    def await_start(self, timeout):
        await_answer(self.process, f"{self.url}/healthz", timeout)

    def elsewhere(self):
        """Headers for another project, whose traces are not among those that are looked at."""
        return {"x-project-name": f"{self.project}-refused"}

    def page(self, trace_id):
        """The address of the page of a trace."""
        found = self._ask("query($t: String!) { getTraceByOtelId(traceId: $t) { project { id } } }", t=trace_id)
        return f"{self.url}/projects/{found['getTraceByOtelId']['project']['id']}/traces/{trace_id}"

    def trace(self, trace_id):
        """What is shown of a trace, or None if it has not arrived."""
        found = self._ask(PHOENIX_TRACE, t=trace_id)["getTraceByOtelId"]
        if found is None:
            return None
        root = found["rootSpan"] or {}
        session = found["session"] or {}
        shown = ShownTrace(
            question=content(root.get("input")),
            answer=content(root.get("output")),
            user=found["userId"],
            session=session.get("sessionId"),
            tags=[],
            tokens=number(found["costSummary"]["total"]["tokens"]),
            cost=found["costSummary"]["total"]["cost"],
        )
        for edge in found["spans"]["edges"]:
            span = self._span(edge["node"])
            shown.spans[edge["node"]["spanId"]] = span
            shown.names[edge["node"]["name"]] = edge["node"]["spanId"]
            shown.tags = shown.tags or at(span.attributes, "tag", "tags") or []
        return shown

    def _span(self, node):
        attributes = json.loads(node["attributes"])
        llm = attributes.get("llm") or {}
        counts = llm.get("token_count") or {}
        tokens = {
            "input": node["tokenCountPrompt"],
            "output": node["tokenCountCompletion"],
            "cache_read": node["tokenPromptDetails"]["cacheRead"],
            "cache_write": node["tokenPromptDetails"]["cacheWrite"],
            "reasoning": at(counts, "completion_details", "reasoning"),
        }
        return ShownSpan(
            kind=node["spanKind"].lower(),
            failed=node["statusCode"] == "ERROR",
            error=at(attributes, "error", "type"),
            model=llm.get("model_name") or at(attributes, "embedding", "model_name"),
            input=opened(content(node["input"])),
            output=opened(content(node["output"])),
            prompts=[inference(each["message"]) for each in llm.get("input_messages") or []],
            answers=[inference(each["message"]) for each in llm.get("output_messages") or []],
            documents=[
                at(each, "document", "content") or at(each, "document", "id")
                for each in at(attributes, "retrieval", "documents") or []
            ],
            tokens={kind: count for kind, count in tokens.items() if count},
            cost=at(node, "costSummary", "total", "cost"),
            user=node["userId"],
            session=at(attributes, "session", "id"),
            attributes=attributes,
        )

    def _ask(self, query, **variables):
        answer = post_json(f"{self.url}/graphql", {"query": query, "variables": variables})
        # A trace that is not there is an error, too.
        if "errors" in answer and not all("not found" in each["message"].lower() for each in answer["errors"]):
            raise RunError(f"Phoenix refuses a query: {answer['errors'][0]['message']}")
        return answer.get("data") or {"getTraceByOtelId": None}


PHOENIX_TRACE = """
query($t: String!) {
  getTraceByOtelId(traceId: $t) {
    userId
    session { sessionId }
    rootSpan { input { value } output { value } }
    costSummary { total { tokens cost } }
    spans(first: 1000) {
      edges {
        node {
          name spanId spanKind statusCode userId attributes tokenCountPrompt tokenCountCompletion
          tokenPromptDetails { cacheRead cacheWrite }
          input { value }
          output { value }
          costSummary { total { cost } }
        }
      }
    }
  }
}
"""


class Mlflow:
    """An MLflow with a SQLite store, asked with the REST API that its pages use."""

    name = "mlflow"
    path = "/v1/traces"
    shows_costs_sent = True

    def __init__(self, folder):
        (self.port,) = free_ports(1)
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = Process(
            self.name,
            [
                command("mlflow", "mlflow"),
                "server",
                *("--host", "127.0.0.1", "--port", str(self.port), "--workers", "1"),
                *("--backend-store-uri", f"sqlite:///{folder}/mlflow.db"),
                *("--default-artifact-root", f"{folder}/artifacts"),
            ],
            folder,
            # The server starts others by their names.
            {
                "MLFLOW_DISABLE_TELEMETRY": "true",
                "PATH": f"{command('mlflow', '')}{os.pathsep}{os.environ['PATH']}",
            },
            [],
            0,
        )

    def await_start(self, timeout):
        await_answer(self.process, f"{self.url}/health", timeout)
        self.experiment = self._experiment("tallyspan-live")
        self.other_experiment = self._experiment("tallyspan-live-refused")
        self.environment = {"MLFLOW_TRACKING_URI": self.url, "MLFLOW_EXPERIMENT_ID": self.experiment}

    def elsewhere(self):
        return {"x-mlflow-experiment-id": self.other_experiment}

    def _experiment(self, name):
        return post_json(f"{self.url}/api/2.0/mlflow/experiments/create", {"name": name})["experiment_id"]

    def page(self, trace_id):
        return f"{self.url}/#/experiments/{self.experiment}/traces?selectedEvaluationId=tr-{trace_id}"

    def trace(self, trace_id):
        try:
            found = get_json(f"{self.url}/api/3.0/mlflow/traces/get?trace_id=tr-{trace_id}")["trace"]
        except urllib.error.HTTPError as e:
            if e.code == 404:
                return None
            raise
        info = found["trace_info"]
        told = info.get("trace_metadata") or {}
        shown = ShownTrace(
            question=opened(info.get("request_preview")),
            answer=opened(info.get("response_preview")),
            user=told.get("mlflow.trace.user"),
            session=told.get("mlflow.trace.session"),
            tags=[tag for tag in (info.get("tags") or {}).get("tags", "").split(",") if tag],
            tokens=json.loads(told.get("mlflow.trace.tokenUsage") or "{}").get("total_tokens"),
            cost=json.loads(told.get("mlflow.trace.cost") or "{}").get("total_cost"),
        )
        for span in found.get("spans") or []:
            identity = base64_to_hex(span["span_id"])
            shown.spans[identity] = self._span(span)
            shown.names[span["name"]] = identity
        return shown

    def _span(self, span):
        attributes = {each["key"]: snake(each.get("value") or {}) for each in span.get("attributes") or []}
        usage = attributes.get("mlflow.chat.tokenUsage") or {}
        names = {
            "input": "input_tokens",
            "output": "output_tokens",
            "cache_read": "cache_read_input_tokens",
            "cache_write": "cache_creation_input_tokens",
            "reasoning": "reasoning_output_tokens",
        }
        inputs, outputs = attributes.get("mlflow.spanInputs"), attributes.get("mlflow.spanOutputs")
        kind = attributes.get("mlflow.spanType")
        return ShownSpan(
            # Spans that say that they are OpenInference's LLM are no CHAT_MODEL.
            kind=kind.lower().replace("chat_model", "llm") if kind else None,
            failed=(span.get("status") or {}).get("code") == "STATUS_CODE_ERROR",
            error=attributes.get("error.type"),
            model=attributes.get("mlflow.llm.model"),
            input=inputs,
            output=outputs,
            prompts=conventions(inputs),
            answers=conventions(outputs),
            documents=[
                each.get("page_content") or at(each, "metadata", "id")
                for each in (outputs if kind == "RETRIEVER" and isinstance(outputs, list) else [])
            ],
            tokens={ours: usage[theirs] for ours, theirs in names.items() if usage.get(theirs)},
            cost=at(attributes, "mlflow.llm.cost", "total_cost"),
            user=attributes.get("user.id"),
            session=attributes.get("session.id") or attributes.get("gen_ai.conversation.id"),
            attributes=attributes,
        )


BACKENDS = {"phoenix": Phoenix, "mlflow": Mlflow}


def inference(message):
    """A message of OpenInference as (role, text): its content, or the names of the tools that it calls."""
    calls = [at(each, "tool_call", "function", "name") for each in message.get("tool_calls") or []]
    parts = [at(each, "message_content", "text") for each in message.get("contents") or []]
    text = message.get("content") or " ".join(part for part in parts if part)
    return message.get("role"), text or " ".join(calls)


def conventions(messages):
    """Messages of the GenAI conventions as (role, text)."""
    if not isinstance(messages, list):
        return []
    return [
        (message["role"], " ".join(filter(None, map(part_text, message.get("parts") or []))))
        for message in messages
        if isinstance(message, dict) and "role" in message
    ]


def part_text(part):
    if part.get("type") == "tool_call":
        return part["name"]
    if part.get("type") == "tool_call_response":
        response = part.get("response", part.get("result"))
        return response if isinstance(response, str) else compact(response)
    return part.get("content") if part.get("type") == "text" else None


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def snake(value):
    """A value of protobuf's JSON with the names of the fields as they are in the schema."""
    if not value:
        return None
    ((kind, held),) = value.items()
    if kind == "array_value":
        return [snake(each) for each in held.get("values") or []]
    if kind == "kvlist_value":
        return {pair["key"]: snake(pair.get("value") or {}) for pair in held.get("values") or []}
    return int(held) if kind == "int_value" else held


def base64_to_hex(text):
    return base64.b64decode(text).hex()


def opened(text):
    """What a JSON text says, or the text."""
    try:
        return json.loads(text) if isinstance(text, str) else text
    except ValueError:
        return text


def content(shown):
    return shown and shown.get("value")


def number(value):
    return None if value is None else int(value)


def at(value, *path):
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def await_answer(process, url, timeout):
    """A server listens before it can answer."""
    deadline = time.monotonic() + timeout
    while True:
        try:
            DIRECT.open(url, timeout=10).read()
            return
        except OSError as e:
            if process.process.poll() is not None:
                raise RunError(f"{process.name} ended while starting; its log ends: {process.log_end()}") from e
            if time.monotonic() > deadline:
                raise RunError(f"{process.name} did not answer {url} within {timeout} s; see {process.log}") from e
            time.sleep(0.2)


def post(url, body, headers):
    """The status of a request, and the beginning of the answer."""
    try:
        with DIRECT.open(urllib.request.Request(url, body, headers), timeout=180) as answer:
            return answer.status, answer.read(200)
    except urllib.error.HTTPError as e:
        return e.code, e.read(200)


def post_json(url, body):
    request = urllib.request.Request(url, json.dumps(body).encode(), {"content-type": "application/json"})
    with DIRECT.open(request, timeout=60) as answer:
        return json.load(answer)


def get_json(url):
    with DIRECT.open(url, timeout=60) as answer:
        return json.load(answer)
