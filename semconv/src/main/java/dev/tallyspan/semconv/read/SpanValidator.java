package dev.tallyspan.semconv.read;

import dev.tallyspan.semconv.CacheWriteNames;
import dev.tallyspan.semconv.ConventionVersion;
import dev.tallyspan.semconv.GenAiAttributes;
import dev.tallyspan.semconv.GenAiSpanType;
import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.SpanView;
import dev.tallyspan.semconv.TokenUsage;
import dev.tallyspan.semconv.internal.dialect.IndexedSpan;
import dev.tallyspan.semconv.internal.dialect.OtelLegacyDialect;
import dev.tallyspan.semconv.internal.dialect.Rename;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.message.MessageReader;
import dev.tallyspan.semconv.internal.message.Providers;
import dev.tallyspan.semconv.internal.message.ToolDefinitions;
import dev.tallyspan.semconv.read.Registry.Attribute;
import dev.tallyspan.semconv.span.Slot;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.common.ValueType;
import io.opentelemetry.api.trace.SpanKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Checks spans against the GenAI conventions: names, types, structure and counts. Use it to test
 * instrumentation and to examine what emitters send. Spans without {@code gen_ai.*} attributes have
 * no findings. Findings contain the names and types of attributes, never values. Thread-safe.
 */
public final class SpanValidator {

  /** The importance of a finding. */
  public enum Severity {
    /** The conventions require something else. */
    VIOLATION,
    /** The conventions recommend something else. */
    ADVICE,
    /** Allowed, for information only. */
    INFORMATION
  }

  /** The rules that are checked. Each {@link #id()} is stable across versions. */
  public enum Rule {
    /** There is no {@code gen_ai.operation.name}. */
    OPERATION_MISSING("operation_missing", Severity.VIOLATION),
    /** There is no {@code gen_ai.provider.name}. */
    PROVIDER_MISSING("provider_missing", Severity.VIOLATION),
    /** There is no model. */
    MODEL_MISSING("model_missing", Severity.ADVICE),
    /** There is no {@code gen_ai.tool.name}. */
    TOOL_NAME_MISSING("tool_name_missing", Severity.VIOLATION),
    /** There is no id of the response that the operation is about. */
    RESPONSE_ID_MISSING("response_id_missing", Severity.VIOLATION),
    /** The status is an error, and there is no {@code error.type}. */
    ERROR_TYPE_MISSING("error_type_missing", Severity.VIOLATION),
    /** The attribute does not have the type that the conventions define. */
    WRONG_TYPE("wrong_type", Severity.VIOLATION),
    /** A custom value for something that has a well-known value. */
    NOT_WELL_KNOWN("not_well_known", Severity.ADVICE),
    /** A value that the conventions do not list, which they allow. */
    CUSTOM_VALUE("custom_value", Severity.INFORMATION),
    /** A framework instead of a provider. */
    FRAMEWORK_AS_PROVIDER("framework_as_provider", Severity.VIOLATION),
    /** Content is not JSON, or does not conform to the schema. */
    CONTENT_SHAPE("content_shape", Severity.VIOLATION),
    /** The parts of a token count exceed the count. */
    PARTS_EXCEED_TOTAL("parts_exceed_total", Severity.VIOLATION),
    /** A name from another generation. */
    OLD_NAME("old_name", Severity.ADVICE),
    /**
     * Token counts on a span that fetches a response; they belong on the span of the call that
     * created it.
     */
    USAGE_NOT_OWN("usage_not_own", Severity.VIOLATION),
    /** A {@code gen_ai.*} attribute that no generation defines. */
    UNKNOWN_ATTRIBUTE("unknown_attribute", Severity.INFORMATION),
    /** The name of the span is not the one of its operation. */
    SPAN_NAME("span_name", Severity.ADVICE),
    /** The kind of the span is not the one of its operation. */
    SPAN_KIND("span_kind", Severity.ADVICE);

    private final String id;
    private final Severity severity;

    Rule(String id, Severity severity) {
      this.id = id;
      this.severity = severity;
    }

    /** {@return the stable id of the rule} */
    public String id() {
      return id;
    }

    /** {@return the importance of findings of this rule} */
    public Severity severity() {
      return severity;
    }
  }

  /**
   * A deviation from the conventions.
   *
   * @param rule the rule
   * @param key the attribute; empty if the finding is about the whole span
   * @param detail what was expected and what was found; never contains a value
   */
  public record Finding(Rule rule, String key, String detail) {}

  private static final Map<String, String> OLD_NAMES = oldNames();

  private static final Map<String, Rule> REQUIRED =
      Map.of(
          "gen_ai.operation.name", Rule.OPERATION_MISSING,
          "gen_ai.provider.name", Rule.PROVIDER_MISSING,
          "gen_ai.tool.name", Rule.TOOL_NAME_MISSING,
          "gen_ai.response.id", Rule.RESPONSE_ID_MISSING);

  private final ConventionVersion generation;
  private final String cacheWriteKey;

