package dev.tallyspan.publication;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application that is a module, and requires all of Tallyspan's that it can. */
class ModulePathIT {

  private static final String MODULE =
      """
      module consumer {
        requires dev.tallyspan.semconv;
        requires dev.tallyspan.pricing;
        requires dev.tallyspan.enrichment;
        requires dev.tallyspan.sdk;
        requires io.opentelemetry.api;
        requires io.opentelemetry.sdk.trace;
      }
      """;

  private static final String MAIN =
      """
      package consumer;

      import dev.tallyspan.enrichment.Enricher;
      import dev.tallyspan.pricing.PriceCatalog;
      import dev.tallyspan.sdk.LlmEnrichment;
      import dev.tallyspan.semconv.Operations;
      import io.opentelemetry.api.trace.Span;
      import io.opentelemetry.sdk.trace.ReadableSpan;
      import io.opentelemetry.sdk.trace.SdkTracerProvider;

      public class Main {
        public static void main(String[] args) {
          System.out.println("module " + LlmEnrichment.class.getModule().getName());
          System.out.println("module " + Enricher.class.getModule().getName());
          System.out.println("module " + PriceCatalog.class.getModule().getName());
          System.out.println("module " + Operations.class.getModule().getName());
          SdkTracerProvider provider =
              SdkTracerProvider.builder()
                  .addSpanProcessor(LlmEnrichment.create().spanProcessor())
                  .build();
          Span span = provider.get("consumer").spanBuilder("chat").startSpan();
          span.setAttribute("gen_ai.operation.name", "chat");
          span.setAttribute("gen_ai.provider.name", "openai");
          span.setAttribute("gen_ai.request.model", "gpt-4.1");
          span.setAttribute("gen_ai.usage.input_tokens", 25L);
          span.setAttribute("gen_ai.usage.output_tokens", 7L);
          span.end();
          ((ReadableSpan) span).toSpanData().getAttributes()
              .forEach((key, value) -> System.out.println(key.getKey() + "=" + value));
        }
      }
      """;

  @TempDir Path directory;

  @Test
  void spansArePriced() throws Exception {
    String modulePath =
        Stream.of("tallyspan-", "opentelemetry-")
            .flatMap(prefix -> PublishedModule.jars(prefix).stream())
            .reduce((one, other) -> one + File.pathSeparator + other)
            .orElseThrow();
    Path sources = Files.createDirectories(directory.resolve("sources/consumer"));
    Files.writeString(sources.resolveSibling("module-info.java"), MODULE);
    Files.writeString(sources.resolve("Main.java"), MAIN);
    String classes = directory.resolve("classes").toString();

    run(
        "javac",
        "-p",
        modulePath,
        "-d",
        classes,
        sources.resolveSibling("module-info.java").toString(),
        sources.resolve("Main.java").toString());
    String output =
        run(
            "java",
            "-p",
            modulePath + File.pathSeparator + classes,
            "-m",
            "consumer/consumer.Main");

    assertThat(output.lines())
        .contains(
            "module dev.tallyspan.sdk",
            "module dev.tallyspan.enrichment",
            "module dev.tallyspan.pricing",
            "module dev.tallyspan.semconv",
            "tallyspan.cost.total_exact=0.000106");
    assertThat(output).doesNotContain("WARNING").doesNotContain("Exception");
  }

  private String run(String tool, String... arguments) throws IOException, InterruptedException {
    List<String> command =
        Stream.concat(
                Stream.of(Path.of(System.getProperty("java.home"), "bin", tool).toString()),
                Stream.of(arguments))
            .toList();
    Path output = directory.resolve(tool + ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().keySet().remove("JAVA_TOOL_OPTIONS");
    Process process = builder.start();
    if (!process.waitFor(300, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      throw new AssertionError("still running after 300 s:\n" + Files.readString(output));
    }
    assertThat(process.exitValue()).as(Files.readString(output)).isZero();
    return Files.readString(output);
  }
}
