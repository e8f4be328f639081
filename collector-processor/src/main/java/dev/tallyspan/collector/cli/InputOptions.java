package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.processor.LogContents;
import dev.tallyspan.collector.wire.MalformedRequestException;
import dev.tallyspan.semconv.read.LogJoin;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** The files of a command that runs over files, and what is said of them. */
final class InputOptions {

  @Option(
      names = "--signal",
      paramLabel = "SIGNAL",
      converter = SignalConverter.class,
      description = "traces, logs or metrics; told from the content if not given.")
  Signal signal;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "The body of one OTLP request: .pb protobuf, .json OTLP/JSON.")
  List<Path> files;

  /**
   * What the log requests among the files say of spans in the others. A file that cannot be read
   * says nothing; it is reported when its turn comes.
   */
  LogJoin logJoin() {
    LogJoin join = new LogJoin();
    for (Path file : files.size() > 1 ? files : List.<Path>of()) {
      try {
        RequestFile request = RequestFile.read(file, signal);
        if (request.signal() == Signal.LOGS) {
          LogContents.collect(request.protobuf(), join);
        }
      } catch (RequestFile.UnreadableException | MalformedRequestException e) {
        // reported when its turn comes
      }
    }
    return join;
  }

  static final class SignalConverter implements ITypeConverter<Signal> {
    @Override
    public Signal convert(String value) {
      for (Signal signal : Signal.values()) {
        if (signal.id().equals(value.toLowerCase(Locale.ROOT))) {
          return signal;
        }
      }
      throw new TypeConversionException("'" + value + "' is none of traces, logs, metrics");
    }
  }
}
