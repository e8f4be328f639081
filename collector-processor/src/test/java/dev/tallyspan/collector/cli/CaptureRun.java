package dev.tallyspan.collector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tallyspan.collector.cli.Captures.Scenario;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.json.InvalidJsonException;
import dev.tallyspan.collector.json.JsonToProto;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * One run of {@code process} over all files of a scenario; each of its checks looks at the same
 * run.
 *
 * @param lines what was printed, a request a line
 * @param before what went in
 * @param after what came out
 */
record CaptureRun(List<String> lines, Output before, Output after) {

  private static final Map<Scenario, CaptureRun> RUNS = new ConcurrentHashMap<>();

  static CaptureRun of(Scenario scenario) {
    return RUNS.computeIfAbsent(scenario, CaptureRun::run);
  }

  private static CaptureRun run(Scenario scenario) {
    CommandRun run = process(scenario.files());
    assertThat(run.err()).as("%s: complaints", scenario).isEmpty();
    assertThat(run.exitCode()).as("%s: exit code", scenario).isZero();
    assertThat(run.lines()).as("%s: requests", scenario).hasSameSizeAs(scenario.files());
    try {
      Output before = new Output();
      Output after = new Output();
      for (int i = 0; i < run.lines().size(); i++) {
        Path file = scenario.files().get(i);
        byte[] written = run.lines().get(i).getBytes(StandardCharsets.UTF_8);
        Signal signal = signal(file);
        before.add(
            signal,
            file.toString().endsWith(".json")
                ? proto(signal, Files.readAllBytes(file))
                : Files.readAllBytes(file));
        after.add(signal, proto(signal, written));
      }
      return new CaptureRun(run.lines(), before, after);
    } catch (IOException | InvalidJsonException e) {
      throw new AssertionError(scenario.toString(), e);
    }
  }

  static CommandRun process(List<Path> files) {
    return CommandRun.of(
        Stream.concat(Stream.of("process"), files.stream().map(Path::toString))
            .toArray(String[]::new));
  }

  private static byte[] proto(Signal signal, byte[] json) throws InvalidJsonException {
    return JsonToProto.convert(signal, json, Integer.MAX_VALUE);
  }

  private static Signal signal(Path file) {
    String name = file.getFileName().toString();
    return name.contains("__traces__")
        ? Signal.TRACES
        : name.contains("__logs__") ? Signal.LOGS : Signal.METRICS;
  }
}
