/**
 * Auto-configuration for Spring Boot 3.5 and 4, and for Spring AI 1.1 and 2.0. Only {@link
 * dev.tallyspan.spring.TallyspanProperties} is for applications; they replace beans with their own.
 */
@NullMarked
package dev.tallyspan.spring;

import org.jspecify.annotations.NullMarked;
