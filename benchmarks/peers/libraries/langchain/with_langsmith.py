from questions import ask_langchain

config = {"metadata": {"thread_id": "s-42", "user_id": "u-7"}}
ask_langchain(config)
