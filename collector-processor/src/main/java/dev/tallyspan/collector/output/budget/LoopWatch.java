package dev.tallyspan.collector.output.budget;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.tallyspan.collector.accounting.CountedSpan;
import dev.tallyspan.collector.accounting.CountedSpan.Counts;
import dev.tallyspan.collector.accounting.SpanListener;
import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.MessagePart;
import dev.tallyspan.semconv.Operations;
import dev.tallyspan.semconv.span.LlmSpan;
import dev.tallyspan.semconv.span.Slot;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sends an alert when an agent calls a tool with the same arguments again and again within one
 * trace: once per trace. Thread-safe.
 *
 * <p>A call of a tool may be seen twice, when the model asks for it and when the tool runs. The two
 * are counted apart, and whichever reaches the number first sends the alert. Arguments are kept as
 * a hash.
 */
public final class LoopWatch implements SpanListener {

  /** Traces beyond these are forgotten, those first that had no tool call for the longest time. */
  private static final int MAX_TRACES = 10_000;

  /** Different calls per trace that are counted; further ones are not. */
  private static final int MAX_CALLS = 256;

  private static final int HASH_BYTES = 16;

  private enum Source {
    ASKED,
    RAN
  }

  private record Call(Source source, String agent, String tool, String arguments) {}

  private static final class Seen {
    int times;
    String lastId = "";
  }

  private static final class Trace {
    final Map<Call, Seen> calls = new HashMap<>();
    boolean alerted;
  }

  private final int repeats;
  private final AlertSink alerts;
  private final InstantSource clock;
  private final LongCounter detected;

  /** By trace id, in the order of the last tool call. Guarded by itself. */
  private final Map<String, Trace> traces =
      new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Trace> eldest) {
          return size() > MAX_TRACES;
        }
      };

  /**
   * @param repeats the number of identical calls that is a loop; at least 2
   */
  public LoopWatch(int repeats, AlertSink alerts, Meter meter, InstantSource clock) {
    if (repeats < 2) {
      throw new IllegalArgumentException("repeats=" + repeats + ": must be 2 or more");
    }
    this.repeats = repeats;
    this.alerts = requireNonNull(alerts, "alerts");
    this.clock = requireNonNull(clock, "clock");
    detected =
        meter
            .counterBuilder("tallyspan.loops.detected")
            .setUnit("{trace}")
            .setDescription("Traces in which an agent repeated a tool call too often.")
            .build();
  }

  @Override
  public void onSpan(CountedSpan span) {
    LlmSpan llm = span.llm();
    String trace = span.record().traceId();
    if (trace.isEmpty()) {
      return;
    }
    String agent = llm.agentName() == null ? "" : llm.agentName();
    if (span.counts() == Counts.NOT_BILLED && Operations.EXECUTE_TOOL.equals(llm.operation())) {
      if (llm.toolName() != null) {
        count(
            trace,
            new Call(Source.RAN, agent, llm.toolName(), hash(llm.toolCallArguments())),
            llm.get(Slot.TOOL_CALL_ID));
      }
    } else if (span.counts() == Counts.BILLED) {
      for (Message message : llm.outputMessages()) {
        for (MessagePart part : message.parts()) {
          if (part instanceof MessagePart.ToolCall call) {
            count(
                trace,
                new Call(Source.ASKED, agent, call.name(), hash(call.arguments())),
                call.id());
          }
        }
      }
    }
  }

  /**
   * @param id of the call; two spans in a row with the same id are about one call
   */
  private void count(String traceId, Call call, @Nullable String id) {
    int calls;
    synchronized (traces) {
      Trace trace = traces.computeIfAbsent(traceId, any -> new Trace());
      if (trace.alerted || trace.calls.size() >= MAX_CALLS && !trace.calls.containsKey(call)) {
        return;
      }
      Seen seen = trace.calls.computeIfAbsent(call, any -> new Seen());
      if (id != null && !id.isEmpty()) {
        if (id.equals(seen.lastId)) {
          return;
        }
        seen.lastId = id;
      }
      calls = ++seen.times;
      if (calls < repeats) {
        return;
      }
      trace.alerted = true;
      trace.calls.clear();
    }
    detected.add(1);
    alerts.send(new Alert.Loop(clock.instant(), traceId, call.agent, call.tool, calls));
  }

  private static String hash(@Nullable Value<?> arguments) {
    if (arguments == null) {
      return "";
    }
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(arguments.asString().getBytes(UTF_8));
      return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // Every Java platform has it.
    }
  }
}
