from questions import ask_langchain

ask_langchain(metadata={"thread_id": "s-42", "user_id": "u-7"})