  private SpanValidator(ConventionVersion generation) {
    this.generation = Objects.requireNonNull(generation, "generation");
    cacheWriteKey = Objects.requireNonNull(Slot.CACHE_WRITE_TOKENS.key(generation));
  }

  /**
   * Creates a validator for this generation of the conventions.
   *
   * @param generation the generation of the conventions
   * @return the validator
   */
  public static SpanValidator of(ConventionVersion generation) {
    return new SpanValidator(generation);
  }

  /**
   * Checks a span. Returns the findings: first those about single attributes, in their order, then
   * all others; empty if there are none.
   *
   * @param view the span
   * @return the findings; empty if there are none
   */
  public List<Finding> check(SpanView view) {
    List<Finding> findings = new ArrayList<>();
    IndexedSpan span = new IndexedSpan(view);
    if (!span.hasPrefix("gen_ai.")) {
      return findings;
    }
    for (int i = 0; i < view.attributes().size(); i++) {
      attribute(span, view.attributes().key(i), findings);
    }
    operation(span, findings);
    usage(span, findings);
    if (view.failed() && !span.has("error.type")) {
      findings.add(new Finding(Rule.ERROR_TYPE_MISSING, "error.type", "the span failed"));
    }
    return findings;
  }

  private void attribute(IndexedSpan span, String key, List<Finding> findings) {
    Attribute attribute = Registry.attributes().get(key);
    if (attribute != null && attribute.isIn(generation)) {
      type(span, attribute, findings);
      members(span, attribute, findings);
      return;
    }
    String newName = OLD_NAMES.get(key);
    boolean current = generation == ConventionVersion.CORE_1_41 && isCoreKey(key);
    if (CacheWriteNames.BOTH.keys().contains(key)
        && newName != null
        && span.has(newName)
        && Objects.equals(span.value(newName), span.value(key))) {
      return; // one count under both names, for backends that read either
    }
    if (newName != null && !current) {
      findings.add(new Finding(Rule.OLD_NAME, key, "now " + newName));
    } else if (attribute != null) {
      String which = attribute.until().isEmpty() ? "newer" : "older";
      findings.add(new Finding(Rule.OLD_NAME, key, "of a " + which + " generation"));
    } else if (key.startsWith("gen_ai.") && !current && !isOfAFamily(key)) {
      findings.add(new Finding(Rule.UNKNOWN_ATTRIBUTE, key, "no generation has it"));
    }
  }

  private void type(IndexedSpan span, Attribute attribute, List<Finding> findings) {
    Value<?> value = span.value(attribute.key());
    if (value == null) {
      return;
    }
    if (attribute.type().equals("any")) {
      shape(attribute.key(), Json.of(value), findings);
      return;
    }
    boolean topK = attribute.key().equals("gen_ai.request.top_k");
    String expected =
        topK && generation == ConventionVersion.CORE_1_41 ? "double" : attribute.type();
    String actual = typeOf(value);
    if (!expected.equals(actual)) {
      findings.add(
          new Finding(
              Rule.WRONG_TYPE, attribute.key(), "should be " + expected + ", is " + actual));
    }
  }

  private static void shape(String key, Json json, List<Finding> findings) {
    Json opened = json.unwrap();
    boolean conforms =
        switch (key) {
          case "gen_ai.input.messages", "gen_ai.output.messages" -> MessageReader.conforms(opened);
          case "gen_ai.system_instructions" -> MessageReader.partsConform(opened);
          case "gen_ai.tool.definitions" -> ToolDefinitions.conforms(opened);
          case "gen_ai.retrieval.documents", "gen_ai.memory.records" -> opened.isArray();
          default -> true; // arguments and results may have any type, including text
        };
    boolean anything = key.startsWith("gen_ai.tool.call.");
    if (!anything && (!conforms || opened.truncated())) {
      String detail = !opened.isPresent() ? "is no JSON" : "is not in the schema's shape";
      findings.add(
          new Finding(Rule.CONTENT_SHAPE, key, opened.truncated() ? "was cut off" : detail));
    }
  }

  private static void members(IndexedSpan span, Attribute attribute, List<Finding> findings) {
    if (attribute.members().isEmpty() || !span.get(attribute.key()).isText()) {
      return;
    }
    String value = span.get(attribute.key()).text();
    if (attribute.members().contains(value)) {
      return;
    }
    String known =
        switch (attribute.key()) {
          case "gen_ai.operation.name" -> Operations.canonical(value);
          case "gen_ai.provider.name" -> Providers.canonical(value);
          default -> value;
        };
    if (known == null && attribute.key().equals("gen_ai.provider.name")) {
      findings.add(
          new Finding(Rule.FRAMEWORK_AS_PROVIDER, attribute.key(), "the value names a framework"));
    } else if (known != null && attribute.members().contains(known)) {
      findings.add(
          new Finding(Rule.NOT_WELL_KNOWN, attribute.key(), "the well-known value is " + known));
    } else {
      findings.add(
          new Finding(Rule.CUSTOM_VALUE, attribute.key(), "the value is none of the well-known"));
    }
  }

