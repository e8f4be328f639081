package dev.tallyspan.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        .hasMessageEndingWith("is defined twice");
    assertThatThrownBy(() -> Deployments.ofAll(Map.of("a", Deployment.of(null, null, " ", null))))
        .hasMessage("deployment \"a\" names no model");
  }

  @Test
  void nameFromThePathOfARequestIsTheSameName() {
    Deployments deployments = Deployments.of(Map.of("arn:aws:bedrock:x:1:profile/p", "nova"));

    assertThat(deployments.model("arn%3Aaws%3Abedrock%3Ax%3A1%3Aprofile%2FP")).isEqualTo("nova");
    assertThat(deployments.model("100%")).isEqualTo("100%");
  }

  @ParameterizedTest
  @CsvSource({
    "global, , swedencentral, 'geo=global region=swedencentral'",
    "GlobalStandard, , , geo=global",
    "global-batch, , , 'geo=global service_tier=batch'",
    "data_zone, eu, , geo=eu",
    "data_zone, , , geo=data_zone",
    "DataZoneStandard, , swedencentral, 'geo=eu region=swedencentral'",
    "data_zone, , 'East US 2', 'geo=us region=East US 2'",
    "data_zone, , japaneast, 'geo=data_zone region=japaneast'",
    "DataZoneBatch, us, , 'geo=us service_tier=batch'",
    "Standard, , norwayeast, 'geo=norwayeast region=norwayeast'",
    "regional, , , geo=regional",
    "provisioned, , , service_tier=provisioned",
    "GlobalProvisionedManaged, , westus, 'region=westus service_tier=provisioned'",
    ", eu, , geo=eu",
    ", , us-east5, region=us-east5"
  })
  void typeSaysWhereAndByWhatItIsServed(String type, String geo, String region, String conditions) {
    Deployments deployments =
        Deployments.ofAll(Map.of("acme-chat", Deployment.of("gpt-4o", type, geo, region)));
    List<String> given = new ArrayList<>();

    deployments.forEachCondition(
        "gpt-4o-2024-11-20", "acme-chat", (name, value) -> given.add(name + "=" + value));

    assertThat(String.join(" ", given)).isEqualTo(conditions);
    assertThat(deployments.model("acme-chat")).isEqualTo("gpt-4o");
  }

  @Test
  void deploymentUnderItsModelsNameMayLeaveTheModelOut() {
    Deployments deployments =
        Deployments.ofAll(Map.of("gpt-4o", Deployment.of(null, "data_zone", "eu", null)));

    assertThat(deployments.model("gpt-4o")).isEqualTo("gpt-4o");
  }

  @Test
  void typeThatIsNoneIsRefused() {
    assertThatThrownBy(() -> Deployment.of("gpt-4o", "cheap", null, null))
        .hasMessageStartingWith("type=cheap: use global, data_zone, regional, provisioned");
  }
}
