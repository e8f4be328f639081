package dev.tallyspan.collector.cli;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.support.AnnotationConsumer;
import org.junit.jupiter.params.support.ParameterDeclarations;

/** Runs a test for every captured scenario of whose truth a check is part. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest(name = "{0}")
@ArgumentsSource(CaptureTest.Scenarios.class)
@interface CaptureTest {

  /** The check's name in {@code truth.json}. */
  String value();

  /** The scenarios of one check. */
  final class Scenarios implements ArgumentsProvider, AnnotationConsumer<CaptureTest> {

    private String check;

    @Override
    public void accept(CaptureTest annotation) {
      check = annotation.value();
    }

    @Override
    public Stream<? extends Arguments> provideArguments(
        ParameterDeclarations parameters, ExtensionContext context) {
      return Captures.scenarios().stream()
          .filter(scenario -> scenario.checks().contains(check))
          .map(Arguments::of);
    }
  }
}
