package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.EventView;
import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.span.Slot;
import java.util.ArrayList;
import java.util.List;

/** The GenAI conventions as they are now, in either of the generations that are written. */
final class OtelDialect implements Dialect {

  /**
   * Keys that exist since v1.37 or later: an emitter that writes one knows the current conventions.
   */
  private static final String[] CURRENT_ONLY = {
    "gen_ai.provider.name",
    "gen_ai.input.messages",
    "gen_ai.output.messages",
    "gen_ai.system_instructions",
    "gen_ai.tool.definitions",
    "gen_ai.tool.call.arguments",
    "gen_ai.tool.call.result",
    "gen_ai.usage.cache_write.input_tokens",
    "gen_ai.usage.reasoning.output_tokens"
  };

  /** Keys that context propagation puts on spans of every sort. */
  private static final List<String> CONTEXT =
      List.of(
          "gen_ai.conversation.",
          "gen_ai.agent.",
          "gen_ai.workflow.",
          "gen_ai.prompt.name",
          "gen_ai.prompt.version",
          "gen_ai.prompt.variable.");

  /** What was called, with its path. */
  private static final String[] PATHS = {
    "url.full", "url.path", "http.url", "http.target", "gen_ai.openai.api_base"
  };

  private static final List<Rename<?>> RENAMES = currentKeys();

  @Override
  public String id() {
    return "otel";
  }

  @Override
  public CacheCounts cacheCounts() {
    return CacheCounts.ADDED;
  }

  @Override
  public List<String> markers() {
    return List.of("gen_ai.", "mcp.method.name");
  }

  @Override
  public boolean recognises(IndexedSpan span) {
    if (span.hasAny(CURRENT_ONLY) || isToolCallOverMcp(span)) {
      return true;
    }
    for (EventView event : span.events()) {
      if (EventMessages.isDetailsEvent(event.name())) {
        return true;
      }
    }
    if (span.has("gen_ai.system")) {
      return false;
    }
    boolean context = false;
    for (String key : span.keys()) {
      if (key.startsWith("gen_ai.") && !OtelLegacyDialect.isLegacyKey(key)) {
        if (CONTEXT.stream().noneMatch(key::startsWith)) {
          return true;
        }
        context = true;
      }
    }
    return context && Operations.inSpanName(span.name()) != null;
  }

  @Override
  public boolean isUniversal() {
    return true;
  }

  @Override
  public List<Rename<?>> renames() {
    return RENAMES;
  }

  @Override
  public void read(IndexedSpan span, Draft out) {
    EventMessages.readDetails(span, out);
    if (isToolCallOverMcp(span)) {
      out.infer(Slot.OPERATION, Operations.EXECUTE_TOOL, "mcp.method.name is tools/call");
    }
  }

  private static boolean isToolCallOverMcp(IndexedSpan span) {
    return "tools/call".equals(span.text("mcp.method.name"));
  }

  private static List<Rename<?>> currentKeys() {
    List<Rename<?>> renames = new ArrayList<>();
    for (Slot<?> slot : Slot.all()) {
      // Before the standard names: beside such a count, what was sent under its name stands.
      String unbilled = slot.unbilledKey();
      if (unbilled != null) {
        renames.add(Rename.of(unbilled, slot));
      }
      String dev = slot.key(ConventionVersion.GENAI_DEV);
      String core = slot.key(ConventionVersion.CORE_1_41);
      if (dev != null) {
        renames.add(Rename.of(dev, slot));
      }
      if (core != null && !core.equals(dev)) {
        renames.add(Rename.of(core, slot));
      }
    }
    // The conventions have no attribute for tags; this one is read by most backends.
    renames.add(Rename.of("tag.tags", Slot.TAGS));
    renames.add(Rename.of("cloud.region", Slot.CLOUD_REGION));
    for (String path : PATHS) {
      renames.add(Rename.of(path, Slot.LOCATION));
    }
    return List.copyOf(renames);
  }
}
