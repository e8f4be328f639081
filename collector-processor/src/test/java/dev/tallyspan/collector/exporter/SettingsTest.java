package dev.tallyspan.collector.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tallyspan.collector.flow.Signal;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

  @ParameterizedTest
  @CsvSource({
    "http://host,             http,  host,        80,   ''",
    "https://host,            https, host,        443,  ''",
    "HTTPS://host:1/a/b?c=d,  https, host,        1,    /a/b?c=d",
    "host,                    '',    host,        4317, ''",
    "host:1,                  '',    host,        1,    ''",
    "dns:///host:1,           '',    host,        1,    ''",
    "127.0.0.1:1,             '',    127.0.0.1,   1,    ''",
    "'http://[::1]:1',        http,  ::1,         1,    ''",
    "' host:1 ',              '',    host,        1,    ''",
  })
  void endpointsAreReadInEveryForm(String text, String scheme, String host, int port, String path) {
    assertThat(Endpoint.parse(text, 4317)).isEqualTo(new Endpoint(scheme, host, port, path));
  }

  @Test
  void aSettingOutOfItsRangeIsNamed() {
    OtlpExporter.Builder grpc = OtlpExporter.builder("otlp_grpc", Protocol.GRPC);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> grpc.timeout(Duration.ZERO))
        .withMessage("timeout=0s: out of range");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> grpc.endpoint("http://host:1/path"))
        .withMessage("endpoint has a path, which OTLP/gRPC does not support: use host:port");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> grpc.endpoint(Signal.LOGS, "http://host"))
        .withMessage("logs_endpoint is for OTLP/HTTP: use one exporter per endpoint");
    assertThatIllegalArgumentException()
        .isThrownBy(grpc::build)
        .withMessage("exporter otlp_grpc: endpoint is missing");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new QueueSettings(true, 1, 5, Sizer.ITEMS, 0, BatchSettings.DEFAULT))
        .withMessage("min_size=8192: must not be more than queue_size=5");
  }
}
