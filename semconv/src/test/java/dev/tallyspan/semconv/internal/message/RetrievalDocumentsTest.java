package dev.tallyspan.semconv.internal.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.semconv.internal.json.Json;
import org.junit.jupiter.api.Test;

class RetrievalDocumentsTest {

  @Test
  void documentsGetTextIdsAndNumericScores() {
    Json documents =
        Json.of(
            RetrievalDocuments.read(
                Json.of(
                    "[{\"id\":7,\"score\":\"0.5\",\"page_content\":\"x\",\"distance\":0.1},"
                        + "\"plain\"]")));
    assertThat(documents.at(0).get("id").text()).isEqualTo("7");
    assertThat(documents.at(0).get("score").value().getValue()).isEqualTo(0.5);
    assertThat(documents.at(0).get("content").text()).isEqualTo("x");
    assertThat(documents.at(0).get("distance").isNumber()).isTrue();
    assertThat(documents.at(1).get("content").text()).isEqualTo("plain");
  }
}
