"""OpenAI, Anthropic and Gemini on the loopback that keep what they were asked and what they answered.

Every answer has the same counts and texts, those of the Java programs' provider. A request with tools and no result of one
is answered with a call of its first tool, in a stream too. As at OpenAI, a stream of the Chat API has usage only if it was
requested.
"""

import hashlib
import itertools
import json
import re
import sys
import threading
import time
from dataclasses import dataclass
from http.server import ThreadingHTTPServer
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "java"))

import provider  # noqa: E402
from provider import ANSWER, ANTHROPIC_USAGE, ARGUMENTS, CHAT_USAGE, CLAUDE, MODEL  # noqa: E402

# Of each answer: tokens with the cache, of them read from the cache, and of the output.
INPUT, CACHED, OUTPUT = 1117, 1024, 463
# Anthropic does not report them.
REASONING = 400
# USD per million tokens: 93 x 0.15 + 1024 x 0.075 + 463 x 0.60, and 93 x 3 + 1024 x 0.30 + 463 x 15.
COSTS = {MODEL: 0.00036855, CLAUDE: 0.0075312}
# And 93 x 0.30 + 1024 x 0.03 + 463 x 2.50.
GEMINI = "gemini-2.5-flash"
COSTS[GEMINI] = 0.00121612

ID = re.compile(rb'"((?:chatcmpl|resp|msg|gemini|call|toolu|fc)[-_])\d+"')


@dataclass
class Call:
    """A request that was answered: with a tool's result or not, as a stream, with the call of a tool, with usage."""

    model: str
    stream: bool
    result: bool
    tool: bool
    usage: bool
    question: str
    start: int
    # The id of the answer.
    answer: str


class Provider(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answering)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.calls = []
        self.numbers = itertools.count(1)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Answering(provider.Answering):
    suffix = ""

    def do_POST(self):
        start = time.time_ns()
        request = json.loads(self.body())
        stream = bool(request.get("stream"))
        result = has_result(request)
        tool = None if result else first_tool(request)
        path = self.path.split("?")[0]
        if path.endswith("/messages"):
            model, usage = CLAUDE, True
            answer, events = anthropic(tool), anthropic_stream(tool)
        elif path.endswith("/responses"):
            model, usage = MODEL, True
            answer, events = response(tool), response_stream(tool)
        elif path.endswith("/chat/completions"):
            model = MODEL
            usage = not stream or bool((request.get("stream_options") or {}).get("include_usage"))
            answer, events = chat(tool), chat_stream(tool, usage)
        elif path.endswith(("generateContent", "GenerateContent")):
            model, usage, stream = GEMINI, True, "stream" in path
            answer, events = gemini(tool), gemini_stream(tool)
        else:
            self.answer(404, {"error": {"type": "not_found_error", "message": f"no {path}"}})
            return
        self.suffix = hashlib.sha256(str(next(self.server.numbers)).encode()).hexdigest()[:24]
        answered = re.sub(r"\d+$", self.suffix, answer.get("id") or answer["responseId"])
        self.server.calls.append(Call(model, stream, result, bool(tool), usage, question(request), start, answered))
        self.events(events) if stream else self.answer(200, answer)

    def send(self, status, kind, body):
        """Gives the answer ids of its own, as long as those of providers: spans with equal ones are one call."""
        super().send(status, kind, ID.sub(rb'"\g<1>%s"' % self.suffix.encode(), body))


def first_tool(request):
    tools = [tool.get("function", tool) for tool in request.get("tools") or []]
    tools = [part for tool in tools for part in tool.get("functionDeclarations", [tool])]
    return next((tool["name"] for tool in tools if "name" in tool), None)


def messages(request):
    """The messages, or the items of the Responses API."""
    given = request.get("messages") or request.get("input") or []
    given = given or [content | {"content": content["parts"]} for content in request.get("contents", [])]
    return [{"role": "user", "content": given}] if isinstance(given, str) else given


def has_result(request):
    for message in messages(request):
        if message.get("role") == "tool" or message.get("type") == "function_call_output":
            return True
        content = message.get("content")
        if isinstance(content, list) and any(
            part.get("type") == "tool_result" or "functionResponse" in part for part in content
        ):
            return True
    return False


def question(request):
    """The text of the last message of the user that has one."""
    for message in reversed(messages(request)):
        content = message.get("content")
        if message.get("role") != "user" or not content:
            continue
        texts = [content] if isinstance(content, str) else [part.get("text") for part in content]
        if texts := [text for text in texts if text]:
            return texts[-1]
    return ""


def chat(tool):
    answer = provider.chat(bool(tool))
    if tool:
        answer["choices"][0]["message"]["tool_calls"][0]["function"]["name"] = tool
    return answer


