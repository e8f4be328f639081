package dev.tallyspan.collector.output.view;

import java.io.Console;
import java.nio.charset.Charset;
import java.time.ZoneId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The options for printing traces. */
public final class TerminalOptions {

  private static final int DEFAULT_WIDTH = 120;
  private static final int LEAST_WIDTH = 72;
  private static final int MOST_WIDTH = 1_000;

  private final int width;
  private final boolean unicode;
  private final boolean colour;
  private final boolean content;
  private final int maxSpans;
  private final String traceUrl;
  private final ZoneId zone;

  private TerminalOptions(Builder builder) {
    this.width = builder.width;
    this.unicode = builder.unicode;
    this.colour = builder.colour;
    this.content = builder.content;
    this.maxSpans = builder.maxSpans;
    this.traceUrl = builder.traceUrl;
    this.zone = builder.zone;
  }

  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns options that fit standard output: the width from {@code COLUMNS}; box-drawing
   * characters if the encoding of the output has them; colour if it is a terminal, unless {@code
   * NO_COLOR} is set or {@code TERM} is {@code dumb}.
   *
   * @see <a href="https://no-color.org">NO_COLOR</a>
   */
  public static Builder detect(Map<String, String> env) {
    return builder()
        .width(columns(env.get("COLUMNS")))
        .unicode(stdoutCharset().newEncoder().canEncode('├'))
        .colour(
            env.getOrDefault("NO_COLOR", "").isEmpty()
                && !env.getOrDefault("TERM", "").equals("dumb")
                && isTerminal());
  }

  int width() {
    return width;
  }

  boolean colour() {
    return colour;
  }

  boolean content() {
    return content;
  }

  int maxSpans() {
    return maxSpans;
  }

  /** Returns where a backend shows a trace; empty if that is not known. */
  String traceUrl(String traceId) {
    return traceId.isEmpty() ? "" : traceUrl.replace("{traceId}", traceId);
  }

  ZoneId zone() {
    return zone;
  }

  Glyphs glyphs() {
    return unicode ? Glyphs.UNICODE : Glyphs.ASCII;
  }

  private static int columns(@Nullable String value) {
    try {
      return value == null
          ? DEFAULT_WIDTH
          : Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, Integer.parseInt(value.trim())));
    } catch (NumberFormatException e) {
      return DEFAULT_WIDTH;
    }
  }

  private static Charset stdoutCharset() {
    // Java 19 and later set the first; 17 sets the second if stdout is a terminal; 19 and later use
    // the
    // third if it is not.
    for (String key : new String[] {"stdout.encoding", "sun.stdout.encoding", "native.encoding"}) {
      String name = System.getProperty(key);
      if (name != null && Charset.isSupported(name)) {
        return Charset.forName(name);
      }
    }
    return Charset.defaultCharset();
  }

  /** Whether a person can read what this process prints, and type what it reads. */
  public static boolean isTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      // Since 22 there is a console even without a terminal, and a method to distinguish them.
      return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }

  /** Builds {@link TerminalOptions}. */
  public static final class Builder {
    private int width = DEFAULT_WIDTH;
    private boolean unicode = true;
    private boolean colour = false;
    private boolean content = true;
    private int maxSpans = 100;
    private String traceUrl = "";
    private ZoneId zone = ZoneId.systemDefault();

    Builder() {}

    /** The columns of a line, 72 to 1000. Default: 120. */
    public Builder width(int width) {
      this.width = width;
      return this;
    }

    /** Whether box-drawing characters are printed. Default: true. */
    public Builder unicode(boolean unicode) {
      this.unicode = unicode;
      return this;
    }

    /** Whether ANSI colours are printed. Default: false. */
    public Builder colour(boolean colour) {
      this.colour = colour;
      return this;
    }

    /** Whether questions, answers, tool arguments and results are printed. Default: true. */
    public Builder content(boolean content) {
      this.content = content;
      return this;
    }

    /** The maximum number of spans in a trace with a line of their own; 0 = all. Default: 100. */
    public Builder maxSpans(int maxSpans) {
      this.maxSpans = maxSpans;
      return this;
    }

    /**
     * Where a backend shows a trace: a URL with {@code {traceId}} in place of the id, which is
     * printed with every trace; empty = nowhere. Default: empty.
     */
    public Builder traceUrl(String traceUrl) {
      this.traceUrl = traceUrl;
      return this;
    }

    /** The zone of printed times. Default: that of the system. */
    public Builder zone(ZoneId zone) {
      this.zone = zone;
      return this;
    }

    /**
     * @throws IllegalArgumentException if the width is outside 72 to 1000, or maxSpans is negative
     */
    public TerminalOptions build() {
      if (width < LEAST_WIDTH || width > MOST_WIDTH) {
        throw new IllegalArgumentException(
            "width=" + width + ": must be from " + LEAST_WIDTH + " to " + MOST_WIDTH);
      }
      if (maxSpans < 0) {
        throw new IllegalArgumentException("maxSpans=" + maxSpans + ": must not be negative");
      }
      return new TerminalOptions(this);
    }
  }
}
