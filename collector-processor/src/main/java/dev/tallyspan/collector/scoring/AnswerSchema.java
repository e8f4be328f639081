package dev.tallyspan.collector.scoring;

import static java.util.Objects.requireNonNull;

import dev.harrel.jsonschema.Evaluator;
import dev.harrel.jsonschema.JsonNode;
import dev.harrel.jsonschema.SchemaParsingContext;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.tallyspan.collector.edit.GoRegex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON schema for answers, of draft 2020-12 if it does not name another one. Expressions in it
 * are bounded like all others; other documents that it refers to are not fetched. Immutable and
 * thread-safe.
 */
public final class AnswerSchema {

  /** Longer answers are not checked, in characters. */
  private static final int LONGEST = 1 << 20;

  private final String source;
  private final Validator validator;
  private final URI uri;

  private AnswerSchema(String source) {
    this.source = source;
    validator =
        new ValidatorFactory()
            .withJsonNodeFactory(SchemaNode.FACTORY)
            .withEvaluatorFactory(AnswerSchema::evaluator)
            .createValidator();
    uri = validator.registerSchema(source);
  }

  /**
   * Reads a schema.
   *
   * @throws IllegalArgumentException if it is not one
   */
  public static AnswerSchema of(String json) {
    try {
      return new AnswerSchema(requireNonNull(json, "json"));
    } catch (UncheckedIOException e) {
      throw new IllegalArgumentException("not JSON", e);
    } catch (RuntimeException | StackOverflowError e) {
      throw new IllegalArgumentException("not a JSON schema", e);
    }
  }

  /** Returns null if the answer is too long to be checked. */
  Check.@Nullable Finding check(String answer) {
    if (answer.length() > LONGEST) {
      return null;
    }
    JsonNode node;
    try {
      node = SchemaNode.parse(answer);
    } catch (IOException e) {
      return new Check.Finding(false, "The answer is not JSON.");
    }
    return validator.validate(uri, node).isValid()
        ? new Check.Finding(true, "The answer is JSON that the schema allows.")
        : new Check.Finding(false, "The answer is JSON that the schema does not allow.");
  }

  /** The keywords with expressions, which the library evaluates without a limit. */
  private static Optional<Evaluator> evaluator(
      SchemaParsingContext context, String keyword, JsonNode value) {
    if (keyword.equals("pattern") && value.isString()) {
      GoRegex regex = GoRegex.compile(value.asString());
      return Optional.of(
          (evaluation, node) ->
              !node.isString() || regex.matches(node.asString())
                  ? Evaluator.Result.success()
                  : Evaluator.Result.failure());
    }
    if (keyword.equals("patternProperties") && value.isObject()) {
      Map<GoRegex, String> schemas = new HashMap<>();
      value
          .asObject()
          .forEach(
              (regex, schema) ->
                  schemas.put(GoRegex.compile(regex), context.getAbsoluteUri(schema)));
      return Optional.of(
          (evaluation, node) -> {
            if (!node.isObject()) {
              return Evaluator.Result.success();
            }
            Set<String> evaluated = new HashSet<>();
            boolean valid = true;
            for (Map.Entry<String, JsonNode> member : node.asObject().entrySet()) {
              for (Map.Entry<GoRegex, String> schema : schemas.entrySet()) {
                if (schema.getKey().matches(member.getKey())) {
                  evaluated.add(member.getKey());
                  valid &=
                      evaluation.resolveInternalRefAndValidate(
                          schema.getValue(), member.getValue());
                }
              }
            }
            return valid ? Evaluator.Result.success(evaluated) : Evaluator.Result.failure();
          });
    }
    return Optional.empty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AnswerSchema schema && schema.source.equals(source);
  }

  @Override
  public int hashCode() {
    return source.hashCode();
  }
}
