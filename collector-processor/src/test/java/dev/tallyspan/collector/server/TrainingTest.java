package dev.tallyspan.collector.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingTest {

  @Test
  void whatIsSentArrives(@TempDir Path directory) throws Exception {
    assertThat(Training.run(directory)).isTrue();
  }
}
