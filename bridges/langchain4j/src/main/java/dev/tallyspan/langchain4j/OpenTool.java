package dev.tallyspan.langchain4j;

import dev.langchain4j.service.tool.ToolExecution;
import dev.tallyspan.api.Guard;
import dev.tallyspan.api.ToolRun;

/** A tool of an AI service that runs. */
final class OpenTool {

  private final ToolRun run;
  private final Guard guard;

  OpenTool(ToolRun run, Guard guard) {
    this.run = run;
    this.guard = guard;
  }

  ToolRun run() {
    return run;
  }

  Guard guard() {
    return guard;
  }

  void finished(ToolExecution execution) {
    guard.run(() -> run.result(execution.result()));
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
