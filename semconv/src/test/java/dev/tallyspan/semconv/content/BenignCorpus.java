package dev.tallyspan.semconv.content;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;

/**
 * 200 texts without secrets and personal data that look as if they had some: source code, UUIDs,
 * hashes, timestamps, prices, order numbers, versions, images in base64. Always the same.
 */
final class BenignCorpus {

  private static final List<String> FIXED =
      List.of(
          "public void login(String user, String password) { this.password = password; }",
          "password: str = Field(..., min_length=8)",
          "const token = await fetchToken(clientId);",
          "api_key = os.environ[\"OPENAI_API_KEY\"]",
          "apiKey: process.env.OPENAI_API_KEY",
          "export OPENAI_API_KEY=${OPENAI_API_KEY}",
          "headers = {'Authorization': f'Bearer {token}'}",
          "curl -H \"Authorization: Bearer $TOKEN\" https://api.example.test/v1/models",
          "String secret = config.getString(\"app.secret\");",
          "The password must have eight characters and a digit.",
          "Password: required. Token: optional. Secret: none.",
          "if (password == null || password.isEmpty()) { throw new IllegalArgumentException(); }",
          "SELECT password_hash FROM users WHERE id = ?",
          "{\"type\":\"object\",\"properties\":{\"password\":{\"type\":\"string\"},\"ssn\":"
              + "{\"type\":\"string\",\"description\":\"social security number\"}}}",
          "{\"max_tokens\":4096,\"total_tokens\":12345678,\"prompt_tokens\":2879}",
          "{\"token\":\"Hello\",\"logprob\":-0.0123,\"bytes\":[72,101,108,108,111]}",
          "git clone git@github.com:open-telemetry/opentelemetry-java.git",
          "npm install @opentelemetry/api@1.9.0 lodash@4.17.21",
          "uses: actions/checkout@v4.1.0",
          "background: url(logo@2x.png) no-repeat;",
          "@app.route('/items/<int:item_id>') and @pytest.mark.parametrize",
          "docker pull nginx@sha256:4c0fdaa8b6341bfdeca5f18f7837462c80cff90527ee35ef185571e1c327beac",
          "The meeting is on 01.02.2024 at 10:30, room 204.",
          "Dates: 2024-01-15 10:30:00, 15/01/2024, 01-02-2024 12:00",
          "Between 09:00 and 17:30 on 12.11.2026, then 13.11.2026",
          "Version 10.15.7, build 2024.3.1, node 22.11.0, kernel 6.1.0-28",
          "Total: $1,234,567.89 (net 1.037.452,01 EUR), 12 items at $49.99",
          "ISBN 978-3-16-148410-0 and ISBN 0-306-40615-2",
          "EAN 4006381333931, article 100200300400",
          "1732000000 is a Unix time, 1732000000123 in milliseconds, 1732000000123456 in micros",
          "epoch nanos 1732000000123456789 and 1732000000123456790",
          "pi = 3.14159265358979323846, e = 2.718281828459045",
          "00000000: 7f45 4c46 0201 0100 0000 0000 0000 0000  .ELF............",
          "00 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15",
          "01 02 03 04 05 0a 0b 0c 0d 0e 0f",
          "matrix = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]",
          "10.0.0.1/24 via 192.168.1.1 dev eth0 metric 100",
          "+12345678 additions, -87654321 deletions",
          "@@ -1203,7 +1203,9 @@ def main():",
          "{\"created\":1795748732,\"id\":\"chatcmpl-b5d278ac2b64dbd1dcab38bc\"}",
          "tool call call_aeddf2a16222b10aa419af18 answered toolu_01cf3b83f66f0863c03cf87bd4",
          "trace 4bf92f3577b34da6a3ce929d0e0e4736 span 00f067aa0ba902b7",
          "W3C traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
          "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-5",
          "order ORD-2024-000123-4567, ticket #100234567, batch 20240115-0042",
          "lat 52.520008, lon 13.404954; zoom 14",
          "GET /api/v1/users/12345678/orders/87654321?page=2&size=50 HTTP/1.1\" 200 15324",
          "rgb(255, 128, 0) #ff8800 hsl(32, 100%, 50%)",
          "0.1234 0.5678 0.9012 0.3456 0.7890",
          "Der Preis beträgt 1 234 567 Euro für 600 000 000 Stück.",
          "Les 12 345 678 habitants ont dépensé 98 765 432 euros.",
          "SELECT * FROM t WHERE a = 4111 AND b = 1111",
          "Error 0x80070005 at 0x00007ffd12345678",
          "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
          "sk-SK locale, sk-learn-like estimators and task-force-one",
          "The secret of good soup: patience. The token gesture: a smile.",
          "basic-auth and bearer-token authentication are supported",
          "Bearer authentication is described in RFC 6750, section 2.1",
          "eyJ is how base64 of a JSON object begins, as in eyJhIjoxfQ==",
          "-----BEGIN CERTIFICATE----- is followed by base64",
          "scores: 98-76-5432 points? no: 98, 76, 5432",
          "page 123-125, chapter 45, verse 6-7",
          "The flight LH1234 leaves at 0615 from gate B42, seat 27A",
          "I need 3 eggs, 250 g flour, 1/2 l milk and 20 minutes at 180 degrees",
          "https://example.test/path/to/page?id=123456789012345&ref=abc#top",
          "http://127.0.0.1:29080/s/py-traceloop__bedrock_converse/model/anthropic.claude",
          "user_id=42 session=7 attempt=3 duration_ms=1234 status=ok",
          "def f(x: int, y: int = 0) -> int: return x + y  # noqa: E501",
          "<input type=\"password\" name=\"password\" placeholder=\"Password\">");

