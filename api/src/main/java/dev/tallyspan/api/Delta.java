package dev.tallyspan.api;

import org.jspecify.annotations.Nullable;

/** What one chunk of a stream adds to the output of a model. Immutable. */
public final class Delta {

  enum Kind {
    TEXT,
    REASONING,
    TOOL_CALL,
    FINISH
  }

  final Kind kind;
  final int choice;
  final int toolIndex;
  final @Nullable String id;
  final @Nullable String name;
  final String text;

  private Delta(
      Kind kind,
      int choice,
      int toolIndex,
      @Nullable String id,
      @Nullable String name,
      @Nullable String text) {
    this.kind = kind;
    this.choice = choice;
    this.toolIndex = toolIndex;
    this.id = id;
    this.name = name;
    this.text = text == null ? "" : text;
  }

  /**
   * Text that is added to the message.
   *
   * @param text null for none
   * @return the addition, to the first choice
   */
  public static Delta text(@Nullable String text) {
    return new Delta(Kind.TEXT, 0, 0, null, null, text);
  }

  /**
   * Text that is added to the model's reasoning.
   *
   * @param text null for none
   * @return the addition, to the first choice
   */
  public static Delta reasoning(@Nullable String text) {
    return new Delta(Kind.REASONING, 0, 0, null, null, text);
  }

  /**
   * A tool call, or an addition to one.
   *
   * @param index of the tool call in the message, as the provider counts
   * @param id of the call; null if the chunk does not have it
   * @param name of the tool; null if the chunk does not have it
   * @param arguments JSON text that is added to the arguments; null for none
   * @return the addition, to the first choice
   */
  public static Delta toolCall(
      int index, @Nullable String id, @Nullable String name, @Nullable String arguments) {
    return new Delta(Kind.TOOL_CALL, 0, index, id, name, arguments);
  }

  /**
   * The reason why the model stopped, which completes the choice.
   *
   * @param reason in the words of the provider; null for none
   * @return the end of the first choice
   */
  public static Delta finish(@Nullable String reason) {
    return new Delta(Kind.FINISH, 0, 0, null, null, reason);
  }

  /**
   * {@return the same for another of several choices} Default: 0, the first one.
   *
   * @param index of the choice, from 0
   */
  public Delta ofChoice(int index) {
    return new Delta(kind, index, toolIndex, id, name, text);
  }
}
