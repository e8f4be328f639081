package dev.tallyspan.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class UnitNamesTest {

  @Test
  void documentationListsEveryNameOfACount() throws IOException {
    String page = Files.readString(Path.of("../docs/pricing.md"));

    assertThat(ReportedCounts.names())
        .allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
  }
}
