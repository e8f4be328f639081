package dev.tallyspan.collector.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.SenderAck;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.flow.StatusCode;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.collector.wire.Slices;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class PipelineTest {

  /** One resource with one scope with one empty span. */
  private static final byte[] SPAN = {0x0a, 0x04, 0x12, 0x02, 0x12, 0x00};

  /** Keeps what it is sent, unsettled. */
  private static final class Kept implements Output {
    final List<OtlpRequest> requests = new ArrayList<>();

    @Override
    public void write(Batch batch) {
      requests.add(batch.request());
    }
  }

  private final List<Outcome> answers = new ArrayList<>();
  private final SenderAck ack = new SenderAck(answers::add);
  private final Kept jaeger = new Kept();
  private final Kept langfuse = new Kept();

  @Test
  void senderIsAnsweredWhenEveryOutputHasSettled() {
    new Pipeline(List.of(), List.of(jaeger, langfuse)).accept(request(SPAN));
    jaeger.requests.get(0).ack().settle(Outcome.ACCEPTED);
    assertThat(answers).isEmpty();
    langfuse.requests.get(0).ack().settle(Outcome.ACCEPTED);

    assertThat(answers).containsExactly(Outcome.ACCEPTED);
    assertThat(jaeger.requests.get(0).bytes().toByteArray()).isEqualTo(SPAN);
    assertThat(langfuse.requests.get(0).items()).isEqualTo(1);
  }

  @Test
  void outputThatSettlesAtOnceDoesNotAnswerForTheOthers() {
    Output fast = batch -> batch.request().ack().settle(Outcome.ACCEPTED);
    new Pipeline(List.of(), List.of(fast, jaeger)).accept(request(SPAN));

    assertThat(answers).isEmpty();
  }

  @Test
  void requestOfASenderThatHasGoneIsNotProcessed() {
    ack.withdraw();
    new Pipeline(List.of(), List.of(jaeger)).accept(request(SPAN));

    assertThat(jaeger.requests).isEmpty();
    assertThat(((Outcome.Refused) answers.get(0)).code()).isEqualTo(StatusCode.CANCELLED);
  }

  @Test
  void processorThatFailsIsAnInternalErrorThatSaysNothing() {
    Processor failing =
        batch -> {
          throw new IllegalStateException("secret");
        };
    new Pipeline(List.of(failing), List.of(jaeger, langfuse)).accept(request(SPAN));

    assertThat(answers).containsExactly(Outcome.refused(StatusCode.INTERNAL, "internal error"));
  }

  @Test
  void outputThatFailsDoesNotTakeTheOthersDown() {
    Output failing =
        batch -> {
          throw new IllegalStateException("secret");
        };
    new Pipeline(List.of(), List.of(failing, jaeger)).accept(request(SPAN));
    jaeger.requests.get(0).ack().settle(Outcome.ACCEPTED);

    assertThat(answers)
        .containsExactly(new Outcome.Partial(0, "1 of 2 exporters refused: internal error"));
  }

  @Test
  void malformedRequestIsRefusedAndGoesNoFurther() {
    Processor reading =
        batch -> {
          throw new MalformedRequestException("span at offset 3: is cut off");
        };
    new Pipeline(List.of(reading), List.of(jaeger)).accept(request(SPAN));

    assertThat(answers)
        .containsExactly(
            Outcome.refused(StatusCode.INVALID_ARGUMENT, "span at offset 3: is cut off"));
    assertThat(jaeger.requests).isEmpty();
  }

  @Test
  void requestOfWhichAProcessorLeavesNothingIsAcceptedAndGoesNoFurther() {
    Processor dropping = batch -> batch.only(new BitSet());
    Processor never =
        batch -> {
          throw new IllegalStateException("must not be called");
        };
    new Pipeline(List.of(dropping, never), List.of(jaeger)).accept(request(SPAN));

    assertThat(answers).containsExactly(Outcome.ACCEPTED);
    assertThat(jaeger.requests).isEmpty();
  }

  @Test
  void emptyRequestIsAcceptedAndGoesNoFurther() {
    new Pipeline(List.of(), List.of(jaeger))
        .accept(new OtlpRequest(Signal.TRACES, Slices.of(new byte[] {0x0a, 0}), 0, ack));

    assertThat(answers).containsExactly(Outcome.ACCEPTED);
    assertThat(jaeger.requests).isEmpty();
  }

  @Test
  void needsAnOutput() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Pipeline(List.of(), List.of()))
        .withMessage("outputs=[]: at least one is required");
  }

  private OtlpRequest request(byte[] bytes) {
    return new OtlpRequest(Signal.TRACES, Slices.of(bytes), 1, ack);
  }
}
