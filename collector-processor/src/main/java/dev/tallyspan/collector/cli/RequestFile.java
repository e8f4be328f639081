package dev.tallyspan.collector.cli;

import com.fasterxml.jackson.core.JacksonException;
import dev.tallyspan.collector.flow.Signal;
import dev.tallyspan.collector.json.InvalidJsonException;
import dev.tallyspan.collector.json.JsonToProto;
import dev.tallyspan.collector.wire.ItemCounter;
import dev.tallyspan.collector.wire.MalformedRequestException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The body of one OTLP request, read from a file.
 *
 * @param signal as set by the user, else derived from the content
 * @param protobuf the request in protobuf, also if the file is JSON
 */
record RequestFile(Signal signal, byte[] protobuf) {

  /** Thrown if a file is not an OTLP request; the message contains its name and the reason. */
  static final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1;

    UnreadableException(Path file, String why) {
      super(file + ": " + why);
    }
  }

  /**
   * Reads a file. Its name ({@code .json}, {@code .pb}), else its first byte, determines whether it
   * is JSON or protobuf.
   *
   * @param signal null to derive it from the content
   */
  static RequestFile read(Path file, @Nullable Signal signal) throws UnreadableException {
    byte[] body;
    try {
      body = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new UnreadableException(file, "no such file");
    } catch (IOException e) {
      throw new UnreadableException(file, "cannot be read: " + e.getMessage());
    }
    try {
      if (isJson(file, body)) {
        Signal known = signal != null ? signal : guessed(file, SignalGuess.ofJson(body));
        return new RequestFile(known, JsonToProto.convert(known, body, Integer.MAX_VALUE));
      }
      ItemCounter.checkKnown(body);
      return new RequestFile(
          signal != null ? signal : guessed(file, SignalGuess.ofProtobuf(body)), body);
    } catch (JacksonException e) {
      throw new UnreadableException(
          file,
          "not JSON at line "
              + e.getLocation().getLineNr()
              + ", column "
              + e.getLocation().getColumnNr());
    } catch (InvalidJsonException e) {
      throw new UnreadableException(file, "not an OTLP/JSON request: " + e.getMessage());
    } catch (MalformedRequestException e) {
      throw new UnreadableException(file, "not an OTLP request: " + e.getMessage());
    } catch (IOException e) {
      throw new UnreadableException(file, "cannot be read: " + e.getMessage());
    }
  }

  private static boolean isJson(Path file, byte[] body) {
    String name = file.getFileName().toString();
    if (name.endsWith(".json") || name.endsWith(".pb")) {
      return name.endsWith(".json");
    }
    // No protobuf request begins with a brace: that would be a group of field 15.
    for (byte b : body) {
      if (!Character.isWhitespace(b)) {
        return b == '{';
      }
    }
    return false;
  }

  private static Signal guessed(Path file, Optional<Signal> guess) throws UnreadableException {
    return guess.orElseThrow(
        () ->
            new UnreadableException(
                file, "has no span, log record or metric that indicates its signal; set --signal"));
  }
}
