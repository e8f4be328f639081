package dev.tallyspan.collector.output.view;

/**
 * Estimates the heap that a row retains. The constants are those of a 64-bit JVM with compressed
 * references, rounded up; a text counts two bytes per character, its size as soon as one character
 * is not Latin-1.
 */
final class SpanSize {

  private static final int ROW = 256;
  private static final int FACTS = 1_024;
  private static final int OBJECT = 32;

  static long bytes(SpanRow row) {
    return ROW
        + text(row.traceId())
        + text(row.spanId())
        + text(row.parentSpanId())
        + text(row.name())
        + text(row.errorType())
        + text(row.statusMessage())
        + text(row.serviceName())
        + text(row.user())
        + text(row.session())
        + facts(row.llm());
  }

  private static long facts(LlmFacts llm) {
    if (llm == LlmFacts.NONE) {
      return 0;
    }
    Content content = llm.content();
    int objects = 5 + content.answers().size() + 3 * content.calls().size();
    return FACTS + (long) OBJECT * objects + 2 * content.characters();
  }

  private static long text(String text) {
    return OBJECT + 2L * text.length();
  }

  private SpanSize() {}
}
