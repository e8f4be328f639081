package dev.tallyspan.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class DeploymentsTest {

  @Test
  void wholeNameStandsForItsModelInAnyCase() {
    Deployments deployments = Deployments.of(Map.of("acme-Chat", "gpt-4o"));

    assertThat(deployments.model("ACME-chat")).isEqualTo("gpt-4o");
    assertThat(deployments.model("acme-chat-2")).isEqualTo("acme-chat-2");
    assertThat(deployments.model(null)).isNull();
    assertThat(Deployments.none().model("acme-chat")).isEqualTo("acme-chat");
  }

  @Test
  void nameWithoutAModelIsRefused() {
    assertThatThrownBy(() -> Deployments.of(Map.of("acme-chat", " ")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("deployment \"acme-chat\" names no model");
    assertThatThrownBy(() -> Deployments.of(Map.of("a", "gpt-4o", "A", "gpt-4o")))
        .hasMessageEndingWith("is there twice");
  }
}