  private static void operation(IndexedSpan span, List<Finding> findings) {
    SpanKind kind = span.span().kind();
    // A tool that is called over MCP within its own span is a span of the tool.
    if (span.has("mcp.method.name") && (kind == SpanKind.CLIENT || kind == SpanKind.SERVER)) {
      mcp(span, findings);
      return;
    }
    String operation = span.get("gen_ai.operation.name").text();
    if (operation == null) {
      findings.add(
          new Finding(Rule.OPERATION_MISSING, "gen_ai.operation.name", "every span needs it"));
      return;
    }
    GenAiSpanType type = GenAiSpanType.of(operation, kind);
    if (type == null) {
      return;
    }
    for (AttributeKey<?> required : type.required()) {
      if (!span.has(required.getKey())) {
        Rule rule = Objects.requireNonNull(REQUIRED.get(required.getKey()), required.getKey());
        findings.add(new Finding(rule, required.getKey(), type.operations() + " need it"));
      }
    }
    boolean model = GenAiAttributes.GEN_AI_REQUEST_MODEL.equals(type.subject());
    if (model && !span.has("gen_ai.request.model")) {
      findings.add(
          new Finding(Rule.MODEL_MISSING, "gen_ai.request.model", "calls have it if it is known"));
    }
    if (kind != type.kind() && kind != SpanKind.INTERNAL) {
      findings.add(new Finding(Rule.SPAN_KIND, "", "is " + kind));
    }
    String subject = type.subject() == null ? null : span.text(type.subject().getKey());
    if (!span.name().equals(type.spanName(operation, subject))) {
      String with = type.subject() == null ? "" : ", a space and " + type.subject().getKey();
      findings.add(new Finding(Rule.SPAN_NAME, "", "should be the operation" + with));
    }
    if (type == GenAiSpanType.FETCH_RESPONSE && span.hasPrefix("gen_ai.usage.")) {
      findings.add(new Finding(Rule.USAGE_NOT_OWN, "", "the call that was answered has it"));
    }
  }

  /** A span of the Model Context Protocol has an operation only if it calls a tool. */
  private static void mcp(IndexedSpan span, List<Finding> findings) {
    String method = span.get("mcp.method.name").text();
    String tool = span.text("gen_ai.tool.name");
    String subject = tool == null ? span.text("gen_ai.prompt.name") : tool;
    if (method != null && !span.name().equals(subject == null ? method : method + " " + subject)) {
      findings.add(
          new Finding(Rule.SPAN_NAME, "", "should be the method, a space and the tool or prompt"));
    }
  }

  private void usage(IndexedSpan span, List<Finding> findings) {
    long input = span.count("gen_ai.usage.input_tokens");
    long read = span.count("gen_ai.usage.cache_read.input_tokens");
    long cache = TokenUsage.known(read) + TokenUsage.known(span.count(cacheWriteKey));
    if (input >= 0 && cache > input) {
      findings.add(
          new Finding(
              Rule.PARTS_EXCEED_TOTAL,
              "gen_ai.usage.input_tokens",
              "should include cache reads and cache writes"));
    }
    long output = span.count("gen_ai.usage.output_tokens");
    if (output >= 0 && span.count("gen_ai.usage.reasoning.output_tokens") > output) {
      findings.add(
          new Finding(
              Rule.PARTS_EXCEED_TOTAL, "gen_ai.usage.output_tokens", "should include reasoning"));
    }
  }

  private static String typeOf(Value<?> value) {
    return switch (value.getType()) {
      case STRING -> "string";
      case LONG -> "int";
      case DOUBLE -> "double";
      case BOOLEAN -> "boolean";
      case ARRAY -> isOfStrings(value) ? "string[]" : "array";
      case KEY_VALUE_LIST -> "map";
      default -> "something else";
    };
  }

  private static boolean isOfStrings(Value<?> array) {
    for (Json element : Json.of(array)) {
      if (!element.isPresent() || element.value().getType() != ValueType.STRING) {
        return false;
      }
    }
    return true;
  }

  private static boolean isCoreKey(String key) {
    return Registry.attributes().values().stream().anyMatch(a -> key.equals(a.coreKey()));
  }

  /** Keys that end with a name chosen by the emitter, and the conventions' draft of costs. */
  private static boolean isOfAFamily(String key) {
    return key.startsWith("gen_ai.prompt.variable.") || key.startsWith("gen_ai.usage.cost");
  }

  private static Map<String, String> oldNames() {
    Map<String, String> names = new HashMap<>();
    for (Rename<?> rename : new OtelLegacyDialect().renames()) {
      String key = rename.slot().key(ConventionVersion.GENAI_DEV);
      if (rename.key().startsWith("gen_ai.") && key != null) {
        names.put(rename.key(), key);
      }
    }
    names.put(
        Slot.CACHE_WRITE_TOKENS.key(ConventionVersion.CORE_1_41),
        Slot.CACHE_WRITE_TOKENS.key(ConventionVersion.GENAI_DEV));
    names.put("gen_ai.prompt", "gen_ai.input.messages");
    names.put("gen_ai.completion", "gen_ai.output.messages");
    return Map.copyOf(names);
  }
}
