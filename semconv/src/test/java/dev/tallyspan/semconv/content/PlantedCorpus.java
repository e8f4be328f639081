package dev.tallyspan.semconv.content;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * 200 prompts with planted secrets and personal data, in many languages, as prose, JSON messages,
 * tool arguments, escaped JSON, Python's notation, logs and configuration. Always the same.
 */
final class PlantedCorpus {

  /**
   * @param kind what is planted
   * @param value must not be in what leaves
   */
  record Planted(String kind, String text, String value) {}

  private static final int SIZE = 200;

  /** Sentences with a place for a value, by kind. */
  private static final Map<String, List<String>> SENTENCES = sentences();

  private PlantedCorpus() {}

  private static Map<String, List<String>> sentences() {
    Map<String, List<String>> by = new TreeMap<>();
    by.put(
        "EMAIL",
        List.of(
            "Please write to %s and ask for the invoice.",
            "Schreib bitte an %s, dass die Lieferung fehlt.",
            "Envoie le contrat à %s avant vendredi.",
            "Mi correo es %s, gracias.",
            "我的邮箱是%s，请回复。",
            "मेरा ईमेल %s है, कृपया उत्तर दें।",
            "メールは%sまでお願いします。",
            "Напишите мне на %s завтра."));
    by.put("PHONE us", List.of("Call me back at %s, after six.", "Customer's number: %s."));
    by.put("PHONE de", List.of("Sie erreichen mich unter %s.", "Telefon: %s (abends)"));
    by.put("PHONE fr", List.of("Mon numéro est le %s, merci.", "Appelez le %s."));
    by.put("PHONE uk", List.of("Ring us on %s for a quote."));
    by.put("PHONE es", List.of("Llámame al %s por la tarde."));
    by.put("PHONE it", List.of("Il mio cellulare è %s."));
    by.put("PHONE in", List.of("मेरा फोन नंबर %s है।", "WhatsApp me on %s."));
    by.put("PHONE cn", List.of("我的电话是 %s，下午打。"));
    by.put("PHONE jp", List.of("電話番号は %s です。"));
    by.put("PHONE br", List.of("Meu telefone é %s, pode ligar."));
    by.put(
        "CARD",
        List.of(
            "My card %s was charged twice.",
            "Die Kreditkarte %s wurde abgelehnt.",
            "Ma carte %s expire en mars.",
            "我的卡号是%s。",
            "La tarjeta %s no funciona."));
    by.put(
        "IBAN",
        List.of(
            "Refund it to %s, please.",
            "Überweise bitte auf %s bis Freitag.", "Le virement va sur %s.", "Mi cuenta es %s."));
    by.put("SSN", List.of("My social security number is %s.", "Applicant %s, born in Ohio."));
    by.put("NINO", List.of("National insurance %s, since 2004.", "My NI number: %s"));
    by.put("DNI", List.of("Mi DNI es %s.", "Titular con documento %s, Madrid."));
    by.put("NIR", List.of("Numéro de sécurité sociale : %s", "Assuré %s à Lyon."));
    by.put("CPF", List.of("Meu CPF é %s.", "Cliente %s, São Paulo."));
    by.put(
        "ID",
        List.of("The number on the card reads %s, is it valid?", "Bitte prüfe %s für den Antrag."));
    by.put(
        "KEY",
        List.of(
            "Why does the call with %s fail?",
            "curl -H 'x-api-key: %s' https://api.example.test/v1",
            "Hier ist der Schlüssel: %s",
            "export API_KEY=%s",
            "client = Client(api_key=\"%s\")"));
    by.put("JWT", List.of("Authorization: Bearer %s", "The token %s has expired, hasn't it?"));
    by.put("PEM", List.of("Convert this to PKCS8:\n%s\nThanks!"));
    by.put(
        "PASSWORD",
        List.of(
            "DB_PASSWORD=%s",
            "My password is %s, but the login fails.",
            "Mein Passwort lautet %s und es geht nicht.",
            "login: root, password: %s",
            "Server=db1;User Id=sa;Password=%s;Encrypt=true",
            "connect to postgres://app:%s@db.internal/orders please",
            "密码：%s",
            "spring.datasource.password=%s",
            "La contraseña es %s."));
    return by;
  }

  static List<Planted> all() {
    PlantedValues values = new PlantedValues(20_261_128);
    List<Planted> all = new ArrayList<>();
    List<String> kinds = List.copyOf(SENTENCES.keySet());
    List<String> keys = values.keys();
    List<String> examples = values.examples();
    for (int i = 0; i < SIZE; i++) {
      String kind = kinds.get(i % kinds.size());
      int round = i / kinds.size();
      List<String> of = SENTENCES.get(kind);
      String value =
          switch (kind) {
            case "EMAIL" -> values.email();
            case "CARD" -> values.card();
            case "IBAN" -> values.iban();
            case "SSN" -> values.ssn();
            case "NINO" -> values.nino();
            case "DNI" -> values.dni();
            case "NIR" -> values.nir();
            case "CPF" -> values.cpf();
            case "ID" -> examples.get(round % examples.size());
            case "KEY" -> keys.get(round % keys.size());
            case "JWT" -> values.jwt();
            case "PEM" -> values.pem();
            case "PASSWORD" -> values.password();
            default -> values.phone(kind.substring(kind.length() - 2));
          };
      String sentence = of.get(round % of.size()).replace("%s", value);
      all.add(new Planted(kind.split(" ")[0], form(sentence, i / 3), value));
    }
    return all;
  }

  /** The sentence as an attribute of an LLM span may have it. */
  private static String form(String sentence, int form) {
    String json = quoted(sentence);
    return switch (form % 7) {
      case 0 -> sentence;
      case 1 -> "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":" + json + "}]}]";
      case 2 -> "{\"ticket\":4711,\"note\":" + json + ",\"urgent\":true}";
      case 3 ->
          "{\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"call_1\",\"function\":"
              + "{\"name\":\"save\",\"arguments\":"
              + quoted("{\"text\":" + ascii(json) + "}")
              + "}}]}]}";
      case 4 ->
          "[{'role': 'user', 'content': '"
              + sentence.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
              + "'}]";
      case 5 -> "2026-11-27T10:15:30Z INFO turn=3 role=user said: " + sentence + "\nend of turn";
      default ->
          "Summarise this.\n\n> " + sentence + "\n\nThe log says {\"said\":" + json + "} twice.";
    };
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }

  /** JSON as many libraries write it: only ASCII, and here no at sign either. */
  private static String ascii(String json) {
    StringBuilder out = new StringBuilder();
    for (char c : json.toCharArray()) {
      if (c < 128 && c != '@') {
        out.append(c);
      } else {
        out.append(String.format("\\u%04x", (int) c));
      }
    }
    return out.toString();
  }
}