def chat_stream(tool, usage):
    def chunk(choices, counts=None):
        head = {"id": "chatcmpl-2", "object": "chat.completion.chunk", "created": 1763800000, "model": MODEL}
        return "", json.dumps(head | {"choices": choices} | ({"usage": counts} if usage else {}))

    def delta(content, reason=None):
        return chunk([{"index": 0, "delta": content, "finish_reason": reason}])

    yield delta({"role": "assistant", "content": None if tool else ""})
    if tool:
        function = {"name": tool, "arguments": ""}
        yield delta({"tool_calls": [{"index": 0, "id": "call_1", "type": "function", "function": function}]})
        for part in halves(json.dumps(ARGUMENTS)):
            yield delta({"tool_calls": [{"index": 0, "function": {"arguments": part}}]})
    else:
        for part in halves(ANSWER):
            yield delta({"content": part})
    yield delta({}, "tool_calls" if tool else "stop")
    if usage:
        yield chunk([], CHAT_USAGE)
    yield "", "[DONE]"


def function_call(tool):
    item = {"id": "fc_1", "type": "function_call", "call_id": "call_1", "name": tool, "status": "completed"}
    return item | {"arguments": json.dumps(ARGUMENTS)}


def response(tool):
    answer = provider.response()
    return answer | {"output": [function_call(tool)]} if tool else answer


def response_stream(tool):
    whole = response(tool)
    item = whole["output"][0]
    sequence = 0

    def event(kind, **members):
        nonlocal sequence
        sequence += 1
        return kind, json.dumps({"type": kind, "sequence_number": sequence} | members)

    began = whole | {"status": "in_progress", "output": [], "usage": None}
    place = {"item_id": item["id"], "output_index": 0}
    yield event("response.created", response=began)
    yield event("response.in_progress", response=began)
    if tool:
        yield event("response.output_item.added", output_index=0, item=item | {"arguments": "", "status": "in_progress"})
        for part in halves(item["arguments"]):
            yield event("response.function_call_arguments.delta", **place, delta=part)
        yield event("response.function_call_arguments.done", **place, arguments=item["arguments"])
    else:
        text = item["content"][0]
        yield event("response.output_item.added", output_index=0, item=item | {"content": [], "status": "in_progress"})
        yield event("response.content_part.added", **place, content_index=0, part=text | {"text": ""})
        for part in halves(ANSWER):
            yield event("response.output_text.delta", **place, content_index=0, delta=part, logprobs=[])
        yield event("response.output_text.done", **place, content_index=0, text=ANSWER, logprobs=[])
        yield event("response.content_part.done", **place, content_index=0, part=text)
    yield event("response.output_item.done", output_index=0, item=item)
    yield event("response.completed", response=whole)


def anthropic(tool):
    answer = provider.anthropic(bool(tool))
    if tool:
        answer["content"][0]["name"] = tool
    return answer


def anthropic_stream(tool):
    for kind, data in provider.anthropic_stream():
        event = json.loads(data)
        if kind == "message_delta":
            # The whole usage: langchain-anthropic reads it from here alone.
            event["usage"] = ANTHROPIC_USAGE | event["usage"]
        if tool and kind == "content_block_start":
            event["content_block"] = {"type": "tool_use", "id": "toolu_1", "name": tool, "input": {}}
        elif tool and kind == "message_delta":
            event["delta"]["stop_reason"] = "tool_use"
        elif tool and kind == "content_block_delta":
            continue
        elif tool and kind == "content_block_stop":
            for part in halves(json.dumps(ARGUMENTS)):
                delta = {"type": "input_json_delta", "partial_json": part}
                yield "content_block_delta", json.dumps({"type": "content_block_delta", "index": 0, "delta": delta})
        yield kind, json.dumps(event)


def gemini(tool, *texts):
    call = {"functionCall": {"name": tool, "args": ARGUMENTS}}
    parts = [call] if tool else [{"text": text} for text in texts or (ANSWER,)]
    usage = {
        "promptTokenCount": INPUT,
        "cachedContentTokenCount": CACHED,
        "candidatesTokenCount": OUTPUT - REASONING,
        "thoughtsTokenCount": REASONING,
        "totalTokenCount": INPUT + OUTPUT,
    }
    candidate = {"index": 0, "finishReason": "STOP", "content": {"role": "model", "parts": parts}}
    return {"candidates": [candidate], "usageMetadata": usage, "modelVersion": GEMINI, "responseId": "gemini-1"}


def gemini_stream(tool):
    *begun, last = [gemini(tool)] if tool else [gemini(None, part) for part in halves(ANSWER)]
    for chunk in begun:
        del chunk["candidates"][0]["finishReason"], chunk["usageMetadata"]
        yield "", json.dumps(chunk)
    yield "", json.dumps(last)


def seller(model):
    """The provider of a model, as the conventions name it."""
    return {MODEL: "openai", CLAUDE: "anthropic", GEMINI: "gcp.gemini"}[model]


def halves(text):
    return text[: len(text) // 2], text[len(text) // 2 :]
