package dev.tallyspan.benchmarks;

import dev.tallyspan.semconv.Message;
import dev.tallyspan.semconv.Messages;
import dev.tallyspan.semconv.content.ContentMode;
import dev.tallyspan.semconv.content.ContentPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the content policy costs, in microseconds per KiB of content. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgs = {"-Xmx1g", "-XX:+UseParallelGC", "-Xbatch"})
public class ContentPolicyBenchmark {

  private static final int KIB = 64;

  private static final String PROSE =
      "The supplier shall deliver the goods within thirty days of the order, unless both parties"
          + " agree otherwise in writing. Clause 12.4 applies to orders above 10,000 EUR (see annex"
          + " B-7): the buyer may refuse partial deliveries; refunds take up to 14 days.\n";

  private static final String CODE =
      "for (int i = 0; i < values.length; i++) {\n  total += values[i] * rate; // 0.0725\n"
          + "  log.info(\"item={} total={}\", i, total);\n}\n";

  /** What is in the text. */
  public enum Text {
    PROSE,
    CODE,
    /** A conversation as JSON, with escaped line ends. */
    MESSAGES,
    /** The same with an e-mail address and a phone number in each KiB. */
    FINDINGS,
    BASE64
  }

  @Param public Text text;

  @Param({"REDACTED", "FULL"})
  public ContentMode mode;

  private String content = "";
  private ContentPolicy policy = ContentPolicy.of(ContentMode.NONE);

  /** Makes 64 KiB of content. */
  @Setup
  public void setUp() {
    policy = ContentPolicy.of(mode);
    content =
        switch (text) {
          case PROSE -> filled(PROSE, "");
          case CODE -> filled(CODE, "");
          case MESSAGES -> messages(PROSE + CODE);
          case FINDINGS ->
              messages(PROSE + CODE + PROSE + "Write to anna@firma.test or call +49 30 1234567.\n");
          case BASE64 -> filled("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ", "");
        };
  }

  private static String filled(String unit, String start) {
    StringBuilder filled = new StringBuilder(start);
    while (filled.length() < KIB * 1024) {
      filled.append(unit);
    }
    return filled.substring(0, KIB * 1024);
  }

  private static String messages(String unit) {
    List<Message> messages = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      messages.add(
          Message.text(i % 2 == 0 ? "user" : "assistant", filled(unit, "").substring(0, 4000)));
    }
    return Messages.toJson(messages);
  }

  @Benchmark
  @OperationsPerInvocation(KIB)
  public Object apply() {
    return policy.text("gen_ai.input.messages", content);
  }
}
