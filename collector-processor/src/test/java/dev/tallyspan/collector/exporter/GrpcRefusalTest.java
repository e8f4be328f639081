package dev.tallyspan.collector.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrpcRefusalTest {

  private static GrpcRefusal refusal(String description) {
    return new GrpcRefusal(Status.RESOURCE_EXHAUSTED.withDescription(description));
  }

  @ParameterizedTest
  @CsvSource({
    "grpc: received message larger than max (5242880 vs. 4194304), 4194304",
    "grpc: received message after decompression larger than max (5242880 vs. 4194304), 4194304",
    "grpc: received message after decompression larger than max 4194304, 4194304",
    "Received message larger than max (5242880 vs. 4194304), 4194304",
    "SERVER: Received message larger than max (11 vs. 10), 10",
    "gRPC message exceeds maximum size 4194304: 5242880, 4194304",
    "Decompressed gRPC message exceeds maximum size 4194304, 4194304",
    "'Error, decoded message length too large: found 7 bytes, the limit is: 5 bytes', 5",
    "Received message exceeds the maximum configured message size., 0",
    "grpc: received message larger than max (1 vs. 99999999999999999999), 0",
    "quota of 100 spans exceeded, -1",
    "'', -1",
  })
  void limitOfAServerIsFoundInItsMessage(String description, long limit) {
    assertThat(refusal(description).messageLimit()).isEqualTo(limit);
  }

  @Test
  void statusWithoutDescriptionSaysNothing() {
    assertThat(new GrpcRefusal(Status.INTERNAL).messageLimit()).isEqualTo(-1);
    assertThat(new GrpcRefusal(Status.INTERNAL).isReset()).isFalse();
  }

  @Test
  void resetIsToldFromAnAnswer() {
    assertThat(refusal("Bandwidth exhausted\nHTTP/2 error code: ENHANCE_YOUR_CALM").isReset())
        .isTrue();
    assertThat(refusal("too many spans").isReset()).isFalse();
  }
}
