package dev.tallyspan.langchain4j;

import dev.langchain4j.service.tool.ToolExecution;
import dev.tallyspan.api.ToolRun;

/** A tool of an AI service that runs. */
final class OpenTool {

  private final ToolRun run;

  OpenTool(ToolRun run) {
    this.run = run;
  }

  ToolRun run() {
    return run;
  }

  void finished(ToolExecution execution) {
    Guard.run(() -> run.result(execution.result()));
    if (execution.hasFailed()) {
      run.fail("tool_error");
    }
    run.end();
  }

  /** The tool threw, and the invocation ended with it. */
  void interrupted() {
    run.fail("tool_error").close();
  }
}
