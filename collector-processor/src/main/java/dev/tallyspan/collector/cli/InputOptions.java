package dev.tallyspan.collector.cli;

import dev.tallyspan.collector.flow.Signal;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** The input files of a command, and their signal. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class InputOptions {

  @Option(
      names = "--signal",
      paramLabel = "SIGNAL",
      converter = SignalConverter.class,
      description = "traces, logs or metrics. Default: derived from the content.")
  @Nullable Signal signal;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "The body of one OTLP request: .pb protobuf, .json OTLP/JSON.")
  List<Path> files;

  static final class SignalConverter implements ITypeConverter<Signal> {
    @Override
    public Signal convert(String value) {
      for (Signal signal : Signal.values()) {
        if (signal.id().equals(value.toLowerCase(Locale.ROOT))) {
          return signal;
        }
      }
      throw new TypeConversionException("'" + value + "' is not one of traces, logs, metrics");
    }
  }
}
