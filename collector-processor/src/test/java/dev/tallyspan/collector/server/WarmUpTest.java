package dev.tallyspan.collector.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.config.EnvironmentConfig;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WarmUpTest {

  @Test
  void theSamplePassesOverBothProtocols() throws Exception {
    assertThat(WarmUp.run(EnvironmentConfig.from(Map.of()))).isTrue();
  }
}
