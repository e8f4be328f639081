package dev.tallyspan.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class VectorRunTest {
  @Test
  void shippedCatalogGivesWhatTheVectorsSay() throws Exception {
    try (InputStream in = getClass().getResourceAsStream("vectors.json");
        Reader vectors = new InputStreamReader(in, StandardCharsets.UTF_8)) {
      VectorRun run = VectorRun.run(vectors);

      assertThat(run.failures()).isEmpty();
      assertThat(run.disputed()).isEmpty();
      assertThat(run.passed()).isEqualTo(91);
    }
  }

  @Test
  void wrongTotalIsNamedWithWhatCameOut() throws Exception {
    VectorRun run = run("0.0076", "");

    assertThat(run.passed()).isZero();
    assertThat(run.failed()).isEqualTo(1);
    assertThat(run.failures())
        .containsExactly(
            new VectorRun.Failure(
                "v1", "priced 0.0076 input=3000:0.0075", "priced 0.0075 input=3000:0.0075"));
  }

  @Test
  void disputedVectorDoesNotFail() throws Exception {
    VectorRun run = run("0.0076", "\"disputed\": {\"other reading\": \"0.0076\"},");

    assertThat(run.failed()).isZero();
    assertThat(run.disputed()).hasSize(1);
  }

  @Test
  void otherFileIsRefused() {
    assertThatThrownBy(() -> VectorRun.run(new StringReader("{\"schema\": \"other\"}")))
        .isInstanceOf(CatalogException.class)
        .hasMessageContaining("llm-cost-vectors/1");
  }

  @Test
  void vectorThatCannotBeReadIsNamedByItsLine() {
    assertThatThrownBy(
            () ->
                VectorRun.run(
                    new StringReader(
                        "{\"schema\": \"llm-cost-vectors/1\", \"vectors\": [\n{\"id\": \"v1\"}]}")))
        .isInstanceOf(CatalogException.class)
        .hasMessageStartingWith("vectors:2 ");
  }

  private static VectorRun run(String total, String extra) throws Exception {
    String item = "{\"bucket\": \"input\", \"quantity\": \"3000\", \"amount_usd\": \"0.0075\"}";
    String vector =
        """
        {"schema": "llm-cost-vectors/1", "vectors": [{%s "id": "v1", "provider": "openai",
          "model": "gpt-4o", "usage": {"input_tokens": 3000}, "usage_semantics": "inclusive",
          "conditions": {"at": "2026-09-01T12:00:00Z"},
          "expected": {"status": "priced", "total_usd": "%s", "line_items": [%s]}}]}
        """
            .formatted(extra, total, item);
    return VectorRun.run(new StringReader(vector));
  }
}
