package dev.tallyspan.collector.output.view;

import java.util.ArrayList;
import java.util.List;

/**
 * The lines below a span: the question, the answer, the error. This is the only place that shows
 * content, to the user of the terminal.
 */
final class Details {

  record Detail(String label, String text, Style style) {}

  private final List<Detail> lines = new ArrayList<>();
  private final SpanRow row;
  private final Content content;

  private Details(SpanRow row) {
    this.row = row;
    this.content = row.llm().content();
  }

  static List<Detail> of(TraceTree.Node node, TerminalOptions options) {
    Details details = new Details(node.row());
    if (options.content()) {
      details.content(node);
    }
    details.notes(options.glyphs());
    details.error(options.content());
    return details.lines;
  }

  private void content(TraceTree.Node node) {
    switch (row.llm().operation()) {
      case "execute_tool" -> {
        show("args", content.arguments());
        show("result", content.result());
      }
      case "retrieval" -> {
        show("query", content.query());
        show("docs", content.documents());
      }
      case "search_memory" -> show("query", content.query());
      case "invoke_agent", "invoke_workflow" -> {
        if (!node.withinAgent()) {
          show("asked", content.asked());
        }
        if (node.children().isEmpty()) {
          answered(node);
        }
      }
      default -> {
        // The input of an agent's calls is mostly on the screen already.
        if (!node.withinAgent()) {
          show("asked", content.asked());
        }
        answered(node);
      }
    }
  }

  private void answered(TraceTree.Node node) {
    content.answers().forEach(answer -> show("answer", answer));
    List<String> calls = new ArrayList<>();
    for (Content.ToolCall call : content.calls()) {
      // The span of the tool, next to this one, shows the arguments.
      boolean named = call.arguments().isEmpty() || node.beside(call.tool());
      calls.add(named ? call.tool() : call.tool() + " " + call.arguments());
    }
    show("calls", String.join(", ", calls));
  }

  /** Adds facts that have no column. */
  private void notes(Glyphs glyphs) {
    LlmFacts llm = row.llm();
    List<String> notes = new ArrayList<>();
    if (!llm.dialect().isEmpty()) {
      notes.add("came as " + llm.dialect());
    }
    if (llm.timeToFirstChunk() > 0) {
      long nanos = (long) (llm.timeToFirstChunk() * 1e9);
      notes.add("first chunk after " + Formats.duration(nanos, glyphs));
    }
    if (llm.cacheWriteTokens() > 0) {
      notes.add(Formats.count(llm.cacheWriteTokens()) + " in written to cache");
    }
    if (llm.reasoningTokens() > 0) {
      notes.add(Formats.count(llm.reasoningTokens()) + " out spent reasoning");
    }
    if (!notes.isEmpty()) {
      add("note", String.join(glyphs.dot(), notes), Style.DIM);
    }
  }

  /** The status message may quote content; the type of the error does not. */
  private void error(boolean content) {
    if (row.error()) {
      String type = row.errorType();
      String message = content ? row.statusMessage() : "";
      String joint = type.isEmpty() || message.isEmpty() ? "" : ": ";
      add("error", type + joint + message, Style.ERROR);
    }
  }

  private void show(String label, String text) {
    add(label, text, Style.PLAIN);
  }

  private void add(String label, String text, Style style) {
    if (!text.isBlank()) {
      lines.add(new Detail(label, text, style));
    }
  }
}
