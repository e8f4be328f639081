package dev.tallyspan.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.api.GenAi;
import dev.tallyspan.pricing.live.LiveCatalog;
import dev.tallyspan.sdk.LlmEnrichment;
import dev.tallyspan.semconv.content.ContentMode;
import dev.tallyspan.semconv.content.ContentPolicy;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.testing.exporter.InMemoryLogRecordExporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.chat.client.ChatClientCustomizer;
import org.springframework.boot.actuate.autoconfigure.logging.OpenTelemetryLoggingAutoConfiguration;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

class AutoConfigurationTest {

  private static final AutoConfigurations ALL =
      AutoConfigurations.of(
          ContentPolicyAutoConfiguration.class,
          TallyspanAutoConfiguration.class,
          GenAiAutoConfiguration.class,
          LlmMetersAutoConfiguration.class,
          LogPolicyAutoConfiguration.class,
          OpenTelemetryStarterAutoConfiguration.class,
          RequestIdentityAutoConfiguration.class,
          SpringAiAutoConfiguration.class,
          TallyspanInfoAutoConfiguration.class);

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(ALL)
          .withBean(OpenTelemetry.class, OpenTelemetry::noop);

  @TempDir Path directory;

  @Test
  void processorAndApiAreBeans() {
    runner.run(
        context -> {
          assertThat(context).hasBean("tallyspanSpanProcessor").hasSingleBean(GenAi.class);
          assertThat(context).hasBean("tallyspanLogRecordProcessor");
          assertThat(context).doesNotHaveBean(ContentPolicy.class);
          assertThat(context).doesNotHaveBean(LiveCatalog.class);
        });
  }

  @Test
  void offMeansNothingIsThere() {
    runner
        .withPropertyValues("tallyspan.enabled=false")
        .run(
            context ->
                assertThat(context)
                    .doesNotHaveBean(SpanProcessor.class)
                    .doesNotHaveBean(GenAi.class)
                    .doesNotHaveBean("tallyspanSpringAiSpans"));
  }

  @Test
  void ownBeansTakePrecedence() {
    LlmEnrichment own = LlmEnrichment.create();
    GenAi api = GenAi.noop();

    runner
        .withBean(LlmEnrichment.class, () -> own)
        .withBean(GenAi.class, () -> api)
        .run(
            context -> {
              assertThat(context.getBean(LlmEnrichment.class)).isSameAs(own);
              assertThat(context.getBean("tallyspanSpanProcessor")).isSameAs(own.spanProcessor());
              assertThat(context.getBean(GenAi.class)).isSameAs(api);
            });
  }

  @Test
  void contentModeIsAPolicy() {
    runner
        .withPropertyValues("tallyspan.content-policy.mode=metadata")
        .run(
            context ->
                assertThat(context.getBean(ContentPolicy.class).mode())
                    .isEqualTo(ContentMode.METADATA));
  }

