package dev.tallyspan.collector.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The lines below a span: what it was asked, what it answered, how it failed. This is the one place
 * where content is shown, to the person whose terminal it is.
 */
final class Details {

  /** More of a text than any terminal is wide. */
  private static final int MAX = 4_000;

  record Detail(String label, String text, Style style) {}

  private final List<Detail> lines = new ArrayList<>();
  private final SpanRow row;

  private Details(SpanRow row) {
    this.row = row;
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
    switch (GenAi.operation(row)) {
      case "execute_tool" -> {
        show("args", row.attributes().get("gen_ai.tool.call.arguments"));
        show("result", row.attributes().get("gen_ai.tool.call.result"));
      }
      case "retrieval" -> {
        show("query", row.attributes().get("gen_ai.retrieval.query.text"));
        documents();
      }
      case "search_memory" -> show("query", row.attributes().get("gen_ai.memory.query.text"));
      case "invoke_agent", "invoke_workflow" -> {
        if (!node.withinAgent()) {
          asked();
        }
        if (node.children().isEmpty()) {
          answered(node);
        }
      }
      default -> {
        // What an agent's calls are asked is mostly what is on the screen already.
        if (!node.withinAgent()) {
          asked();
        }
        answered(node);
      }
    }
  }

  private void asked() {
    Map<?, ?> last = null;
    for (Map<?, ?> message : messages("gen_ai.input.messages")) {
      if ("user".equals(message.get("role")) || last == null) {
        last = message;
      }
    }
    if (last != null) {
      show("asked", text(last));
    }
  }

  private void answered(TraceTree.Node node) {
    List<String> calls = new ArrayList<>();
    for (Map<?, ?> message : messages("gen_ai.output.messages")) {
      show("answer", text(message));
      for (Map<?, ?> part : maps(message.get("parts"))) {
        if ("tool_call".equals(part.get("type"))) {
          String tool = String.valueOf(part.get("name"));
          // The tool's own span, next to this one, has the arguments.
          Object arguments = node.beside(tool) ? null : part.get("arguments");
          calls.add(arguments == null ? tool : tool + " " + JsonText.show(arguments, MAX));
        }
      }
    }
    show("calls", String.join(", ", calls));
  }

  private void documents() {
    List<Map<?, ?>> documents =
        maps(JsonText.structured(row.attributes().get("gen_ai.retrieval.documents")));
    StringBuilder text = new StringBuilder();
    for (Map<?, ?> document : documents) {
      text.append(text.isEmpty() ? documents.size() + ": " : ", ").append(document.get("id"));
      if (document.get("score") != null) {
        text.append(" (").append(document.get("score")).append(')');
      }
    }
    show("docs", text.toString());
  }

  /** Figures that have no column of their own. */
  private void notes(Glyphs glyphs) {
    List<String> notes = new ArrayList<>();
    if (!GenAi.foreignDialect(row).isEmpty()) {
      notes.add("came as " + GenAi.foreignDialect(row));
    }
    if (GenAi.timeToFirstChunk(row) > 0) {
      long nanos = (long) (GenAi.timeToFirstChunk(row) * 1e9);
      notes.add("first chunk after " + Figures.duration(nanos, glyphs));
    }
    if (GenAi.cacheWriteTokens(row) > 0) {
      notes.add(Figures.count(GenAi.cacheWriteTokens(row)) + " in written to cache");
    }
    if (GenAi.reasoningTokens(row) > 0) {
      notes.add(Figures.count(GenAi.reasoningTokens(row)) + " out spent reasoning");
    }
    if (!notes.isEmpty()) {
      add("note", String.join(glyphs.dot(), notes), Style.DIM);
    }
  }

  /** The status message may quote content, the error's type may not. */
  private void error(boolean content) {
    if (row.error()) {
      String type = GenAi.text(row, "error.type");
      String message = content ? row.statusMessage() : "";
      String joint = type.isEmpty() || message.isEmpty() ? "" : ": ";
      add("error", type + joint + message, Style.ERROR);
    }
  }

  private void show(String label, Object value) {
    if (value != null) {
      add(label, JsonText.show(value, MAX), Style.PLAIN);
    }
  }

  private void add(String label, String text, Style style) {
    if (!text.isBlank()) {
      lines.add(new Detail(label, text, style));
    }
  }

  private List<Map<?, ?>> messages(String key) {
    return maps(JsonText.structured(row.attributes().get(key)));
  }

  private static String text(Map<?, ?> message) {
    StringBuilder text = new StringBuilder();
    for (Map<?, ?> part : maps(message.get("parts"))) {
      if ("text".equals(part.get("type")) && part.get("content") != null) {
        text.append(text.isEmpty() ? "" : " ").append(part.get("content"));
      }
    }
    return text.toString();
  }

  private static List<Map<?, ?>> maps(Object value) {
    List<Map<?, ?>> maps = new ArrayList<>();
    if (value instanceof List<?> list) {
      for (Object element : list) {
        if (element instanceof Map<?, ?> map) {
          maps.add(map);
        }
      }
    }
    return maps;
  }
}
