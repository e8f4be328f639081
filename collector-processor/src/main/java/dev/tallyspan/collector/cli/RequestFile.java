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

/**
 * The body of one OTLP request, read from a file.
 *
 * @param signal as said by the user, else as told from the content
 * @param protobuf the request in protobuf, whatever the file held
 */
record RequestFile(Signal signal, byte[] protobuf) {

  /** The file is no OTLP request; the message names it and says why. */
  static final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1;

    UnreadableException(Path file, String why) {
      super(file + ": " + why);
    }
  }

  /**
   * Reads a file. Whether it is JSON or protobuf is told from its name ({@code .json}, {@code
   * .pb}), else from its first byte.
   *
   * @param signal null to tell it from the content
   */
  static RequestFile read(Path file, Signal signal) throws UnreadableException {
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
        Signal known = told(file, signal, signal == null ? SignalGuess.ofJson(body) : null);
        return new RequestFile(known, JsonToProto.convert(known, body, Integer.MAX_VALUE));
      }
      ItemCounter.checkKnown(body);
      return new RequestFile(
          told(file, signal, signal == null ? SignalGuess.ofProtobuf(body) : null), body);
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

  private static Signal told(Path file, Signal said, Optional<Signal> guess)
      throws UnreadableException {
    if (said != null) {
      return said;
    }
    if (guess.isEmpty()) {
      throw new UnreadableException(
          file, "holds no span, log record or metric that tells its signal; say it with --signal");
    }
    return guess.get();
  }
}
