package dev.tallyspan.semconv.content;

import java.util.Arrays;

/** Secrets that their own form shows: prefixes of providers, JWT, PEM, bearer tokens. */
final class Secrets {

  private static final String SECRET = StandardDetector.SECRET.name();

  /**
   * A form of key.
   *
   * @param prefix what it begins with
   * @param min how many characters at least follow
   * @param upper whether they are upper-case letters and digits; else letters, digits, - and _
   */
  private record Form(String prefix, int min, boolean upper) {}

  /** How far a key is read before it is decided that it is one. */
  private static final int ENOUGH = 256;

  private static final String PEM_BEGIN = "-----BEGIN ";
  private static final String PEM_KEY = "PRIVATE KEY";

  private static final Form[][] FORMS =
      byFirst(
          form("sk-", 20), // OpenAI, Anthropic (sk-ant-), OpenRouter, DeepSeek, Langfuse (sk-lf-)
          form("sess-", 32),
          form("AIza", 35), // Google
          form("ya29.", 20),
          form("GOCSPX-", 20),
          upper("AKIA", 16), // AWS
          upper("ASIA", 16),
          upper("ABIA", 16),
          upper("ACCA", 16),
          form("ABSK", 40), // Bedrock
          form("ghp_", 30), // GitHub
          form("gho_", 30),
          form("ghu_", 30),
          form("ghs_", 30),
          form("ghr_", 30),
          form("github_pat_", 22),
          form("glpat-", 20), // GitLab
          form("xoxb-", 10), // Slack
          form("xoxp-", 10),
          form("xoxa-", 10),
          form("xoxr-", 10),
          form("xoxs-", 10),
          form("xoxe-", 10),
          form("xapp-", 10),
          form("sk_live_", 16), // Stripe
          form("sk_test_", 16),
          form("rk_live_", 16),
          form("rk_test_", 16),
          form("whsec_", 16),
          form("hf_", 30), // Hugging Face
          form("gsk_", 40), // Groq
          form("xai-", 40),
          form("pplx-", 40),
          form("r8_", 37), // Replicate
          form("nvapi-", 40),
          form("fw_", 22), // Fireworks
          form("tvly-", 20), // Tavily
          form("pcsk_", 40), // Pinecone
          form("lsv2_pt_", 30), // LangSmith
          form("lsv2_sk_", 30),
          form("npm_", 36),
          form("pypi-AgEI", 30),
          form("SG.", 40), // SendGrid
          form("dop_v1_", 60), // DigitalOcean
          form("dapi", 32), // Databricks
          form("shpat_", 32), // Shopify
          form("hvs.", 24), // Vault
          form("ntn_", 40), // Notion
          form("secret_", 40),
          form("lin_api_", 36), // Linear
          form("PMAK-", 40), // Postman
          form("NRAK-", 20), // New Relic
          form("sntrys_", 40), // Sentry
          form("dckr_pat_", 20), // Docker
          form("AGE-SECRET-KEY-1", 50));

  private final Findings findings;

  Secrets(Findings findings) {
    this.findings = findings;
  }

  private static Form form(String prefix, int min) {
    return new Form(prefix, min, false);
  }

  private static Form upper(String prefix, int min) {
    return new Form(prefix, min, true);
  }

  private static Form[][] byFirst(Form... forms) {
    Form[][] byFirst = new Form[128][];
    for (Form form : forms) {
      char first = form.prefix.charAt(0);
      Form[] old = byFirst[first] == null ? new Form[0] : byFirst[first];
      Form[] now = Arrays.copyOf(old, old.length + 1);
      now[old.length] = form;
      byFirst[first] = now;
    }
    return byFirst;
  }

  /** Reports the secret that starts with the word at {@code at}; returns its end, or -1. */
  int at(String text, int at, int to) {
    char first = text.charAt(at);
    if (first >= 128) {
      return -1;
    }
    int end = -1;
    if (FORMS[first] != null) {
      end = key(text, at, to, FORMS[first]);
    }
    if (end < 0 && first == 'e' && text.startsWith("eyJ", at)) {
      end = jwt(text, at, to);
    }
    if (end < 0 && (first == 'b' || first == 'B')) {
      return bearer(text, at, to);
    }
    if (end < 0 && first == 'h' && text.startsWith("hooks.slack.com/services/", at)) {
      end = tokenEnd(text, at + 25, to, "/");
    }
    if (end > 0) {
      findings.found(at, end, SECRET);
    }
    return end;
  }