  private BenignCorpus() {}

  static List<String> all() {
    List<String> all = new ArrayList<>(FIXED);
    Random random = new Random(42);
    for (int i = 0; all.size() < 200; i++) {
      UUID uuid = new UUID(random.nextLong(), random.nextLong());
      all.add(
          switch (i % 10) {
            case 0 -> "request " + uuid + " took " + random.nextInt(5000) + " ms";
            case 1 -> "commit " + hex(random, 40) + " touches " + hex(random, 9) + " files";
            case 2 ->
                "order number " + (100_000_000 + random.nextInt(899_999_999)) + " is on its way";
            case 3 ->
                String.format(
                    Locale.ROOT,
                    "%tF %<tT.%<tL price %,.2f EUR",
                    1_700_000_000_000L + random.nextInt(),
                    random.nextDouble() * 100_000);
            case 4 -> "data:image/png;base64," + base64(random, 600) + " shows a cat";
            case 5 ->
                "{\"id\":\""
                    + uuid
                    + "\",\"ts\":"
                    + (1_732_000_000_000L + random.nextInt())
                    + ",\"amount\":"
                    + random.nextInt(1_000_000)
                    + ",\"hash\":\""
                    + hex(random, 64)
                    + "\"}";
            case 6 -> "embedding [" + doubles(random) + "]";
            case 7 ->
                "v"
                    + random.nextInt(20)
                    + "."
                    + random.nextInt(99)
                    + "."
                    + random.nextInt(999)
                    + "-rc."
                    + random.nextInt(9)
                    + "+build."
                    + random.nextInt(99_999);
            case 8 -> "{\"b64_json\":\"" + base64(random, 900) + "\"}";
            default ->
                "int[] a = {"
                    + random.nextInt()
                    + ", "
                    + random.nextInt()
                    + ", 0x"
                    + Long.toHexString(random.nextLong())
                    + "L};";
          });
    }
    return all;
  }

  private static String hex(Random random, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append("0123456789abcdef".charAt(random.nextInt(16)));
    }
    return text.toString();
  }

  private static String base64(Random random, int bytes) {
    byte[] data = new byte[bytes];
    random.nextBytes(data);
    return java.util.Base64.getEncoder().encodeToString(data);
  }

  private static String doubles(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 16; i++) {
      text.append(i == 0 ? "" : ", ").append(random.nextDouble() - 0.5);
    }
    return text.toString();
  }
}
