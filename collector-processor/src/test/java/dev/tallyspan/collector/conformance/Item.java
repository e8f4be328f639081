package dev.tallyspan.collector.conformance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The number in {@code docs/conformance.md} of a requirement that a test verifies. Public because
 * JUnit reads it when it looks for tags.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@Repeatable(Item.All.class)
public @interface Item {

  int value();

  /** Several numbers. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.METHOD)
  @interface All {
    Item[] value();
  }
}
