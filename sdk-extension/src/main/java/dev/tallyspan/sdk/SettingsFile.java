package dev.tallyspan.sdk;

import dev.tallyspan.pricing.internal.JsonValue;
import dev.tallyspan.pricing.internal.StrictJsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file that a setting names: a JSON object with the keys of the YAML. JSON, because an
 * application need not have a YAML parser, and JSON is YAML too.
 */
final class SettingsFile {

  private SettingsFile() {}

  /**
   * @param setting names the file, for errors
   * @throws SettingsException if the file cannot be read or is not a JSON object
   */
  static Map<String, Object> read(String setting, String file) {
    try {
      JsonValue value = StrictJsonReader.read(Files.readString(Path.of(file)));
      if (value instanceof JsonValue.Obj object) {
        return object(object);
      }
      throw new SettingsException(setting, ": " + file + ": must be a JSON object");
    } catch (StrictJsonReader.JsonException e) {
      throw new SettingsException(
          setting, ": " + file + ":" + e.line() + " " + e.getMessage() + "; it must be JSON", e);
    } catch (IOException | InvalidPathException e) {
      throw new SettingsException(
          setting, ": " + file + ": cannot be read: " + e.getClass().getSimpleName(), e);
    }
  }

  private static Map<String, Object> object(JsonValue.Obj object) {
    Map<String, Object> members = new LinkedHashMap<>();
    object
        .members()
        .forEach(
            (name, of) -> {
              Object value = value(of);
              if (value != null) { // null = the default
                members.put(name, value);
              }
            });
    return members;
  }

  private static @Nullable Object value(JsonValue value) {
    if (value instanceof JsonValue.Obj object) {
      return object(object);
    }
    if (value instanceof JsonValue.Arr array) {
      return array.elements().stream().map(SettingsFile::value).toList();
    }
    if (value instanceof JsonValue.Str string) {
      return string.text();
    }
    if (value instanceof JsonValue.Num number) {
      return number.value();
    }
    return value instanceof JsonValue.Bool flag ? flag.value() : null;
  }
}
