package dev.tallyspan.semconv.internal.dialect;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.internal.json.Json;
import dev.tallyspan.semconv.internal.message.PartReader;
import dev.tallyspan.semconv.span.Slot;
import io.opentelemetry.api.common.Value;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Spans of Langfuse's SDKs, and of others that are told Langfuse's attributes. What a span is, its
 * observation type says. Attributes of the trace stand on spans of every sort and recognise none.
 */
final class LangfuseDialect implements Dialect {

  private static final String OBSERVATION = "langfuse.observation.";
  private static final String TYPE = OBSERVATION + "type";
  private static final String INPUT = OBSERVATION + "input";
  private static final String OUTPUT = OBSERVATION + "output";
  private static final String MODEL = OBSERVATION + "model.name";
  private static final String USAGE = OBSERVATION + "usage_details";
  private static final String COST = OBSERVATION + "cost_details";
  private static final String METADATA = OBSERVATION + "metadata";
  private static final String FIRST_TOKEN = OBSERVATION + "completion_start_time";

  private static final List<Rename<?>> RENAMES =
      List.of(
          Rename.of(OBSERVATION + "prompt.name", Slot.PROMPT_NAME),
          Rename.of(OBSERVATION + "prompt.version", Slot.PROMPT_VERSION),
          Rename.of("langfuse.user.id", Slot.USER_ID),
          Rename.of("langfuse.session.id", Slot.SESSION_ID),
          Rename.of("langfuse.trace.tags", Slot.TAGS),
          Rename.of("langfuse.tags", Slot.TAGS));

  @Override
  public String id() {
    return "langfuse";
  }

  @Override
  public List<String> markers() {
    return List.of(OBSERVATION);
  }

  @Override
  public boolean recognises(IndexedSpan span) {
    return span.hasPrefix(OBSERVATION);
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
    String type = type(span);
    Json metadata = metadata(span);
    boolean call = type.equals("generation") || type.equals("embedding");
    LangChainMetadata.read(call ? metadata : withoutModel(metadata), METADATA, out);
    who(span, metadata, out);
    switch (type) {
      case "generation" -> generation(span, metadata, out);
      case "embedding" -> {
        out.offer(Slot.OPERATION, Operations.EMBEDDINGS, TYPE);
        call(span, out);
      }
      case "agent" -> agent(span, metadata, out);
      case "tool" -> tool(span, out);
      case "retriever" -> retriever(span, out);
      default -> {
        if (!out.has(Slot.REQUEST_MODEL)) {
          out.withoutOperation();
        }
        LangfuseUsage.read(span.json(USAGE), USAGE, out);
      }
    }
    error(span, out);
  }

  /** The type in lower case; told from the keys, if the span does not say it. */
  private static String type(IndexedSpan span) {
    String type = span.text(TYPE);
    if (type != null) {
      return type.strip().toLowerCase(Locale.ROOT);
    }
    return span.has(MODEL) || span.has(USAGE) ? "generation" : "span";
  }

  /** The metadata: one JSON object, or an attribute for each member, with quotes in Python. */
  private static Json metadata(IndexedSpan span) {
    Map<String, Value<?>> members = new LinkedHashMap<>(span.json(METADATA).values());
    String prefix = METADATA + ".";
    for (String key : span.keys()) {
      if (key.startsWith(prefix) && span.get(key).isPresent()) {
        members.put(key.substring(prefix.length()), CallPayload.unquoted(span.get(key)).value());
      }
    }
    return Json.of(Value.of(members));
  }

  /** What LangChain records about a model is also on the spans around the call. */
  private static Json withoutModel(Json metadata) {
    Map<String, Value<?>> members = metadata.values();
    members.keySet().removeIf(name -> name.startsWith("ls_"));
    return Json.of(Value.of(members));
  }

  private static void who(IndexedSpan span, Json metadata, Draft out) {
    Json user = metadata.first("langfuse_user_id", "langfuseUserId", "userId");
    out.offerBlob(Slot.USER_ID, user, METADATA);
    Json session = metadata.first("langfuse_session_id", "langfuseSessionId", "sessionId");
    out.offerBlob(Slot.SESSION_ID, session, METADATA);
    out.offerBlob(Slot.TAGS, metadata.get("tags"), METADATA);
    // Langfuse's session is what users see as one conversation.
    out.infer(Slot.CONVERSATION_ID, out.text(Slot.SESSION_ID), "session.id");
  }

  private static void generation(IndexedSpan span, Json metadata, Draft out) {
    boolean embedding = isEmbedding(span);
    out.offer(Slot.OPERATION, embedding ? Operations.EMBEDDINGS : Operations.CHAT, TYPE);
    out.offerBlob(Slot.TOOL_DEFINITIONS, metadata.get("tools"), METADATA);
    call(span, out);
    if (!embedding) {
      CallPayload.readInput(span.get(INPUT), INPUT, out);
      CallPayload.readOutput(span.get(OUTPUT), OUTPUT, out);
      out.content(() -> answersOfTools(out), Slot.INPUT_MESSAGES);
    }
  }

  /** SDK wrappers call an embedding a generation, too. */
  private static boolean isEmbedding(IndexedSpan span) {
    String model = String.valueOf(span.text(MODEL)).toLowerCase(Locale.ROOT);
    return model.contains("embed") && span.text(OUTPUT) == null
        || span.name().toLowerCase(Locale.ROOT).endsWith(".embeddings");
  }

