package dev.tallyspan.sdk;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "dev.tallyspan.sdk",
    importOptions = ImportOption.DoNotIncludeTests.class)
class DependenciesTest {

  private static final String DECLARATIVE = "dev.tallyspan.sdk.declarative..";

  @ArchTest
  static final ArchRule oneClassUsesWhatTheSdkCallsInternal =
      noClasses()
          .that()
          .resideOutsideOfPackage(DECLARATIVE)
          .and()
          .doNotHaveSimpleName("EnrichingSpanProcessor")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.opentelemetry..internal..");

  @ArchTest
  static final ArchRule alphaApiIsUsedInOnePackage =
      noClasses()
          .that()
          .resideOutsideOfPackage(DECLARATIVE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.opentelemetry.api.incubator..", DECLARATIVE);

  @ArchTest
  static final ArchRule onlySdkAndOwnModulesAreNeeded =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..", "org.jspecify.annotations..", "io.opentelemetry..", "dev.tallyspan..");
}
