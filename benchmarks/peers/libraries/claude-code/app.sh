# The only tool is that of server/weather.py, which is allowed without asking.
folder=$(dirname "$0")
servers='{"mcpServers": {"weather": {"command": "python3", "args": ["'"$folder"'/server/weather.py"]}}}'
exec claude -p "How is the weather in Paris?" --model claude-sonnet-4-5 --tools "" \
  --strict-mcp-config --mcp-config "$servers" --allowedTools mcp__weather__get_weather
