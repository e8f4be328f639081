from questions import ask_agents

from agents import RunConfig

run_config = RunConfig(group_id="s-42")
ask_agents(run_config)
