package dev.tallyspan.collector;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The directions in which packages may depend on each other. */
class ArchitectureTest {

  private static final String OURS = "dev.tallyspan.";
  private static final String ROOT = OURS + "collector.";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.tallyspan.collector");

  /** Each package, and which others it may know: packages of the collector, and modules. */
  private static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          Map.entry("wire", Set.of()),
          Map.entry("listen", Set.of()),
          Map.entry("flow", Set.of("wire")),
          Map.entry("erasure", Set.of()),
          Map.entry("json", Set.of("flow", "wire")),
          Map.entry("telemetry", Set.of("listen")),
          Map.entry("auth", Set.of("flow")),
          Map.entry("scoreapi", Set.of("flow", "spans", "semconv")),
          Map.entry("receiver", Set.of("auth", "flow", "json", "listen", "scoreapi", "wire")),
          Map.entry("exporter", Set.of("auth", "flow", "wire")),
          Map.entry("kafka", Set.of("exporter", "flow", "json", "wire")),
          Map.entry(
              "receiver.kafka", Set.of("receiver", "kafka", "flow", "json", "listen", "wire")),
          Map.entry("output.kafka", Set.of("exporter", "kafka", "flow", "wire")),
          Map.entry("queue", Set.of("flow", "wire")),
          Map.entry("spans", Set.of("wire", "semconv")),
          Map.entry("pipeline", Set.of("flow", "wire", "spans", "enrichment", "semconv")),
          Map.entry("price", Set.of("telemetry", "semconv", "pricing")),
          Map.entry(
              "processor",
              Set.of(
                  "accounting",
                  "pipeline",
                  "flow",
                  "wire",
                  "spans",
                  "price",
                  "telemetry",
                  "enrichment",
                  "semconv",
                  "pricing")),
          Map.entry("window", Set.of("pipeline", "flow", "wire", "enrichment", "semconv")),
          Map.entry(
              "output.export", Set.of("pipeline", "exporter", "flow", "wire", "spans", "semconv")),
          Map.entry("offload", Set.of("semconv")),
          Map.entry("output.policy", Set.of("pipeline", "flow", "wire", "spans", "semconv")),
          Map.entry(
              "accounting", Set.of("pipeline", "flow", "wire", "spans", "enrichment", "semconv")),
          Map.entry(
              "output.metrics",
              Set.of("accounting", "pipeline", "flow", "wire", "enrichment", "semconv")),
          Map.entry(
              "output.budget",
              Set.of("accounting", "pipeline", "telemetry", "enrichment", "semconv")),
          Map.entry("output.view", Set.of("pipeline", "flow", "wire", "semconv")),
          Map.entry(
              "output.ledger",
              Set.of("erasure", "pipeline", "flow", "enrichment", "semconv", "pricing")),
          Map.entry(
              "output.recent",
              Set.of(
                  "erasure",
                  "queue",
                  "window",
                  "output.dataset",
                  "pipeline",
                  "flow",
                  "wire",
                  "enrichment",
                  "semconv",
                  "pricing")),
          Map.entry("mcp", Set.of("output.recent", "output.ledger")),
          Map.entry("output.dataset", Set.of("semconv")),
          Map.entry(
              "viewer",
              Set.of("mcp", "output.recent", "output.ledger", "output.dataset", "listen")),
          Map.entry("sampling", Set.of("pipeline", "flow", "wire", "semconv")),
          Map.entry(
              "scoring",
              Set.of("edit", "exporter", "pipeline", "flow", "wire", "spans", "semconv")),
          Map.entry("tree", Set.of("pipeline", "flow", "wire", "spans", "semconv")),
          Map.entry("output.file", Set.of("exporter", "flow", "json", "wire")),
          Map.entry("output.debug", Set.of("exporter", "flow", "wire", "semconv")),
          Map.entry("edit", Set.of("sampling", "pipeline", "flow", "wire", "spans", "semconv")),
          Map.entry(
              "config",
              Set.of(
                  "auth",
                  "edit",
                  "offload",
                  "output.debug",
                  "output.export",
                  "output.file",
                  "output.kafka",
                  "output.policy",
                  "receiver.kafka",
                  "kafka",
                  "exporter",
                  "sampling",
                  "scoreapi",
                  "scoring",
                  "telemetry",
                  "tree",
                  "flow",
                  "semconv",
                  "pricing")),
          Map.entry("demo", Set.of("output.view")),
          Map.entry(
              "server",
              Set.of(
                  "auth",
                  "config",
                  "edit",
                  "erasure",
                  "spans",
                  "receiver",
                  "receiver.kafka",
                  "kafka",
                  "output.kafka",
                  "pipeline",
                  "processor",
                  "window",
                  "accounting",
                  "sampling",
                  "scoring",
                  "tree",
                  "output.export",
                  "offload",
                  "output.policy",
                  "output.metrics",
                  "output.budget",
                  "output.debug",
                  "output.ledger",
                  "output.file",
                  "exporter",
                  "queue",
                  "price",
                  "flow",
                  "json",
                  "listen",
                  "telemetry",
                  "wire",
                  "enrichment",
                  "semconv",
                  "pricing")),
          Map.entry(
              "cli",
              Set.of(
                  "server",
                  "config",
                  "erasure",
                  "output.dataset",
                  "output.export",
                  "output.ledger",
                  "output.policy",
                  "output.view",
                  "output.recent",
                  "mcp",
                  "viewer",
                  "demo",
                  "pipeline",
                  "processor",
                  "window",
                  "exporter",
                  "queue",
                  "price",
                  "flow",
                  "json",
                  "listen",
                  "telemetry",
                  "wire",
                  "enrichment",
                  "semconv",
                  "pricing")));

  @Test
  void packagesKnowWhatTheyMayKnow() {
    Set<String> broken = new TreeSet<>();
    for (JavaClass from : CLASSES) {
      if (from.getSimpleName().equals("package-info")) {
        continue;
      }
      Set<String> may = MAY_USE.get(room(from));
      assertThat(may).as("a line for the package of " + from.getName()).isNotNull();
      from.getDirectDependenciesFromSelf()
          .forEach(
              dependency -> {
                String to = room(dependency.getTargetClass().getBaseComponentType());
                if (to != null && !to.equals(room(from)) && !may.contains(to)) {
                  broken.add(room(from) + " -> " + to + ": " + dependency.getDescription());
                }
              });
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void packagesStandInNoCircle() {
    slices().matching(ROOT + "(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void wireEngineDependsOnTheJdkAlone() {
    // The annotations are needed only to compile.
    classes()
        .that()
        .resideInAPackage(ROOT + "wire..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "org.jspecify.annotations", ROOT + "wire..")
        .check(CLASSES);
  }

  @Test
  void nothingParsesProtobufIntoObjects() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.google.protobuf..", "io.opentelemetry.proto..")
        .check(CLASSES);
  }

  /** The package of the collector, or the module, that a class is in; null for others' classes. */
  private static String room(JavaClass type) {
    String name = type.getPackageName();
    if (!name.startsWith(OURS)) {
      return null;
    }
    String rest = name.substring((name.startsWith(ROOT) ? ROOT : OURS).length());
    if (rest.equals("receiver.kafka")) {
      return rest; // Needs a library that the other receiver does not.
    }
    // Outputs know nothing of each other.
    int dot = rest.indexOf('.', rest.startsWith("output.") ? "output.".length() : 0);
    return dot < 0 ? rest : rest.substring(0, dot);
  }
}
