package dev.tallyspan.collector.output.export;

import static dev.tallyspan.collector.processor.LlmRequests.chat;
import static dev.tallyspan.collector.processor.LlmRequests.traces;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tallyspan.collector.exporter.Exporter;
import dev.tallyspan.collector.flow.OtlpRequest;
import dev.tallyspan.collector.flow.Outcome;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.pipeline.Batch;
import dev.tallyspan.collector.pipeline.Processor;
import dev.tallyspan.collector.processor.LlmProcessor;
import dev.tallyspan.collector.processor.LlmRequests;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ExportOutputTest {

  private final List<Outcome> answers = new ArrayList<>();
  private final ProfileRenderer renderer = new ProfileRenderer(Profile.DEFAULT, failure -> {});

  @Test
  void exportersShareTheBytes() throws Exception {
    List<OtlpRequest> sent = new ArrayList<>();

    new ExportOutput(renderer, List.of(exporter(sent::add), exporter(sent::add))).write(batch());

    assertThat(sent).hasSize(2);
    assertThat(sent.get(0).bytes()).isSameAs(sent.get(1).bytes());
    assertThat(LlmRequests.spans(sent.get(0).bytes().toByteArray()).get(0).getAttributesList())
        .anyMatch(it -> it.getKey().equals("tallyspan.cost.total"));
  }

  @Test
  void senderIsAnsweredOnceTheLastExporterHasSettled() throws Exception {
    List<OtlpRequest> sent = new ArrayList<>();
    Exporter immediate = exporter(request -> request.ack().settle(Outcome.ACCEPTED));

    new ExportOutput(renderer, List.of(immediate, exporter(sent::add))).write(batch());

    assertThat(answers).isEmpty();
    sent.get(0).ack().settle(Outcome.ACCEPTED);
    assertThat(answers).containsExactly(Outcome.ACCEPTED);
  }

  @Test
  void exporterThatThrowsRefusesOnlyItsShare() throws Exception {
    List<OtlpRequest> sent = new ArrayList<>();
    Exporter broken =
        exporter(
            request -> {
              throw new IllegalStateException("a prompt");
            });

    new ExportOutput(renderer, List.of(broken, exporter(sent::add))).write(batch());
    sent.get(0).ack().settle(Outcome.ACCEPTED);

    assertThat(answers)
        .containsExactly(new Outcome.Partial(0, "1 of 2 exporters refused: internal error"));
  }

  @Test
  void processorsApplyToWhatIsWritten() throws Exception {
    List<OtlpRequest> sent = new ArrayList<>();
    List<Batch> seen = new ArrayList<>();
    Processor dropping =
        batch -> {
          seen.add(batch);
          return batch.only(new BitSet());
        };

    new ExportOutput(renderer, List.of(dropping), List.of(exporter(sent::add))).write(batch());

    byte[] written = seen.get(0).request().bytes().toByteArray();
    assertThat(LlmRequests.spans(written).toString()).contains("tallyspan.cost.total");
    assertThat(sent).isEmpty();
    assertThat(answers).containsExactly(Outcome.ACCEPTED);
  }

  @Test
  void outputNeedsAnExporter() {
    assertThatThrownBy(() -> new ExportOutput(renderer, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("exporters=[]: at least one is needed");
  }

  private Batch batch() throws Exception {
    return LlmProcessor.builder()
        .build()
        .apply(LlmRequests.batch(Signal.TRACES, traces(chat("1", "", "gpt-4o")), answers::add));
  }

  private static Exporter exporter(Consumer<OtlpRequest> send) {
    return new Exporter() {
      @Override
      public void send(OtlpRequest request) {
        send.accept(request);
      }

      @Override
      public void close(Duration drain) {}
    };
  }
}
