package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.json.Scalars;
import dev.tallyspan.semconv.span.Slot;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Laminar's SDKs: the conventions' keys for calls, {@code lmnr.*} beside them for what was observed
 * and for whom. Association properties and the span's path are on every span, so they prove
 * nothing.
 */
final class LaminarDialect implements Dialect {

  private static final String TYPE = "lmnr.span.type";
  private static final String INPUT = "lmnr.span.input";
  private static final String OUTPUT = "lmnr.span.output";
  private static final String PROPERTIES = "lmnr.association.properties.";

  private static final Map<String, String> OPERATIONS =
      Map.of("LLM", Operations.CHAT, "TOOL", Operations.EXECUTE_TOOL);

  private static final List<Rename<?>> RENAMES =
      List.of(
          Rename.of(PROPERTIES + "user_id", Slot.USER_ID),
          Rename.of(PROPERTIES + "session_id", Slot.SESSION_ID),
          Rename.of(PROPERTIES + "tags", Slot.TAGS));

  @Override
  public String id() {
    return "laminar";
  }

  @Override
  public List<String> markers() {
    return List.of("lmnr.");
  }

  @Override
  public boolean recognises(IndexedSpan span) {
    return span.hasAny(TYPE, INPUT, OUTPUT) || span.hasPrefix("lmnr.") && span.hasPrefix("gen_ai.");
  }

  @Override
  public List<Rename<?>> renames() {
    return RENAMES;
  }

  @Override
  public void read(IndexedSpan span, Draft out) {
    String written = span.text(TYPE);
    String type = written == null ? "" : written.strip().toUpperCase(Locale.ROOT);
    String operation = OPERATIONS.get(type);
    if (operation != null) {
      out.offer(Slot.OPERATION, operation, TYPE);
    } else if (!type.isEmpty()) {
      out.withoutOperation();
    }
    if (type.equals("TOOL")) {
      out.infer(Slot.TOOL_NAME, span.name(), "span name");
      ToolPayload.read(span.get(INPUT), INPUT, span.get(OUTPUT), OUTPUT, out);
    } else if (type.equals("LLM")) {
      out.offerBlob(Slot.INPUT_MESSAGES, span.get(INPUT), INPUT);
      out.offerBlob(Slot.OUTPUT_MESSAGES, span.get(OUTPUT), OUTPUT);
    }
    cost(span, out);
  }

  private static void cost(IndexedSpan span, Draft out) {
    BigDecimal input = Scalars.decimal(span.get("gen_ai.usage.input_cost"));
    BigDecimal output = Scalars.decimal(span.get("gen_ai.usage.output_cost"));
    if (input != null && output != null && !span.has("gen_ai.usage.cost")) {
      out.reportedCost(
          Json.of(input.add(output).toPlainString()), "USD", "gen_ai.usage.input_cost");
    }
  }
}
