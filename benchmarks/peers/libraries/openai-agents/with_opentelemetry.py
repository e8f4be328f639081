from questions import ask_agents

ask_agents(group_id="s-42")
