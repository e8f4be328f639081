package dev.tallyspan.enrichment;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.tallyspan.enrichment");

  @Test
  void bridgeKnowsItsTwoSidesAndTheApiAlone() {
    classes()
        .that()
        .resideOutsideOfPackage("dev.tallyspan.enrichment.estimate")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "org.jspecify.annotations..",
            "dev.tallyspan.enrichment..",
            "dev.tallyspan.semconv..",
            "dev.tallyspan.pricing..",
            "io.opentelemetry.api..")
        .check(CLASSES);
  }

  /** What is optional at run time must not be loaded unless estimates are asked for. */
  @Test
  void tokenizerIsKnownToEstimatesAlone() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.tallyspan.enrichment.estimate")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.knuddels..", "dev.tallyspan.enrichment.estimate")
        .check(CLASSES);
  }

  @Test
  void internalsOfSemconvAreItsOwn() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.tallyspan.semconv.internal..")
        .check(CLASSES);
  }
}
