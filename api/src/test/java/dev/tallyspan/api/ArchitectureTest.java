package dev.tallyspan.api;

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
          .importPackages("dev.tallyspan.api");

  @Test
  void apiNeedsTheOpenTelemetryApiAlone() {
    classes()
        .that()
        .doNotHaveSimpleName("CatalogCosts")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "org.jspecify.annotations..",
            "dev.tallyspan.api..",
            "dev.tallyspan.semconv..",
            "io.opentelemetry.api..",
            "io.opentelemetry.context..")
        .check(CLASSES);
  }

  /** What is optional at run time must not be loaded unless costs are asked for. */
  @Test
  void pricesAreKnownToOneClass() {
    noClasses()
        .that()
        .doNotHaveSimpleName("CatalogCosts")
        .should()
        .dependOnClassesThat()
        .haveSimpleName("CatalogCosts")
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.tallyspan.enrichment..", "dev.tallyspan.pricing..")
        .check(CLASSES);
  }

  @Test
  void nothingInternalOrUnstableIsUsed() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.tallyspan.semconv.internal..",
            "io.opentelemetry..internal..",
            "io.opentelemetry.api.incubator..")
        .check(CLASSES);
  }
}
