package dev.tallyspan.collector.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.SpanRecord;
import dev.tallyspan.collector.wire.MalformedRequestException;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A large request is read by several threads, and the result is that of one. */
class SharedWorkTest {

  private static final Executor NEW_THREADS = task -> new Thread(task, "helper").start();

  @Test
  void recordsOfManyThreadsAreThoseOfOneInTheirOrder() throws Exception {
    byte[] request = requestOfChats(500);

    assertThat(read(request, new SharedWork(NEW_THREADS, 4)))
        .hasSize(500)
        .isEqualTo(read(request, new SharedWork(NEW_THREADS, 1)));
  }

  @Test
  void callerDoesEverythingIfAllThreadsAreBusy() throws Exception {
    Executor busy =
        task -> {
          throw new RejectedExecutionException("busy");
        };

    assertThat(numbers(1000, new SharedWork(busy, 4))).isEqualTo(upTo(1000));
  }

  @Test
  void callerDoesNotWaitForThreadsThatDoNotCome() throws Exception {
    assertThat(numbers(1000, new SharedWork(task -> {}, 4))).isEqualTo(upTo(1000));
  }

  @Test
  void helperThatComesTooLateDoesNothing() throws Exception {
    List<Runnable> late = new ArrayList<>();
    AtomicInteger read = new AtomicInteger();
    new SharedWork(late::add, 4)
        .read(
            100,
            (from, to) -> {
              read.addAndGet(to - from);
              return List.of();
            });

    late.forEach(Runnable::run);

    assertThat(late).isNotEmpty();
    assertThat(read).hasValue(100);
  }

  @Test
  void twoThreadsReadAtTheSameTime() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    List<String> threads = Collections.synchronizedList(new ArrayList<>());

    new SharedWork(NEW_THREADS, 2)
        .read(
            64,
            (from, to) -> {
              threads.add(Thread.currentThread().getName());
              both.countDown();
              assertThat(await(both)).isTrue();
              return List.of();
            });

    assertThat(threads).hasSize(2).doesNotHaveDuplicates().contains("helper");
  }

  @Test
  void smallRequestIsReadByItsThreadAlone() throws Exception {
    AtomicInteger helpers = new AtomicInteger();
    numbers(63, new SharedWork(task -> helpers.incrementAndGet(), 4));
    assertThat(helpers).hasValue(0);
  }

  @Test
  void noThreadHelpsWhileAllProcessorsHaveARequest() throws Exception {
    AtomicInteger helpers = new AtomicInteger();
    SharedWork shared = new SharedWork(task -> helpers.incrementAndGet(), 2);

    shared.read(
        1,
        (from, to) -> {
          numbers(1000, shared);
          return List.of();
        });

    assertThat(helpers).hasValue(0);
    numbers(1000, shared);
    assertThat(helpers).hasValue(1);
  }

  @Test
  void requestIsRefusedForItsFirstFaultAsByOneThread() throws Exception {
    byte[] request = requestOfChats(300);
    // A span has no end within its field: the lengths of two of its values are too large.
    damage(request, "chat-number-120");
    damage(request, "chat-number-250");

    String alone = refusal(request, new SharedWork(NEW_THREADS, 1));
    assertThat(refusal(request, new SharedWork(NEW_THREADS, 4))).isEqualTo(alone);
  }

  @Test
  void errorOfAnotherThreadReachesTheCaller() {
    SharedWork shared = new SharedWork(NEW_THREADS, 4);
    CountDownLatch both = new CountDownLatch(2);

    assertThatThrownBy(
            () ->
                shared.read(
                    64,
                    (from, to) -> {
                      both.countDown();
                      await(both);
                      if (Thread.currentThread().getName().equals("helper")) {
                        throw new IllegalStateException("from a helper");
                      }
                      return List.of();
                    }))
        .hasMessage("from a helper");
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Integer> numbers(int items, SharedWork shared)
      throws MalformedRequestException {
    return shared.read(items, (from, to) -> IntStream.range(from, to).boxed().toList());
  }

  private static List<Integer> upTo(int items) {
    return IntStream.range(0, items).boxed().toList();
  }

  private static List<String> read(byte[] request, SharedWork shared) throws Exception {
    Batch batch = LlmRequests.batch(Signal.TRACES, request, outcome -> {});
    return LlmProcessor.builder().sharedWork(shared).build().apply(batch).records().stream()
        .map(SharedWorkTest::text)
        .toList();
  }

  private static String text(SpanRecord record) {
    return record.item()
        + " "
        + record.spanId()
        + " "
        + record.llm().requestModel()
        + " "
        + record.llm().responseId()
        + " "
        + record.cost().total();
  }

  private static String refusal(byte[] request, SharedWork shared) throws Exception {
    try {
      read(request, shared);
      throw new AssertionError("the request was not refused");
    } catch (MalformedRequestException e) {
      return e.getMessage();
    }
  }

  private static byte[] requestOfChats(int chats) {
    return LlmRequests.traces(
        IntStream.range(0, chats)
            .mapToObj(
                i ->
                    LlmRequests.chat("1", "", i % 3 == 0 ? "gpt-4o" : "gpt-4o-mini")
                        .setSpanId(ByteString.copyFromUtf8("%08d".formatted(i)))
                        .addAttributes(
                            LlmRequests.attribute("gen_ai.response.id", "chat-number-" + i))
                        .addAttributes(LlmRequests.attribute("gen_ai.usage.output_tokens", i)))
            .toArray(Span.Builder[]::new));
  }

  /** Makes the value that holds a text end after its attribute, which the index does not notice. */
  private static void damage(byte[] request, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i + bytes.length <= request.length; i++) {
      if (Arrays.equals(request, i, i + bytes.length, bytes, 0, bytes.length)) {
        request[i - 1] += 1;
        return;
      }
    }
    throw new IllegalStateException("text=" + text + ": not in the request");
  }
}
