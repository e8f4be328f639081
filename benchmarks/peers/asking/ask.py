"""Asks the endpoint for coding agents with the client of the Python SDK; prints one JSON line for each question.

    ask.py URL      reads questions from standard input, as JSON lines: [tool, arguments]

The first line printed has the server and its tools; each further one has `error`, `text` and `data` of an answer. The
client fails if an answer is not what the tool's output schema says.
"""

import asyncio
import json
import sys

from mcp import Client


async def main(url):
    async with Client(url) as client:
        tools = (await client.list_tools()).tools
        say(
            server=client.server_info.name,
            protocol=client.protocol_version,
            tools=[tool.name for tool in tools],
            readOnly=all(tool.annotations.read_only_hint for tool in tools),
        )
        for line in sys.stdin:
            tool, arguments = json.loads(line)
            result = await client.call_tool(tool, arguments)
            say(error=bool(result.is_error), text=result.content[0].text, data=result.structured_content)


def say(**answer):
    print(json.dumps(answer), flush=True)


asyncio.run(main(sys.argv[1]))
