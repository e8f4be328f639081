import mlflow

mlflow.openai.autolog()
mlflow.anthropic.autolog()

from questions import ask_anthropic, ask_openai


@mlflow.trace
def answer():
    mlflow.update_current_trace(user="u-7", session_id="s-42")
    ask_openai()
    ask_anthropic()


answer()
