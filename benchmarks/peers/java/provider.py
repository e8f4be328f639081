"""OpenAI and Anthropic on the loopback, with the same counts and texts whenever they are asked the same.

A request with tools and no result of one is answered with a call, and one that says `busy` with 429. What is asked does
not matter otherwise.
"""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ANSWER = "It is sunny."
ARGUMENTS = {"city": "Paris"}
MODEL = "gpt-4o-mini-2024-07-18"
CLAUDE = "claude-sonnet-4-5-20250929"

CHAT_USAGE = {
    "prompt_tokens": 1117,
    "completion_tokens": 463,
    "total_tokens": 1580,
    "prompt_tokens_details": {"cached_tokens": 1024},
    "completion_tokens_details": {"reasoning_tokens": 400},
}
RESPONSE_USAGE = {
    "input_tokens": 1117,
    "input_tokens_details": {"cached_tokens": 1024},
    "output_tokens": 463,
    "output_tokens_details": {"reasoning_tokens": 400},
    "total_tokens": 1580,
}
# 1117 with the cache, as OpenAI counts.
ANTHROPIC_USAGE = {"input_tokens": 93, "cache_read_input_tokens": 1024, "cache_creation_input_tokens": 0}


class Provider(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answering)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        text = self.body().decode()
        request = json.loads(text)
        tool = "tools" in request and "tool_call_id" not in text and "tool_result" not in text
        if "busy" in text:
            self.answer(429, {"error": {"type": "rate_limit_error", "message": "Rate limit reached"}})
        elif self.path.endswith("/messages"):
            self.events(anthropic_stream()) if request.get("stream") else self.answer(200, anthropic(tool))
        elif self.path.endswith("/responses"):
            self.answer(200, response())
        elif request.get("stream"):
            self.events(chat_stream())
        else:
            self.answer(200, chat(tool))

    def body(self):
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers["Content-Length"]))
        parts = []
        while size := int(self.rfile.readline(), 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def answer(self, status, body):
        self.send(status, "application/json", json.dumps(body).encode())

    def events(self, events):
        lines = "".join((f"event: {name}\n" if name else "") + f"data: {data}\n\n" for name, data in events)
        self.send(200, "text/event-stream", lines.encode())

    def send(self, status, kind, body):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


def chat(tool):
    message = {"role": "assistant", "content": None if tool else ANSWER, "refusal": None}
    if tool:
        function = {"name": "get_weather", "arguments": json.dumps(ARGUMENTS)}
        message["tool_calls"] = [{"id": "call_1", "type": "function", "function": function}]
    reason = "tool_calls" if tool else "stop"
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1763800000,
        "model": MODEL,
        "choices": [{"index": 0, "finish_reason": reason, "logprobs": None, "message": message}],
        "usage": CHAT_USAGE,
    }


def chat_stream():
    def chunk(choices, usage=None):
        head = {"id": "chatcmpl-2", "object": "chat.completion.chunk", "created": 1763800000, "model": MODEL}
        return "", json.dumps(head | {"choices": choices, "usage": usage})

    first, *rest = ANSWER.split(" ")
    yield chunk([{"index": 0, "delta": {"role": "assistant", "content": first}, "finish_reason": None}])
    for word in rest:
        yield chunk([{"index": 0, "delta": {"content": " " + word}, "finish_reason": None}])
    yield chunk([{"index": 0, "delta": {}, "finish_reason": "stop"}])
    yield chunk([], CHAT_USAGE)
    yield "", "[DONE]"


def response():
    text = {"type": "output_text", "text": ANSWER, "annotations": []}
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 1763800000,
        "status": "completed",
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "metadata": {},
        "model": MODEL,
        "output": [
            {"id": "msg_1", "type": "message", "role": "assistant", "status": "completed", "content": [text]}
        ],
        "parallel_tool_calls": True,
        "temperature": 1.0,
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
        "usage": RESPONSE_USAGE,
    }


def anthropic(tool):
    call = {"type": "tool_use", "id": "toolu_1", "name": "get_weather", "input": ARGUMENTS}
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": CLAUDE,
        "content": [call if tool else {"type": "text", "text": ANSWER}],
        "stop_reason": "tool_use" if tool else "end_turn",
        "stop_sequence": None,
        "usage": ANTHROPIC_USAGE | {"output_tokens": 463},
    }


def anthropic_stream():
    def event(kind, **members):
        return kind, json.dumps({"type": kind} | members)

    start = anthropic(False) | {"content": [], "stop_reason": None}
    start["usage"] = ANTHROPIC_USAGE | {"output_tokens": 1}
    yield event("message_start", message=start)
    yield event("content_block_start", index=0, content_block={"type": "text", "text": ""})
    for part in ("It is", " sunny."):
        yield event("content_block_delta", index=0, delta={"type": "text_delta", "text": part})
    yield event("content_block_stop", index=0)
    delta = {"stop_reason": "end_turn", "stop_sequence": None}
    yield event("message_delta", delta=delta, usage={"output_tokens": 463})
    yield event("message_stop")
