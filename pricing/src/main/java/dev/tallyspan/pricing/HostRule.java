package dev.tallyspan.pricing;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a host reveals about the calls that it serves.
 *
 * <p>Its name may begin with {@code *.}, and contain {@code {region}} or {@code {geo}} in place of
 * a label or a part of a label.
 *
 * @param host in lower case
 * @param provider that sells the models called there
 * @param geo that processing at this host is pinned to, or null
 * @param region that serves the call, or null
 */
record HostRule(String host, Provider provider, @Nullable String geo, @Nullable String region) {
  private static final Pattern NAME =
      Pattern.compile("(\\*\\.)?([a-z0-9.-]*\\{(region|geo)\\})?[a-z0-9.-]+");
  private static final Pattern PLACE = Pattern.compile("\\{(region|geo)\\}");

  static boolean isName(String host) {
    return NAME.matcher(host).matches();
  }

  /** Whether the name contains a placeholder, and stands for many hosts. */
  boolean isTemplate() {
    return host.indexOf('{') >= 0;
  }

  /** Returns the rule for a host that matches this template, or null if it does not match. */
  @Nullable HostRule of(String name) {
    Matcher place = PLACE.matcher(host);
    if (!place.find()) {
      return null;
    }
    String before = host.substring(0, place.start());
    boolean open = before.startsWith("*.");
    String fixed = open ? before.substring(1) : before;
    Matcher matched =
        Pattern.compile(
                (open ? ".+" : "")
                    + Pattern.quote(fixed)
                    + "([a-z0-9-]+)"
                    + Pattern.quote(host.substring(place.end())))
            .matcher(name);
    if (!matched.matches()) {
      return null;
    }
    boolean isRegion = place.group(1).equals("region");
    return new HostRule(
        host, provider, isRegion ? geo : matched.group(1), isRegion ? matched.group(1) : region);
  }

  HostRule at(Provider other) {
    return new HostRule(host, other, geo, region);
  }
}
