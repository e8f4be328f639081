package dev.tallyspan.collector.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tallyspan.collector.exporter.Exporter;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.wire.Slices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PipelineTest {

  /** One resource with one scope with one empty span. */
  private static final byte[] SPAN = {0x0a, 0x04, 0x12, 0x02, 0x12, 0x00};

  /** Keeps what it is sent, unsettled. */
  private static final class Kept implements Exporter {
    final List<OtlpRequest> requests = new ArrayList<>();

    @Override
    public void send(OtlpRequest request) {
      requests.add(request);
    }

    @Override
    public void close(Duration drain) {}
  }

  private final List<Outcome> answers = new ArrayList<>();
  private final SenderAck ack = new SenderAck(answers::add);
  private final Kept jaeger = new Kept();
  private final Kept langfuse = new Kept();

  @Test
  void senderIsAnsweredWhenEveryExporterHasSettled() {
    new Pipeline(Processor.PASS, List.of(jaeger, langfuse)).accept(request(SPAN));
    jaeger.requests.get(0).ack().settle(Outcome.ACCEPTED);
    assertThat(answers).isEmpty();
    langfuse.requests.get(0).ack().settle(Outcome.ACCEPTED);

    assertThat(answers).containsExactly(Outcome.ACCEPTED);
    assertThat(jaeger.requests.get(0).bytes().toByteArray()).isEqualTo(SPAN);
    assertThat(langfuse.requests.get(0).items()).isEqualTo(1);
  }

  @Test
  void exporterThatSettlesAtOnceDoesNotAnswerForTheOthers() {
    Exporter fast =
        new Exporter() {
          @Override
          public void send(OtlpRequest request) {
            request.ack().settle(Outcome.ACCEPTED);
          }

          @Override
          public void close(Duration drain) {}
        };
    new Pipeline(Processor.PASS, List.of(fast, jaeger)).accept(request(SPAN));

    assertThat(answers).isEmpty();
  }

  @Test
  void requestOfASenderThatHasGoneIsNotProcessed() {
    ack.withdraw();
    new Pipeline(Processor.PASS, List.of(jaeger)).accept(request(SPAN));

    assertThat(jaeger.requests).isEmpty();
    assertThat(((Outcome.Refused) answers.get(0)).code()).isEqualTo(StatusCode.CANCELLED);
  }

  @Test
  void stepThatFailsIsAnInternalErrorThatSaysNothing() {
    Processor failing =
        (signal, request) -> {
          throw new IllegalStateException("secret");
        };
    new Pipeline(failing, List.of(jaeger, langfuse)).accept(request(SPAN));

    assertThat(answers).containsExactly(Outcome.refused(StatusCode.INTERNAL, "internal error"));
  }

  @Test
  void malformedAndEmptyRequestsGoNoFurther() {
    Pipeline pipeline = new Pipeline(Processor.PASS, List.of(jaeger));
    pipeline.accept(request(new byte[] {0x0a, 100}));
    assertThat(((Outcome.Refused) answers.get(0)).code()).isEqualTo(StatusCode.INVALID_ARGUMENT);

    List<Outcome> empty = new ArrayList<>();
    pipeline.accept(
        new OtlpRequest(
            Signal.TRACES, Slices.of(new byte[] {0x0a, 0}), 0, new SenderAck(empty::add)));
    assertThat(empty).containsExactly(Outcome.ACCEPTED);
    assertThat(jaeger.requests).isEmpty();
  }

  @Test
  void needsAnExporter() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Pipeline(Processor.PASS, List.of()))
        .withMessage("exporters=[]: at least one is needed");
  }

  private OtlpRequest request(byte[] bytes) {
    return new OtlpRequest(Signal.TRACES, Slices.of(bytes), 1, ack);
  }
}
