package dev.tallyspan.collector;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The directions in which packages may depend on each other. */
class ArchitectureTest {

  private static final String ROOT = "dev.tallyspan.collector.";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.tallyspan.collector");

  @Test
  void noStepReachesBack() {
    slices().matching(ROOT + "(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void wireEngineDependsOnTheJdkAlone() {
    classes()
        .that()
        .resideInAPackage(ROOT + "wire..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", ROOT + "wire..")
        .check(CLASSES);
  }

  @Test
  void receiversAndDestinationsDoNotKnowEachOther() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "receive..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT + "send..", ROOT + "pipeline..", "dev.tallyspan.semconv..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage(ROOT + "send..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT + "receive..", ROOT + "pipeline..", "dev.tallyspan.semconv..")
        .check(CLASSES);
  }

  @Test
  void onlyTheStepThatPricesAsksForPrices() {
    noClasses()
        .that()
        .resideInAnyPackage(
            ROOT + "wire..", ROOT + "understand..", ROOT + "receive..", ROOT + "send..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.tallyspan.pricing..")
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
}
