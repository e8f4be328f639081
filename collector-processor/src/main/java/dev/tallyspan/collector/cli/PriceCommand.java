package dev.tallyspan.collector.cli;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tallyspan.collector.config.Suggestions;
import dev.tallyspan.pricing.Price;
import dev.tallyspan.pricing.PriceRequest;
import dev.tallyspan.pricing.PriceStatus;
import dev.tallyspan.pricing.ReportedCounts;
import dev.tallyspan.pricing.Usage;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Prices one call, or checks a file of priced examples. */
@Command(
    name = "price",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Prices one call, line by line, or checks the engine against priced examples.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class PriceCommand implements Callable<Integer> {

  @ParentCommand private Main main;
  @Spec private CommandSpec spec;
  @Mixin private EnrichmentOptions options;

  @ArgGroup(multiplicity = "1")
  private Subject subject;

  /** Either a call or a file. */
  static final class Subject {
    @ArgGroup(exclusive = false, multiplicity = "1")
    private @Nullable Call call;

    @Option(
        names = "--vectors",
        required = true,
        paramLabel = "FILE",
        description =
            "A file of priced examples: prints those with a different result, and the counts.")
    private @Nullable Path vectors;
  }

  /** The call to price. */
  static final class Call {
    @Option(
        names = "--provider",
        paramLabel = "P",
        description = "The provider: gen_ai.provider.name, or another name of it.")
    private @Nullable String provider;

    @Option(
        names = "--model",
        required = true,
        paramLabel = "M",
        description = "The model as on the span.")
    private String model;

    @Option(
        names = "--at",
        paramLabel = "TIME",
        description = "When the call was made, as 2026-11-22T12:00:00Z. Default: now.")
    private @Nullable String at;

    @Option(
        names = "--usage",
        split = ",",
        paramLabel = "COUNT=N",
        description = {
          "The usage as reported: input_tokens, cache_read_tokens, cache_write_5m_tokens,"
              + " cache_write_1h_tokens, output_tokens, output_reasoning_tokens, web_searches, ...",
          "or with each token in one unit only: input, cache_read, cache_write_5m, output, reasoning, ..."
        })
    private Map<String, BigDecimal> usage = new LinkedHashMap<>();

    @Option(
        names = "--semantics",
        paramLabel = "S",
        defaultValue = "inclusive",
        converter = SemanticsConverter.class,
        description =
            "How reported counts include each other: inclusive (default), exclusive (cache not included"
                + " in input), exclusive-output, raw-gemini.")
    private ReportedCounts.Overlap semantics;

    @Option(
        names = "--when",
        split = ",",
        paramLabel = "CONDITION=VALUE",
        description = "How the call was served: service_tier, batch, speed, geo, region, ...")
    private Map<String, String> when = new LinkedHashMap<>();

    @Option(names = "--json", description = "For programs: prints a JSON object.")
    private boolean json;
  }

  @Override
  public Integer call() throws IOException {
    if (subject.vectors != null) {
      return new VectorReport(main.out()).run(options.catalog(), subject.vectors);
    }
    Call call = requireNonNull(subject.call, "call");
    Price price = options.catalog().price(request(call));
    if (call.json) {
      printJson(price);
    } else {
      print(price);
    }
    return 0;
  }

  private void print(Price price) {
    PrintStream out = main.out();
    out.println(
        price.priceKey() == null ? "no card" : price.priceKey() + ", " + price.catalogVersion());
    BillText.print(out, "  ", price);
    if (price.status() != PriceStatus.PRICED) {
      String reason = price.reason() == null ? "" : ": " + price.reason();
      out.println("  " + price.status().wireName() + reason);
    }
  }

  private void printJson(Price price) throws IOException {
    try (JsonGenerator json = JsonExplanation.FACTORY.createGenerator(main.out())) {
      json.writeStartObject();
      json.writeStringField("status", price.status().wireName());
      JsonExplanation.writePrice(json, price);
      json.writeEndObject();
    }
    main.out().println();
  }

  private PriceRequest request(Call call) {
    PriceRequest.Builder request =
        PriceRequest.builder().provider(call.provider).responseModel(call.model);
    if (call.at != null) {
      request.at(instant(call.at));
    }
    try {
      call.when.forEach(request::when);
    } catch (IllegalArgumentException e) {
      throw badUsage("--when: " + e.getMessage());
    }
    try {
      Usage usage = ReportedCounts.disjoint(call.usage, call.semantics);
      usage.unknownUnits().forEach(this::warnOfUnknown);
      return request.usage(usage).build();
    } catch (IllegalArgumentException e) {
      throw badUsage("--usage: " + e.getMessage());
    }
  }

  /** An unknown unit makes the price incomplete, which its status says. */
  private void warnOfUnknown(String unit) {
    String nearest = Suggestions.nearest(unit, ReportedCounts.names());
    main.err()
        .println(
            "tallyspan price: --usage: unknown unit "
                + unit
                + (nearest == null ? "" : "; did you mean " + nearest + "?"));
  }

  private Instant instant(String at) {
    try {
      return Instant.parse(at);
    } catch (DateTimeParseException e) {
      throw badUsage("--at " + at + ": use the format 2026-11-22T12:00:00Z");
    }
  }

  private ParameterException badUsage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  static final class SemanticsConverter implements ITypeConverter<ReportedCounts.Overlap> {
    @Override
    public ReportedCounts.Overlap convert(String value) {
      for (ReportedCounts.Overlap semantics : ReportedCounts.Overlap.values()) {
        if (semantics.name().equals(value.toUpperCase(Locale.ROOT).replace('-', '_'))) {
          return semantics;
        }
      }
      throw new TypeConversionException(
          "'" + value + "' is not one of inclusive, exclusive, exclusive-output, raw-gemini");
    }
  }
}
