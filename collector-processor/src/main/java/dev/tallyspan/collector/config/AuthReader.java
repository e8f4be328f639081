package dev.tallyspan.collector.config;

import dev.tallyspan.collector.auth.AuthSettings;
import dev.tallyspan.collector.auth.BasicSettings;
import dev.tallyspan.collector.auth.BearerSettings;
import dev.tallyspan.collector.auth.HeadersSettings;
import dev.tallyspan.collector.auth.Secret;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the extensions {@code bearertokenauth} and {@code basicauth}, and what refers to them. */
final class AuthReader {

  /**
   * An extension that has been read; the settings are null if it has a fault, which is reported.
   */
  record Extension(String id, @Nullable AuthSettings settings) implements ExtensionConfig {}

  private AuthReader() {}

  static Extension bearer(String id, Section section) {
    String scheme = section.text("scheme", "Bearer");
    String header = section.text("header", "Authorization");
    Path file = section.file("filename");
    List<BearerSettings.Token> tokens = new ArrayList<>();
    String token = section.text("token");
    if (token != null) {
      add(tokens, id, section, "token", token);
    }
    if (section.isListOfSections("tokens")) {
      for (Section item : section.sections("tokens")) {
        String name = item.text("name", id);
        Secret secret = secret(item, "token");
        String tenant = item.text("tenant");
        item.end();
        if (secret != null) {
          tokens.add(new BearerSettings.Token(name, secret, tenant));
        }
      }
    } else {
      for (String text : section.texts("tokens")) {
        add(tokens, id, section, "tokens", text);
      }
    }
    section.end();
    if (!header.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+") || header.endsWith("-bin")) {
      section.error("header", section.name("header") + ": must be the name of a text header");
      return new Extension(id, null);
    }
    if (file != null && !tokens.isEmpty()) {
      section.warning(
          "filename",
          section.name("filename") + ": token and tokens are ignored, as the file is used");
      tokens.clear();
    }
    if (tokens.isEmpty() && file == null && (section.has("token") || section.hasItems("tokens"))) {
      // Reported where it is read.
      return new Extension(id, null);
    }
    try {
      return new Extension(id, new BearerSettings(id, header, scheme, tokens, file));
    } catch (IllegalArgumentException e) {
      section.error(e);
      return new Extension(id, null);
    }
  }

  private static void add(
      List<BearerSettings.Token> tokens, String id, Section section, String key, String text) {
    if (text.isBlank()) {
      section.error(key, section.name(key) + ": a token is empty");
    } else {
      tokens.add(new BearerSettings.Token(id, new Secret.Text(text.strip()), /* tenant= */ null));
    }
  }

  static Extension basic(String id, Section section) {
    List<BasicSettings.User> users = new ArrayList<>();
    for (Section item : section.sections("users")) {
      String name = item.text("name", "");
      Secret password = secret(item, "password");
      String tenant = item.text("tenant");
      item.end();
      try {
        if (password != null) {
          users.add(new BasicSettings.User(name, password, tenant));
        }
      } catch (IllegalArgumentException e) {
        item.error(e);
      }
    }
    Section htpasswd = section.section("htpasswd");
    Path file = null;
    String inline = "";
    if (htpasswd != null) {
      file = htpasswd.file("file");
      inline = htpasswd.text("inline", "");
      htpasswd.end();
    }
    Section clientAuth = section.section("client_auth");
    BasicSettings.Client client = clientAuth == null ? null : client(clientAuth);
    section.end();
    try {
      BasicSettings settings = new BasicSettings(id, users, file, inline, client);
      if (settings.forReceivers() && settings.forExporters()) {
        section.error(
            "client_auth is for exporters, htpasswd and users are for receivers: use two"
                + " extensions");
        return new Extension(id, null);
      }
      if (settings.forReceivers() || settings.forExporters()) {
        return new Extension(id, settings);
      }
      if (!section.hasItems("users") && !section.has("client_auth")) {
        section.error(
            "has no credentials: set htpasswd or users for receivers, client_auth for exporters");
      }
      return new Extension(id, null);
    } catch (IllegalArgumentException e) {
      section.error(e);
      return new Extension(id, null);
    }
  }

  private static BasicSettings.@Nullable Client client(Section section) {
    Secret username = secret(section, "username");
    Secret password = secret(section, "password");
    section.unsupported("aws_secrets_manager", "mount the secret as a file");
    section.end();
    return username == null || password == null
        ? null
        : new BasicSettings.Client(username, password);
  }

  /** Reads a secret from {@code key}, {@code key_env} or {@code key_file}; the last one wins. */
  private static @Nullable Secret secret(Section section, String key) {
    String text = section.text(key);
    String variable = section.variable(key + "_env");
    Path file = section.file(key + "_file");
    if (file != null) {
      return new Secret.InFile(file);
    }
    String value = variable == null ? text : variable;
    if (value == null || value.isBlank()) {
      if (!section.has(key) && !section.has(key + "_env") || value != null) {
        section.error("%1$s is missing or empty: set %1$s, %1$s_env or %1$s_file".formatted(key));
      }
      return null;
    }
    return new Secret.Text(value.strip());
  }

  /** Returns the extensions that authenticate, by id; null for one with a fault. */
  static Map<String, @Nullable AuthSettings> among(Collection<ExtensionConfig> extensions) {
    Map<String, @Nullable AuthSettings> found = new LinkedHashMap<>();
    for (ExtensionConfig extension : extensions) {
      if (extension instanceof Extension auth) {
        found.put(auth.id(), auth.settings());
      }
    }
    return found;
  }

  /**
   * Reads {@code auth} of a receiver or an exporter.
   *
   * @param receiver whether it is a receiver
   * @return null if there is none, or if it has a fault, which is reported
   */
  static @Nullable AuthSettings of(
      Section component, boolean receiver, Map<String, @Nullable AuthSettings> known) {
    Section section = component.section("auth");
    if (section == null) {
      return null;
    }
    String id = section.text("authenticator");
    section.unsupported("request_params", "credentials are read from headers only");
    section.end();
    if (id == null) {
      section.error("authenticator is missing: set the id of an extension");
      return null;
    }
    if (!known.containsKey(id)) {
      String nearest = Suggestions.nearest(id, known.keySet());
      section.error(
          "authenticator",
          section.name("authenticator")
              + ": "
              + id
              + " is not an extension of type "
              + (receiver
                  ? "bearertokenauth or basicauth"
                  : "bearertokenauth, basicauth or headers_setter")
              + (nearest == null ? "" : "; did you mean " + nearest + "?"));
      return null;
    }
    AuthSettings settings = known.get(id);
    if (settings != null && !(receiver ? settings.forReceivers() : settings.forExporters())) {
      section.error(
          "authenticator",
          section.name("authenticator")
              + ": "
              + id
              + (receiver
                  ? settings instanceof HeadersSettings
                      ? " is for exporters: use bearertokenauth or basicauth"
                      : " has no users: set htpasswd or users"
                  : " has no client_auth, which exporters need"));
      return null;
    }
    return settings;
  }
}
