package dev.tallyspan.semconv;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The directions in which packages may depend on each other. */
class ArchitectureTest {

  private static final String ROOT = "dev.tallyspan.semconv";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  /** Each package, and which others it may know; the one without a name is the root. */
  private static final Map<String, Set<String>> MAY_USE =
      Map.of(
          "internal.json", Set.of(),
          "content", Set.of("internal.dialect", "span", "internal.message", "", "internal.json"),
          "", Set.of("internal.json"),
          "internal.message", Set.of("", "internal.json"),
          "span", Set.of("", "internal.json"),
          "internal.dialect", Set.of("span", "internal.message", "", "internal.json"),
          "internal.judge",
              Set.of("internal.dialect", "span", "internal.message", "", "internal.json"),
          "internal.render",
              Set.of("internal.dialect", "span", "internal.message", "", "internal.json"),
          "read",
              Set.of(
                  "internal.render",
                  "internal.judge",
                  "internal.dialect",
                  "span",
                  "internal.message",
                  "",
                  "internal.json"));

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
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                String to = target.getPackageName().startsWith(ROOT) ? room(target) : room(from);
                if (!to.equals(room(from)) && !may.contains(to)) {
                  broken.add(room(from) + " -> " + to + ": " + dependency.getDescription());
                }
              });
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void packagesHaveNoCycles() {
    slices()
        .assignedFrom(
            new SliceAssignment() {
              @Override
              public SliceIdentifier getIdentifierOf(JavaClass type) {
                return type.getPackageName().startsWith(ROOT)
                    ? SliceIdentifier.of(type.getPackageName())
                    : SliceIdentifier.ignore();
              }

              @Override
              public String getDescription() {
                return "packages";
              }
            })
        .should()
        .beFreeOfCycles()
        .check(CLASSES);
  }

  @Test
  void dependsOnTheJdkAndTheOpenTelemetryApiAlone() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..", "org.jspecify.annotations..", "io.opentelemetry.api..", ROOT + "..")
        .check(CLASSES);
  }

  @Test
  void logsNothing() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.util.logging..")
        .check(CLASSES);
  }

  /** The package below the root; empty for the root itself. */
  private static String room(JavaClass type) {
    String name = type.getPackageName();
    return name.equals(ROOT) ? "" : name.substring(ROOT.length() + 1);
  }
}
