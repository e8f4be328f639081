package dev.tallyspan.sdk;

import dev.tallyspan.sdk.doctor.Doctor;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The command {@code doctor} of the jar: tells what an application has of OpenTelemetry and of LLM
 * clients, and what to set. Links nothing of OpenTelemetry, which the jar does not contain.
 */
public final class DoctorCommand {

  private static final String USAGE =
      "usage: java -jar tallyspan-sdk-extension-agent.jar doctor FILE...\n"
          + "FILE: a jar or a directory with jars of the application, or a class path; the Java"
          + " agent is one of them, or -javaagent:FILE";
  private static final String AGENT = "-javaagent:";

  private DoctorCommand() {}

  /**
   * Runs the command; exits with 0 if nothing is to be done, 1 if something is, 2 for bad usage.
   *
   * @param args {@code doctor}, then the files to examine
   */
  public static void main(String[] args) {
    System.exit(
        run(
            List.of(args),
            System.getProperties(),
            System.getenv(),
            LocalDate.now(ZoneOffset.UTC),
            System.out,
            System.err));
  }

  static int run(
      List<String> args,
      Properties properties,
      Map<String, String> environment,
      LocalDate today,
      PrintStream out,
      PrintStream err) {
    if (args.size() < 2 || !args.get(0).equals("doctor")) {
      err.println(USAGE);
      return 2;
    }
    List<Path> files = new ArrayList<>();
    for (String arg : args.subList(1, args.size())) {
      if (arg.equals("-javaagent")) {
        continue; // followed by the file
      }
      String list = arg.startsWith(AGENT) ? withoutOptions(arg.substring(AGENT.length())) : arg;
      for (String name : list.split(File.pathSeparator)) {
        Path file = existing(name);
        if (file == null) {
          err.println(name + ": there is no such file; name jars, or directories with jars");
          return 2;
        }
        files.add(file);
      }
    }
    try {
      int todo =
          Doctor.examine(
              files,
              settings(properties, environment),
              UnknownProperties.warning(properties.stringPropertyNames(), environment.keySet()),
              today,
              out);
      return todo == 0 ? 0 : 1;
    } catch (IOException e) {
      err.println("a jar cannot be read: " + e.getMessage());
      return 1;
    }
  }

  /**
   * Prints the report about this process.
   *
   * @param settings returns the value of a property
   */
  static void reportOnThisProcess(Function<String, @Nullable String> settings, PrintStream out) {
    List<Path> files = new ArrayList<>();
    for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (argument.startsWith(AGENT)) {
        addTo(files, withoutOptions(argument.substring(AGENT.length())));
      }
    }
    for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator)) {
      addTo(files, entry);
    }
    files.removeIf(Files::isDirectory); // of classes
    try {
      Doctor.examine(
          files,
          settings,
          UnknownProperties.warning(
              System.getProperties().stringPropertyNames(), System.getenv().keySet()),
          LocalDate.now(ZoneOffset.UTC),
          out);
    } catch (IOException e) {
      out.println("Tallyspan: the doctor cannot read a jar of the class path");
    }
  }

  private static void addTo(List<Path> files, String name) {
    Path file = existing(name);
    if (file != null) {
      files.add(file);
    }
  }

  private static String withoutOptions(String agent) {
    int options = agent.indexOf('=');
    return options < 0 ? agent : agent.substring(0, options);
  }

  private static @Nullable Path existing(String name) {
    try {
      Path file = Path.of(name);
      return !name.isEmpty() && Files.exists(file) ? file : null;
    } catch (InvalidPathException e) {
      return null;
    }
  }

  private static Function<String, @Nullable String> settings(
      Properties properties, Map<String, String> environment) {
    return property -> {
      String value = properties.getProperty(property);
      return value != null ? value : environment.get(Setting.environment(property));
    };
  }
}