  private static int key(String text, int at, int to, Form[] forms) {
    for (Form form : forms) {
      int start = at + form.prefix.length();
      if (start >= to || !text.startsWith(form.prefix, at)) {
        continue;
      }
      int limit = Math.min(to, start + ENOUGH);
      int end = start;
      boolean digit = false;
      boolean letter = false;
      while (end < limit && isKey(text.charAt(end), form.upper)) {
        digit |= CharClass.isDigit(text.charAt(end));
        letter |= Character.isLetter(text.charAt(end));
        end++;
      }
      boolean whole = end == to || !CharClass.isWord(text.charAt(end)) || end == limit;
      if (end - start >= form.min && digit && letter && whole) {
        return tokenEnd(text, end, to, "");
      }
    }
    return -1;
  }

  private static boolean isKey(char c, boolean upper) {
    return upper ? (c >= 'A' && c <= 'Z') || CharClass.isDigit(c) : CharClass.isKey(c);
  }

  /**
   * Segments of base64url with dots between them, the first of which is a JSON object; encrypted
   * tokens have five.
   */
  private static int jwt(String text, int at, int to) {
    int limit = Math.min(to, at + ENOUGH);
    int dot = at;
    while (dot < limit && isBase64Url(text.charAt(dot))) {
      dot++;
    }
    if (dot >= limit || text.charAt(dot) != '.' || dot - at < 12) {
      return -1;
    }
    int end = tokenEnd(text, dot, to, "");
    return end - dot > 16 ? end : -1;
  }

  /** Whether the word, which a space follows, announces a bearer token. */
  static boolean mayBeBearer(String text, int at, int length) {
    return length == 6 && text.regionMatches(true, at, "bearer ", 0, 7);
  }

  private int bearer(String text, int at, int to) {
    if (!text.regionMatches(true, at, "bearer ", 0, 7)) {
      return -1;
    }
    int start = at + 7;
    while (start < to && text.charAt(start) == ' ' && start < at + 10) {
      start++;
    }
    int limit = Math.min(to, start + ENOUGH);
    int end = start;
    boolean digit = false;
    while (end < limit && isCredential(text.charAt(end))) {
      digit |= CharClass.isDigit(text.charAt(end));
      end++;
    }
    if (end - start < 16 || !digit) {
      return -1;
    }
    end = tokenEnd(text, end, to, "~+/=");
    findings.found(start, end, SECRET);
    return end;
  }

  /** Reports a private key in PEM, also one without its end; returns its end, or -1. */
  int pem(String text, int at, int to) {
    if (at + 5 > to || text.charAt(at + 1) != '-' || !text.startsWith(PEM_BEGIN, at)) {
      return -1;
    }
    int label = at + PEM_BEGIN.length();
    while (label < at + 40 && !text.startsWith(PEM_KEY, label)) {
      label++;
    }
    if (label == at + 40) {
      return -1;
    }
    int end = label + PEM_KEY.length();
    while (end < to && isPemLabel(text.charAt(end))) {
      end++;
    }
    while (end < to && isPem(text.charAt(end)) && !text.startsWith("-----", end)) {
      end++;
    }
    if (text.startsWith("-----END", end)) {
      end += 8;
      while (end < to && (isPemLabel(text.charAt(end)) || text.charAt(end) == ' ')) {
        end++;
      }
    }
    end = Math.min(end, to);
    findings.found(at, end, SECRET);
    return end;
  }

  private static boolean isPemLabel(char c) {
    return c == '-' || (c >= 'A' && c <= 'Z');
  }

  /** Base64, line ends, also written as escapes, and the headers of encrypted keys. */
  private static boolean isPem(char c) {
    return c < 128 && (CharClass.isWord(c) || "+/=\r\n\t \\:,-".indexOf(c) >= 0);
  }

  /** Where the token ends that goes on at {@code from}; a dot or hyphen at its end is not part. */
  private static int tokenEnd(String text, int from, int to, String more) {
    int end = from;
    while (end < to && (isKey(text.charAt(end), false) || more.indexOf(text.charAt(end)) >= 0)) {
      end++;
    }
    while (end > from && (text.charAt(end - 1) == '.' || text.charAt(end - 1) == '-')) {
      end--;
    }
    return end;
  }

  private static boolean isBase64Url(char c) {
    return c < 128 && (CharClass.isWord(c) || c == '-');
  }

  private static boolean isCredential(char c) {
    return c < 128 && (CharClass.isWord(c) || "-._~+/=".indexOf(c) >= 0);
  }
}
