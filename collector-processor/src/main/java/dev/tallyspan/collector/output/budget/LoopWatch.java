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
  private static final int MAX_TRACES = 4_000;

  /** Different calls per trace; those that were not repeated for the longest time are forgotten. */
  private static final int MAX_CALLS = 64;

  private static final int HASH_BYTES = 16;

  private enum Source {
    ASKED,
    RAN
  }

  /** How often a call was seen, and the hash of the id that it had last; 0 = none. */
  private static final class Seen {
    int times;
    int lastId;
  }

  private static final class Trace {
    /** By the hash of everything that makes calls identical, so that no sender fills the memory. */
    final Map<String, Seen> calls = new Recent<>(MAX_CALLS);

    boolean alerted;
  }

  /** Forgets the entries that were not used for the longest time. */
  private static final class Recent<V> extends LinkedHashMap<String, V> {
    private static final long serialVersionUID = 1;

    private final int most;

    Recent(int most) {
      super(16, 0.75f, /* accessOrder= */ true);
      this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
      return size() > most;
    }
  }

  private final int repeats;
  private final AlertSink alerts;
  private final InstantSource clock;
  private final LongCounter detected;

  /** By trace id. Guarded by itself. */
  private final Map<String, Trace> traces = new Recent<>(MAX_TRACES);

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
    if (span.record().traceId().isEmpty()) {
      return;
    }
    if (span.counts() == Counts.NOT_BILLED && Operations.EXECUTE_TOOL.equals(llm.operation())) {
      if (llm.toolName() != null) {
        String id = llm.get(Slot.TOOL_CALL_ID);
        count(span, Source.RAN, llm.toolName(), llm.toolCallArguments(), id);
      }
    } else if (span.counts() == Counts.BILLED) {
      for (Message message : llm.outputMessages()) {
        for (MessagePart part : message.parts()) {
          if (part instanceof MessagePart.ToolCall call) {
            count(span, Source.ASKED, call.name(), call.arguments(), call.id());
          }
        }
      }
    }
  }

  /**
   * @param id of the call; two spans in a row with the same id are about one call
   */
  private void count(
      CountedSpan span,
      Source source,
      String tool,
      @Nullable Value<?> arguments,
      @Nullable String id) {
    String agent = span.llm().agentName() == null ? "" : span.llm().agentName();
    String traceId = span.record().traceId();
    String call = hash(source, agent, tool, arguments == null ? "" : arguments.asString());
    int times;
    synchronized (traces) {
      Trace trace = traces.computeIfAbsent(traceId, any -> new Trace());
      if (trace.alerted) {
        return;
      }
      Seen seen = trace.calls.computeIfAbsent(call, any -> new Seen());
      int idHash = id == null ? 0 : id.hashCode();
      if (idHash != 0 && idHash == seen.lastId) {
        return;
      }
      seen.lastId = idHash;
      times = ++seen.times;
      if (times < repeats) {
        return;
      }
      trace.alerted = true;
      trace.calls.clear();
    }
    detected.add(1);
    alerts.send(new Alert.Loop(clock.instant(), traceId, agent, tool, times));
  }

  private static String hash(Source source, String agent, String tool, String arguments) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String part : new String[] {source.name(), agent, tool, arguments}) {
        digest.update(part.getBytes(UTF_8));
        digest.update((byte) 0);
      }
      return HexFormat.of().formatHex(digest.digest(), 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // Every Java platform has it.
    }
  }
}
