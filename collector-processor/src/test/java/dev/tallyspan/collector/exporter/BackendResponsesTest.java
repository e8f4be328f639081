package dev.tallyspan.collector.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.tallyspan.collector.flow.Outcome;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsPartialSuccess;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import java.time.Duration;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class BackendResponsesTest {

  private static byte[] response(long rejected, String message) {
    return ExportLogsServiceResponse.newBuilder()
        .setPartialSuccess(
            ExportLogsPartialSuccess.newBuilder()
                .setRejectedLogRecords(rejected)
                .setErrorMessage(message)
                .setUnknownFields(unknown()))
        .setUnknownFields(unknown())
        .build()
        .toByteArray();
  }

  private static UnknownFieldSet unknown() {
    return UnknownFieldSet.newBuilder()
        .addField(
            900,
            UnknownFieldSet.Field.newBuilder()
                .addVarint(-1)
                .addFixed32(1)
                .addFixed64(2)
                .addLengthDelimited(ByteString.copyFromUtf8("new"))
                .build())
        .build();
  }

  @Property
  void partialSuccessIsReadAsGeneratedCodeWritesIt(
      @ForAll @LongRange(min = 0) long rejected, @ForAll boolean message) {
    Outcome outcome = BackendResponses.success(response(rejected, message ? "why" : ""));

    if (rejected == 0 && !message) {
      assertThat(outcome).isEqualTo(Outcome.ACCEPTED);
    } else {
      assertThat(((Outcome.Partial) outcome).rejected()).isEqualTo(rejected);
    }
  }

  @Test
  void anEmptyPartialSuccessIsFullSuccess() {
    assertThat(BackendResponses.success(response(0, ""))).isEqualTo(Outcome.ACCEPTED);
    assertThat(BackendResponses.success(new byte[0])).isEqualTo(Outcome.ACCEPTED);
  }

  @Property
  void retryInfoIsReadAsGeneratedCodeWritesIt(
      @ForAll @LongRange(min = 0, max = 315_576_000_000L) long seconds,
      @ForAll @IntRange(min = 0, max = 999_999_999) int nanos) {
    Duration expected = seconds + nanos == 0 ? null : Duration.ofSeconds(seconds, nanos);

    assertThat(BackendResponses.retryDelay(status(seconds, nanos).toByteArray()))
        .isEqualTo(expected);
  }

  private static Status status(long seconds, int nanos) {
    RetryInfo info =
        RetryInfo.newBuilder()
            .setRetryDelay(
                com.google.protobuf.Duration.newBuilder().setSeconds(seconds).setNanos(nanos))
            .build();
    return Status.newBuilder()
        .setCode(14)
        .setMessage("busy")
        .addDetails(Any.pack(com.google.rpc.Help.getDefaultInstance()))
        .addDetails(Any.pack(info).toBuilder().setUnknownFields(unknown()))
        .addDetails(Any.pack(com.google.rpc.Help.getDefaultInstance()))
        .build();
  }

  @Test
  void theValueMayComeBeforeItsType() {
    byte[] info = status(3, 0).getDetails(1).getValue().toByteArray();
    byte[] url = "type.googleapis.com/google.rpc.RetryInfo".getBytes();
    byte[] status = new byte[6 + info.length + url.length];
    status[0] = 0x1a;
    status[1] = (byte) (4 + info.length + url.length);
    status[2] = 0x12;
    status[3] = (byte) info.length;
    System.arraycopy(info, 0, status, 4, info.length);
    status[4 + info.length] = 0x0a;
    status[5 + info.length] = (byte) url.length;
    System.arraycopy(url, 0, status, 6 + info.length, url.length);

    assertThat(BackendResponses.retryDelay(status)).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void aNegativeDelayIsNone() {
    assertThat(BackendResponses.retryDelay(status(-1, 0).toByteArray())).isNull();
    assertThat(BackendResponses.retryDelay(Status.getDefaultInstance().toByteArray())).isNull();
  }

  @Property
  void anyBytesAreAnAnswer(@ForAll byte[] bytes) {
    assertThat(BackendResponses.success(bytes)).isNotInstanceOf(Outcome.Refused.class);
    Duration delay = BackendResponses.retryDelay(bytes);
    assertThat(delay == null || !delay.isNegative()).isTrue();
  }

  @Test
  void aTruncatedStatusHasADelayOnlyIfItsRetryInfoIsWhole() {
    Status status = status(3, 5);
    byte[] whole = status.toByteArray();
    int retryInfoEnd = status.toBuilder().removeDetails(2).build().getSerializedSize();

    for (int length = 0; length <= whole.length; length++) {
      boolean betweenFields = length == retryInfoEnd || length == whole.length;
      assertThat(BackendResponses.retryDelay(Arrays.copyOf(whole, length)))
          .as("the first %s of %s bytes", length, whole.length)
          .isEqualTo(betweenFields ? Duration.ofSeconds(3, 5) : null);
    }
  }

  @Test
  void aTruncatedResponseIsAWarning() {
    byte[] whole =
        ExportLogsServiceResponse.newBuilder()
            .setPartialSuccess(
                ExportLogsPartialSuccess.newBuilder()
                    .setRejectedLogRecords(7)
                    .setErrorMessage("why"))
            .build()
            .toByteArray();

    assertThat(BackendResponses.success(whole)).isInstanceOf(Outcome.Partial.class);
    for (int length = 1; length < whole.length; length++) {
      Outcome outcome = BackendResponses.success(Arrays.copyOf(whole, length));
      assertThat(outcome)
          .as("the first %s of %s bytes", length, whole.length)
          .isEqualTo(
              new Outcome.Partial(
                  0,
                  "the backend accepted, but its response cannot be read; is it an OTLP"
                      + " endpoint?"));
    }
  }
}
