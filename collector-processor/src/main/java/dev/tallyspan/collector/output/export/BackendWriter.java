package dev.tallyspan.collector.output.export;

import dev.tallyspan.collector.output.export.BackendAttributes.Form;
import dev.tallyspan.collector.output.export.BackendAttributes.Members;
import dev.tallyspan.collector.output.export.BackendAttributes.One;
import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.collector.spans.WireSpanView;
import dev.tallyspan.collector.wire.SpanEdits;
import dev.tallyspan.collector.wire.WireSpan;
import dev.tallyspan.semconv.AttributeEdits;
import dev.tallyspan.semconv.GenAiSpanType;
import dev.tallyspan.semconv.JsonText;
import dev.tallyspan.semconv.span.Cost;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.ShownText;
import dev.tallyspan.semconv.span.Slot;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.Value;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes what a backend reads besides the attributes of the conventions. Thread-safe. */
final class BackendWriter {

  private final BackendAttributes wanted;

  BackendWriter(BackendAttributes wanted) {
    this.wanted = wanted;
  }

  boolean showsRoots() {
    return wanted.showsRoots();
  }

  /**
   * Writes a span about an LLM.
   *
   * @param llm what is written of it
   * @param copied attributes that the span gets from its trace
   */
  void write(
      LlmSpan llm,
      Cost cost,
      Attributes copied,
      WireSpan span,
      AttributeEdits edits,
      SpanEdits spanEdits) {
    WireSpanView view = new WireSpanView(span);
    Fact.Source source = new Fact.Source(llm, cost, view, wanted.kinds(), copied);
    wanted
        .attributes()
        .forEach(
            (key, form) -> {
              if (span.attributes().indexOf(key) < 0) {
                write(key, form, source, edits);
              }
            });
    if (wanted.conventionalNames()) {
      String name = conventionalName(llm, view);
      if (name != null && !name.equals(span.name())) {
        spanEdits.setName(name);
      }
    }
  }

  private static void write(String key, Form form, Fact.Source source, AttributeEdits edits) {
    if (form instanceof Members object) {
      Value<?> value = value(object, source);
      if (value != null) {
        edits.set(key, JsonText.of(value));
      }
      return;
    }
    Object fact = ((One) form).fact().from(source);
    if (fact instanceof String text) {
      edits.set(key, text);
    } else if (fact instanceof Long number) {
      edits.set(key, number.longValue());
    } else if (fact instanceof Double number) {
      edits.set(key, number.doubleValue());
    } else if (fact instanceof Value<?> value) {
      edits.set(key, JsonText.of(value));
    } else if (fact instanceof List<?> list) {
      edits.set(key, list.stream().map(String::valueOf).toList());
    }
  }

  private static @Nullable Value<?> value(Form form, Fact.Source source) {
    if (form instanceof Members object) {
      Map<String, Value<?>> members = new LinkedHashMap<>();
      object
          .members()
          .forEach(
              (name, member) -> {
                Value<?> value = value(member, source);
                if (value != null) {
                  members.put(name, value);
                }
              });
      return members.isEmpty() ? null : Value.of(members);
    }
    Object fact = ((One) form).fact().from(source);
    if (fact instanceof String text) {
      return Value.of(text);
    } else if (fact instanceof Long number) {
      return Value.of(number);
    } else if (fact instanceof Double number) {
      return Value.of(number);
    } else if (fact instanceof List<?> list) {
      return Value.of(list.stream().<Value<?>>map(each -> Value.of(String.valueOf(each))).toList());
    }
    return fact instanceof Value<?> value ? value : null;
  }

  private static @Nullable String conventionalName(LlmSpan llm, WireSpanView view) {
    String operation = llm.operation();
    GenAiSpanType type = operation == null ? null : GenAiSpanType.of(operation, view.kind());
    if (operation == null || type == null) {
      return null;
    }
    String subject =
        switch (Kind.of(llm)) {
          case TOOL -> llm.toolName();
          case AGENT -> llm.agentName();
          case LLM, EMBEDDING, RERANKER -> llm.requestModel();
          case RETRIEVER, WORKFLOW, OTHER -> null;
        };
    return subject == null ? null : type.spanName(operation, subject);
  }

  /**
   * Writes what was asked and answered, the session and the tags on the root of a trace, which is
   * often about no LLM.
   *
   * @param records of the request; those of other traces are ignored
   * @param own what the root says itself, and already shows; null if it is about no LLM
   * @param withContent whether what was asked and answered is written
   */
  void writeRoot(
      List<SpanRecord> records,
      @Nullable LlmSpan own,
      boolean withContent,
      WireSpan root,
      AttributeEdits edits) {
    SpanRecord first = null;
    SpanRecord last = null;
    Set<String> sessions = new HashSet<>();
    Set<String> tags = new LinkedHashSet<>();
    String traceId = root.traceId();
    for (SpanRecord record : records) {
      if (!record.traceId().equals(traceId)) {
        continue;
      }
      LlmSpan llm = record.llm();
      String session = llm.sessionId() == null ? llm.conversationId() : llm.sessionId();
      if (session != null) {
        sessions.add(session);
      }
      List<String> tagged = llm.get(Slot.TAGS);
      if (tagged != null) {
        tags.addAll(tagged);
      }
      if (!withContent) {
        continue;
      }
      if ((first == null || record.startEpochNanos() < first.startEpochNanos())
          && !record.llm().inputMessages().isEmpty()
          && ShownText.input(record.llm()) != null) {
        first = record;
      }
      if ((last == null || record.endEpochNanos() > last.endEpochNanos())
          && !record.llm().outputMessages().isEmpty()
          && ShownText.output(record.llm()) != null) {
        last = record;
      }
    }
    if (sessions.size() == 1) {
      set(wanted.rootSession(), sessions.iterator().next(), root, edits);
    }
    if (!tags.isEmpty()) {
      set(wanted.rootTags(), String.join(",", tags), root, edits);
    }
    if (first != null && (own == null || ShownText.input(own) == null)) {
      set(wanted.rootInput(), ShownText.input(first.llm()), root, edits);
    }
    if (last != null && (own == null || ShownText.output(own) == null)) {
      set(wanted.rootOutput(), ShownText.output(last.llm()), root, edits);
    }
  }

  private static void set(
      @Nullable String key, @Nullable String text, WireSpan span, AttributeEdits edits) {
    if (key != null && text != null && span.attributes().indexOf(key) < 0) {
      edits.set(key, text);
    }
  }
}
