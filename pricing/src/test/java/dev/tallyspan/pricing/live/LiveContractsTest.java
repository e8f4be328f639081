package dev.tallyspan.pricing.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.pricing.Catalogs;
import dev.tallyspan.pricing.PriceCatalog;
import dev.tallyspan.pricing.Unit;
import dev.tallyspan.pricing.Usage;
import dev.tallyspan.pricing.live.Reload.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveContractsTest {
  private static final PriceCatalog LIST =
      Catalogs.of("\"m\": {\"cards\": [{\"rates\": {\"input\": \"2/M\"}}]}");

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void setUp() {
    file = directory.resolve("contracts.json");
  }

  @Test
  void newVersionOfTheFileComesIntoForce() throws Exception {
    write("c1", "0.5");
    try (LiveContracts live = live()) {
      assertThat(total(live)).isEqualTo("0.001");

      write("c-2", "0.25");
      assertThat(live.reload().version()).isEqualTo("c-2");
      assertThat(total(live)).isEqualTo("0.0005");
      assertThat(live.reload().outcome()).isEqualTo(Outcome.UNCHANGED);
    }
  }

  @Test
  void faultyVersionLeavesTheLastGoodOne() throws Exception {
    write("c1", "0.5");
    try (LiveContracts live = live()) {
      write("c-2", "-11");
      Reload reload = live.reload();

      assertThat(reload.outcome()).isEqualTo(Outcome.REJECTED);
      assertThat(reload.version()).isEqualTo("c1");
      assertThat(reload.reason()).contains("contracts.json:2 absurd factor");
      assertThat(total(live)).isEqualTo("0.001");
    }
  }

  @Test
  void missingFileMeansListPrices() {
    try (LiveContracts live = live()) {
      assertThat(live.reload().outcome()).isEqualTo(Outcome.FAILED);
      assertThat(total(live)).isEqualTo("0.002");
    }
  }

  private LiveContracts live() {
    return LiveContracts.file(file).interval(Duration.ofDays(1)).build();
  }

  private static String total(LiveContracts live) {
    return live.current()
        .forTenant("t", LIST)
        .price(Catalogs.request(Usage.builder().set(Unit.INPUT, 1000)).build())
        .total()
        .toPlainString();
  }

  /**
   * A text of another length than the one before. Where files have a coarse modification time, one
   * that is written within the same tick has the same stamp otherwise, and is not read.
   */
  private void write(String version, String factor) throws Exception {
    Files.writeString(
        file,
        """
        {"format": "tallyspan-contracts/1", "version": "%s", "tenants": {
          "t": {"discounts": [{"provider": "acme", "factor": "%s"}]}}}
        """
            .formatted(version, factor));
  }
}