  private static void call(IndexedSpan span, Draft out) {
    String parameters = OBSERVATION + "model.parameters";
    RequestParameters.read(span.json(parameters), parameters, out);
    models(span, out);
    ModelFamilies.inferProvider(out);
    LangfuseUsage.read(span.json(USAGE), USAGE, out);
    LangfuseUsage.readCost(span.json(COST), COST, out);
    timeToFirstToken(span, out);
  }

  /** Langfuse has one model: the answer's where known, so that another one was asked for. */
  private static void models(IndexedSpan span, Draft out) {
    String model = span.text(MODEL);
    String asked = out.text(Slot.REQUEST_MODEL);
    boolean answers = asked != null && !asked.equals(model);
    if (asked == null) {
      out.offer(Slot.REQUEST_MODEL, model, MODEL);
    } else if (answers) {
      out.offer(Slot.RESPONSE_MODEL, model, MODEL);
    }
    out.consumed(MODEL, answers ? Slot.RESPONSE_MODEL : Slot.REQUEST_MODEL, model);
  }

  private static void timeToFirstToken(IndexedSpan span, Draft out) {
    String time = CallPayload.unquoted(span.get(FIRST_TOKEN)).text();
    if (time == null || span.span().startEpochNanos() <= 0) {
      return;
    }
    try {
      Instant first = Instant.parse(time);
      Instant start = Instant.ofEpochSecond(0, span.span().startEpochNanos());
      Instant end = Instant.ofEpochSecond(0, span.span().endEpochNanos());
      if (!first.isBefore(start) && !first.isAfter(end)) {
        double seconds = java.time.Duration.between(start, first).toNanos() / 1e9;
        out.offer(Slot.TIME_TO_FIRST_CHUNK, Json.of(Value.of(seconds)), FIRST_TOKEN);
      }
    } catch (DateTimeParseException | ArithmeticException e) {
      // no time, so there is nothing to offer
    }
  }

  private static void agent(IndexedSpan span, Json metadata, Draft out) {
    out.offer(Slot.OPERATION, Operations.INVOKE_AGENT, TYPE);
    out.offerBlob(Slot.AGENT_NAME, metadata.get("lc_agent_name"), METADATA);
    out.infer(Slot.AGENT_NAME, span.name(), "span name");
    LangfuseUsage.read(span.json(USAGE), USAGE, out);
    CallPayload.readMessages(Slot.INPUT_MESSAGES, "user", span.get(INPUT), INPUT, out);
    CallPayload.readMessages(Slot.OUTPUT_MESSAGES, "assistant", span.get(OUTPUT), OUTPUT, out);
  }

  private static void tool(IndexedSpan span, Draft out) {
    out.offer(Slot.OPERATION, Operations.EXECUTE_TOOL, TYPE);
    ToolPayload.read(span.get(INPUT), INPUT, span.get(OUTPUT), OUTPUT, out);
    out.infer(Slot.TOOL_NAME, span.name(), "span name");
  }

  private static void retriever(IndexedSpan span, Draft out) {
    out.offer(Slot.OPERATION, Operations.RETRIEVAL, TYPE);
    Json input = span.get(INPUT);
    Json query = input.unwrap().isPresent() ? input.unwrap().first("query", "input") : input;
    out.offerBlob(Slot.RETRIEVAL_QUERY, query, INPUT);
    out.offerBlob(Slot.RETRIEVAL_DOCUMENTS, span.get(OUTPUT), OUTPUT);
  }

  private static void error(IndexedSpan span, Draft out) {
    String level = span.text(OBSERVATION + "level");
    if ("ERROR".equalsIgnoreCase(level) && !out.has(Slot.ERROR_TYPE)) {
      String exception = ErrorTexts.ofException(span);
      String message = span.text(OBSERVATION + "status_message");
      out.infer(
          Slot.ERROR_TYPE,
          exception != null ? exception : ErrorTexts.type(message, null),
          "level is ERROR");
    }
  }

  /** The LangChain handler writes the tool's name where the role of its answer belongs. */
  private static void answersOfTools(Draft out) {
    List<Message> read = out.get(Slot.INPUT_MESSAGES);
    if (read == null) {
      return;
    }
    Set<String> called = new HashSet<>();
    List<Message> mended = new ArrayList<>();
    for (Message message : read) {
      for (MessagePart part : message.parts()) {
        if (part instanceof MessagePart.ToolCall call) {
          called.add(call.name());
        }
      }
      mended.add(called.contains(message.role()) ? answer(message) : message);
    }
    if (!mended.equals(read)) {
      out.correct(Slot.INPUT_MESSAGES, List.copyOf(mended), "a tool's name as role");
    }
  }

  private static Message answer(Message message) {
    List<MessagePart> parts = new ArrayList<>();
    for (MessagePart part : message.parts()) {
      parts.add(
          part instanceof MessagePart.Text text
              ? new MessagePart.ToolCallResponse(
                  null,
                  PartReader.responseOrEmpty(Json.of(text.content())),
                  Map.of("name", Value.of(message.role())))
              : part);
    }
    return new Message("tool", parts);
  }
}
