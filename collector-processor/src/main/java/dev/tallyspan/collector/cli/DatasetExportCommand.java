package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.config.CollectorConfig;
import dev.tallyspan.collector.config.ListenEndpoint;
import dev.tallyspan.collector.config.PolicyConfig;
import dev.tallyspan.collector.config.ProcessorConfig;
import dev.tallyspan.collector.config.ViewerConfig;
import dev.tallyspan.collector.listen.ListenAddresses;
import dev.tallyspan.collector.output.dataset.CasePage;
import dev.tallyspan.collector.output.dataset.Dataset;
import dev.tallyspan.collector.output.recent.CaseSelection;
import dev.tallyspan.collector.output.recent.RecentOutput;
import dev.tallyspan.collector.output.recent.RecentTraces;
import dev.tallyspan.collector.output.recent.TraceViews;
import dev.tallyspan.semconv.content.ContentMode;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Writes recorded traces as cases for evaluations. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Writes the traces that a filter selects as cases for evaluations: from the viewer of a"
          + " running server, or from files with OTLP requests, which pass the same pipeline as in"
          + " 'tallyspan process'.",
      "The content of prompts and answers is written, as the content policy allows. What was"
          + " answered is never the expected answer.",
      "Exits with 1 if a file is not an OTLP request; the others are still used."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DatasetExportCommand implements Callable<Integer> {

  /** What becomes a case. */
  enum By {
    TRACE,
    SPAN
  }

  /** Where pages of cases are from. */
  private interface Source {
    CasePage page(CaseSelection selection, String after);
  }

  @ParentCommand private DatasetCommand parent;

  @Parameters(
      arity = "0..*",
      paramLabel = "FILE",
      description =
          "The body of one OTLP request: .pb protobuf, .json OTLP/JSON. Default: none, but the"
              + " viewer.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--where",
      paramLabel = "FILTER",
      defaultValue = "",
      description =
          "Which traces, in the viewer's filter language: \"error or duration > 30s\". Default: all.")
  private String where;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description =
          "Only traces that started from then on: 7d, 24h, 2026-11-01 or 2026-11-01T12:00:00Z."
              + " Default: all.")
  private @Nullable String since;

  @Option(names = "--until", paramLabel = "TIME", description = "As --since; not included.")
  private @Nullable String until;

  @Option(
      names = "--by",
      paramLabel = "UNIT",
      defaultValue = "trace",
      description =
          "trace (default): a case is the question, the last answer and the tools of a trace. span: a"
              + " case is one model call, and the filter asks each call alone.")
  private By by;

  @Mixin private DatasetCommand.Target target;

  @Option(
      names = "--split",
      paramLabel = "SPLIT",
      defaultValue = "regression",
      description = "The split that the cases are in. Default: regression.")
  private String split;

  @Option(
      names = "--viewer",
      paramLabel = "URL",
      description =
          "The viewer to ask. Its token is in the URL, as it was printed, or in"
              + " TALLYSPAN_VIEWER_TOKEN. Default: that of --config, else of"
              + " TALLYSPAN_VIEWER_ENDPOINT, else http://localhost:8787.")
  private @Nullable String viewer;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      converter = PolicyTestCommand.ModeConverter.class,
      description =
          "With files: none, metadata, redacted or full, instead of the content policy that the viewer"
              + " of --config has. Default without --config: full.")
  private @Nullable ContentMode mode;

  @Mixin private ProcessorOptions options;
  @Mixin private EstimateOption estimate;

  private boolean whole = true;

  @Override
  public Integer call() {
    Instant now = Instant.now();
    CaseSelection selection =
        new CaseSelection(
            where,
            by == By.SPAN,
            since == null ? null : TimeOption.parse("--since", since, now),
            until == null ? null : TimeOption.parse("--until", until, now));
    if (split.isBlank()) {
      throw CommandFailedException.badConfiguration("--split: must not be blank");
    }
    Dataset dataset =
        target
            .dataset()
            .split(split)
            .selection("source", files.isEmpty() ? "viewer" : "files")
            .selection("where", where)
            .selection("by", by.name().toLowerCase(Locale.ROOT))
            .selection("since", text(selection.since()))
            .selection("until", text(selection.until()))
            .build();
    int leftOut = fill(dataset, selection, files.isEmpty() ? viewer() : files());
    target.write(dataset, parent.out());
    parent.err().println(target.summary(dataset));
    if (leftOut > 0) {
      parent
          .err()
          .println("left out " + leftOut + " whose question is not recorded, or was removed");
    }
    return whole ? 0 : 1;
  }

  private static int fill(Dataset dataset, CaseSelection selection, Source source) {
    int leftOut = 0;
    String after = "";
    do {
      CasePage page = source.page(selection, after);
      page.cases().forEach(dataset::add);
      leftOut += page.leftOut();
      after = page.next();
    } while (!after.isEmpty());
    return leftOut;
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }

  private Source viewer() {
    if (mode != null) {
      throw CommandFailedException.badConfiguration(
          "--mode: is for files; of what the viewer keeps, its own content policy has decided");
    }
    CollectorConfig config = options.file();
    ViewerConfig configured = config == null ? environment() : config.viewer();
    if (configured == null) {
      throw CommandFailedException.badConfiguration(
          "--config: has no viewer; add the section viewer, set --viewer, or name files");
    }
    String token =
        configured.token() == null ? System.getenv("TALLYSPAN_VIEWER_TOKEN") : configured.token();
    String url = viewer == null ? "http://" + address(configured.endpoint()) : viewer;
    return ViewerClient.of(url, token == null || token.isBlank() ? null : token)::cases;
  }

  private static ViewerConfig environment() {
    String address = System.getenv().getOrDefault("TALLYSPAN_VIEWER_ENDPOINT", "").strip();
    try {
      return address.isEmpty() || address.equals("none")
          ? ViewerConfig.DEFAULT
          : ViewerConfig.DEFAULT.at(ListenEndpoint.parse(address));
    } catch (IllegalArgumentException e) {
      throw CommandFailedException.badConfiguration("TALLYSPAN_VIEWER_ENDPOINT: " + e.getMessage());
    }
  }

  /** A server that listens on all addresses is on this machine's own, too. */
  private static String address(ListenEndpoint endpoint) {
    boolean any = endpoint.host().isEmpty() || endpoint.host().matches("0\\.0\\.0\\.0|::|\\[::]");
    return (any ? "localhost" : ListenAddresses.shown(endpoint.host())) + ":" + endpoint.port();
  }

  private Source files() {
    if (viewer != null) {
      throw CommandFailedException.badConfiguration("--viewer: not together with files");
    }
    CollectorConfig config = options.file();
    PolicyConfig policy = policy(config);
    // The files are in memory whole, so what is read of them may be too.
    RecentTraces store =
        RecentTraces.builder().maxTraces(Integer.MAX_VALUE).maxBytes(Long.MAX_VALUE).build();
    RecentOutput output =
        RecentOutput.on(
            Runnable::run, store, policy == null ? null : policy.build(/* store= */ null));
    ProcessorConfig configured =
        config == null || config.processors().isEmpty() ? null : options.configured();
    InputOptions input = new InputOptions();
    input.files = List.copyOf(files);
    whole =
        new FileRun(
                input,
                estimate.on(options.processor(configured)).build(),
                ProcessorOptions.fillGaps(configured),
                fault -> parent.err().println("tallyspan dataset export: " + fault))
            .to(output, file -> {});
    TraceViews views = new TraceViews(store, output::skippedSpans, InstantSource.system());
    return (selection, after) -> {
      try {
        return views.datasetCases(selection, after);
      } catch (IllegalArgumentException e) {
        throw CommandFailedException.badConfiguration("--where: " + e.getMessage());
      }
    };
  }

  private @Nullable PolicyConfig policy(@Nullable CollectorConfig config) {
    if (mode == ContentMode.OFFLOAD) {
      throw CommandFailedException.badConfiguration("--mode: offload is for exporters");
    }
    PolicyConfig configured =
        config == null
            ? null
            : config.viewer() == null
                ? ViewerConfig.strictest(config.allExporters())
                : config.viewer().policy();
    if (mode == null) {
      return configured;
    }
    return configured == null
        ? PolicyConfig.of(ContentMode.FULL).withMode(mode)
        : configured.withMode(mode);
  }
}