  @Test
  void unknownContentModeIsAnErrorThatNamesTheProperty() {
    runner
        .withPropertyValues("tallyspan.content-policy.mode=some")
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .rootCause()
                    .hasMessageContaining("tallyspan.content-policy.mode=some is unknown"));
  }

  @Test
  void policyHasTheSettingsOfTheExtension() throws Exception {
    Path file =
        Files.writeString(directory.resolve("policy.json"), "{\"rules\": {\"c\": \"drop\"}}");

    runner
        .withPropertyValues(
            "tallyspan.content-policy.mode=offload",
            "tallyspan.content-policy.file=" + file,
            "tallyspan.content-policy.redact=true",
            "tallyspan.content-policy.detectors=email,card",
            "tallyspan.content-policy.pseudonym-key=0123456789abcdef",
            "tallyspan.content-policy.rules=a.b[*].c=keep,user.id=mask",
            "tallyspan.content-policy.content-keys=acme.said",
            "tallyspan.content-policy.max-attribute-size=64KB",
            "tallyspan.content-policy.max-span-size=1MB",
            "tallyspan.content-policy.offload.file.directory=" + directory.resolve("parts"),
            "tallyspan.content-policy.offload.texts-over=1KB")
        .run(
            context -> {
              ContentPolicy policy = context.getBean(ContentPolicy.class);
              assertThat(policy.mode()).isEqualTo(ContentMode.OFFLOAD);
              assertThat(policy.text("gen_ai.prompt", "I am ada@example.org").value())
                  .matches("I am \\[EMAIL#[a-p]{12}]");
              assertThat(policy.text("user.id", "ada").value()).startsWith("[MASKED");
              assertThat(policy.text("c", "ada").value()).isNull();
            });
  }

  @Test
  void policyWithoutAModeIsAnErrorThatNamesTheProperty() {
    runner
        .withPropertyValues("tallyspan.content-policy.detectors=email")
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .rootCause()
                    .hasMessageStartingWith("tallyspan.content-policy.mode is missing"));
  }

  @Test
  void policyStaysInForceIfTallyspanIsOff() {
    runner
        .withPropertyValues("tallyspan.enabled=false", "tallyspan.content-policy.mode=none")
        .run(context -> assertThat(context).hasSingleBean(ContentPolicy.class));
  }

  @Test
  void logRecordsThatSpringBootExportsAreUnderThePolicyEvenIfTallyspanIsOff() {
    InMemoryLogRecordExporter exporter = InMemoryLogRecordExporter.create();

    runner
        .withBean(LogRecordExporter.class, () -> exporter)
        .withConfiguration(AutoConfigurations.of(OpenTelemetryLoggingAutoConfiguration.class))
        .withBean(Resource.class, Resource::getDefault)
        .withPropertyValues("tallyspan.enabled=false", "tallyspan.content-policy.mode=redacted")
        .run(
            context -> {
              SdkLoggerProvider logs = context.getBean(SdkLoggerProvider.class);
              logs.get("application").logRecordBuilder().setBody("I am ada@example.org").emit();
              logs.forceFlush().join(60, TimeUnit.SECONDS);

              assertThat(exporter.getFinishedLogRecordItems())
                  .extracting(LogRecordData::getBodyValue)
                  .containsExactly(Value.of("I am [EMAIL]"));
            });
  }

  @Test
  void ownPolicyTakesPrecedence() {
    ContentPolicy own = ContentPolicy.of(ContentMode.FULL);

    runner
        .withBean(ContentPolicy.class, () -> own)
        .withPropertyValues("tallyspan.content-policy.mode=none")
        .run(context -> assertThat(context.getBean(ContentPolicy.class)).isSameAs(own));
  }

  @Test
  void propertyThatDoesNotExistIsAnErrorThatNamesIt() {
    runner
        .withPropertyValues("tallyspan.content-polcy.mode=none")
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .rootCause()
                    .hasMessageContaining("tallyspan.content-polcy.mode"));
  }

  @Test
  void brokenCatalogFallsBackToTheBuiltInOne() throws Exception {
    Path file = Files.writeString(directory.resolve("prices.json"), "{");

    runner
        .withPropertyValues("tallyspan.catalog.file=" + file)
        .run(
            context ->
                assertThat(context.getBean(LiveCatalog.class).current().modelCount())
                    .isGreaterThan(100));
  }

  @Test
  void brokenCatalogIsAnErrorIfStrict() throws Exception {
    Path file = Files.writeString(directory.resolve("prices.json"), "{");

    runner
        .withPropertyValues("tallyspan.catalog.file=" + file, "tallyspan.strict=true")
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .rootCause()
                    .hasMessageContaining("tallyspan.catalog: "));
  }

  @Test
  void withoutSpringAiThereIsStillTheProcessor() {
    runner
        .withClassLoader(new FilteredClassLoader("org.springframework.ai"))
        .run(
            context ->
                assertThat(context)
                    .hasBean("tallyspanSpanProcessor")
                    .doesNotHaveBean("tallyspanSpringAiSpans"));
  }

  @Test
  void withoutOpenTelemetryNothingIsThere() {
    new ApplicationContextRunner()
        .withConfiguration(ALL)
        .withClassLoader(new FilteredClassLoader("io.opentelemetry"))
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(Prices.class));
  }

  @Test
  void firstChunkAdvisorCanBeLeftOut() {
    runner.run(context -> assertThat(context).hasSingleBean(ChatClientCustomizer.class));
    runner
        .withPropertyValues("tallyspan.spring-ai.first-chunk=false")
        .run(context -> assertThat(context).doesNotHaveBean(ChatClientCustomizer.class));
  }

  @Test
  void identityOfRequestsIsReadIfConfigured() {
    WebApplicationContextRunner web = new WebApplicationContextRunner().withConfiguration(ALL);

    web.run(context -> assertThat(context).doesNotHaveBean(RequestIdentityFilter.class));
    web.withPropertyValues("tallyspan.identity.user=principal")
        .run(context -> assertThat(context).hasSingleBean(RequestIdentityFilter.class));
    web.withPropertyValues("tallyspan.identity.session=cookie:id")
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .rootCause()
                    .hasMessage(
                        "tallyspan.identity.session=cookie:id must be header:NAME or"
                            + " attribute:NAME"));
  }

  @Test
  void infoHasNoSecretsAndNoPaths() {
    runner
        .withPropertyValues(
            "management.info.tallyspan.enabled=true",
            "tallyspan.deployments.secret-name=gpt-4o",
            "tallyspan.currency.to=EUR",
            "tallyspan.currency.rates.USD=0.92")
        .run(
            context -> {
              Info.Builder info = new Info.Builder();
              context.getBean("tallyspanInfo", InfoContributor.class).contribute(info);
              Map<String, Object> details = info.build().getDetails();
              assertThat(details.get("tallyspan").toString())
                  .contains("builtIn=true", "ageDays=", "openTelemetry=1.49.0", "currency=EUR")
                  .doesNotContain("secret-name", "0.92");
            });
  }

  @Test
  void startLineNamesCatalogAndOpenTelemetry() {
    assertThat(Installation.of(new Prices(null), null).line())
        .matches(
            "Tallyspan: price catalog \\d{4}-\\d\\d-\\d\\d.* \\(built in\\), "
                + "OpenTelemetry 1\\.49\\.0, content none");
  }

  @Test
  void propertiesReachTheExtensionThatOpenTelemetrysStarterLoads() {
    TallyspanProperties properties = new TallyspanProperties();
    properties.setDeployments(Map.of("mine", "gpt-4o"));
    properties.getCatalog().setFile(Path.of("prices.json"));
    properties.getEstimate().setEnabled(true);

    assertThat(ExtensionSettings.asProperties(properties))
        .containsEntry("otel.tallyspan.enabled", "true")
        .containsEntry("otel.tallyspan.deployments", "mine=gpt-4o")
        .containsEntry("otel.tallyspan.catalog", "prices.json")
        .containsEntry("otel.tallyspan.catalog.reload-interval", "60000ms")
        .containsEntry("otel.tallyspan.estimate", "true")
        .containsEntry("otel.tallyspan.join-logs", "600000ms")
        .containsEntry(
            "otel.tallyspan.identity.inherit", "session.id,user.id,gen_ai.conversation.id")
        .doesNotContainKey("otel.tallyspan.identity.baggage");
  }
}
