package dev.tallyspan.collector.demo;

import static dev.tallyspan.collector.demo.Step.array;
import static dev.tallyspan.collector.demo.Step.object;

import io.opentelemetry.api.trace.Tracer;

/** Four conversations with a travel desk, in the current GenAI conventions. */
final class TravelTraces {

  private static final String SONNET = "claude-sonnet-4-5-20250929";
  private static final String TRIP = "trip-2041";
  private static final String REFUND = "refund-0087";
  private static final String QUESTION = "question-5513";

  private final TravelDesk desk;

  TravelTraces(Tracer tracer) {
    this.desk = new TravelDesk(tracer);
  }

  /** Retrieval, two tools, and a streamed answer whose prompt was half in the cache. 6.42 s. */
  void planTrip(long originNanos) {
    String asked =
        "I have five days in May, want to go from Ghent to Ljubljana by night train and take my"
            + " bike. What would you book?";
    desk.message(
        originNanos,
        6_420,
        "maya",
        TRIP,
        "trips",
        request ->
            TravelDesk.agent(
                request,
                "trip-planner",
                TRIP,
                asked,
                14,
                6_402,
                agent -> {
                  // The sum of the agent's framework: correct, and not to be billed again.
                  agent
                      .set("gen_ai.usage.input_tokens", 5_262)
                      .set("gen_ai.usage.output_tokens", 354);
                  ChatCall.openai("gpt-4o", "gpt-4o-2024-08-06")
                      .tokens(1_842, 86)
                      .asked(asked)
                      .callsTool(
                          "call_t1",
                          "search_trains",
                          object("from", "Gent", "to", "Ljubljana", "date", "2026-05-11"))
                      .callsTool(
                          "call_t2", "check_weather", object("place", "Ljubljana", "month", "May"))
                      .record(agent, 21, 1_318);
                  TravelDesk.retrieval(
                      agent, "night train with a bike to Slovenia", 9, 1_330, 1_724);
                  TravelDesk.tool(
                      agent,
                      "search_trains",
                      "call_t1",
                      object("from", "Gent", "to", "Ljubljana", "date", "2026-05-11"),
                      object(
                          "trains",
                          array(
                              object(
                                  "train", "NJ 425", "from", "Brussels", "to", "Munich", "eur", 89),
                              object(
                                  "train",
                                  "EC 213",
                                  "from",
                                  "Munich",
                                  "to",
                                  "Ljubljana",
                                  "eur",
                                  42))),
                      1_733,
                      2_611,
                      tool ->
                          TravelDesk.http(
                              tool, "GET", "rail.example", "/v2/connections", 1_741, 2_598));
                  TravelDesk.tool(
                      agent,
                      "check_weather",
                      "call_t2",
                      object("place", "Ljubljana", "month", "May"),
                      object("high_c", 21, "low_c", 10, "rain_days", 12),
                      1_735,
                      2_184);
                  ChatCall.openai("gpt-4o", "gpt-4o-2024-08-06")
                      .tokens(3_420, 268)
                      .cached(1_792)
                      .streamed(0.612)
                      .answers(
                          "Take the NJ 425 from Brussels on Monday evening; bikes need a"
                              + " reservation, and there were still eight places. Change in Munich"
                              + " to the EC 213, which reaches Ljubljana in the afternoon. Pack for"
                              + " rain: twelve wet days in an average May.")
                      .record(agent, 2_628, 6_388);
                }));
  }

  /** The cache is written, then read; a refused call is retried. 9.15 s. */
  void refundTicket(long originNanos) {
    String asked = "My connection was cancelled on Saturday. Can I get my money back for K7-2209?";
    desk.message(
        originNanos,
        9_150,
        "jonas",
        REFUND,
        "refunds",
        request ->
            TravelDesk.agent(
                request,
                "refund-desk",
                REFUND,
                asked,
                9,
                9_133,
                agent -> {
                  ChatCall.anthropic(SONNET)
                      .tokens(4_731, 94)
                      .writesCache(4_096)
                      .asked(asked)
                      .callsTool("toolu_01", "look_up_booking", object("booking", "K7-2209"))
                      .record(agent, 16, 2_240);
                  TravelDesk.tool(
                      agent,
                      "look_up_booking",
                      "toolu_01",
                      object("booking", "K7-2209"),
                      object(
                          "booking", "K7-2209", "paid_eur", 118.4, "state", "cancelled by carrier"),
                      2_249,
                      2_291,
                      tool -> TravelDesk.database(tool, "SELECT bookings", "SELECT", 2_252, 2_287));
                  ChatCall.anthropic(SONNET)
                      .fails(
                          429,
                          "rate_limit_error",
                          "This request would exceed your rate limit of input tokens per minute")
                      .record(agent, 2_299, 2_486);
                  ChatCall.anthropic(SONNET)
                      .tokens(4_912, 121)
                      .cached(4_096)
                      .callsTool(
                          "toolu_02", "issue_refund", object("booking", "K7-2209", "eur", 118.4))
                      .record(agent, 3_495, 5_402);
                  TravelDesk.tool(
                      agent,
                      "issue_refund",
                      "toolu_02",
                      object("booking", "K7-2209", "eur", 118.4),
                      object("refund", "R-90118", "days", 5),
                      5_410,
                      5_961,
                      tool -> {
                        TravelDesk.http(tool, "POST", "payments.example", "/refunds", 5_417, 5_902);
                        TravelDesk.database(tool, "UPDATE bookings", "UPDATE", 5_910, 5_954);
                      });
                  ChatCall.anthropic(SONNET)
                      .tokens(5_104, 143)
                      .cached(4_096)
                      .streamed(0.934)
                      .answers(
                          "Yes. The carrier cancelled your connection, so you get all of it back:"
                              + " 118.40 EUR, within five days, to the card you paid with. The"
                              + " refund's number is R-90118.")
                      .record(agent, 5_970, 9_121);
                }));
  }

  /** Most of the output is reasoning, which is billed but not visible. 12.38 s. */
  void planDays(long originNanos) {
    String asked = "Good. Now plan my three days there, no more than 60 km of cycling a day.";
    desk.message(
        originNanos,
        12_380,
        "maya",
        TRIP,
        "trips",
        request ->
            TravelDesk.agent(
                request,
                "day-planner",
                TRIP,
                asked,
                8,
                12_364,
                agent -> {
                  ChatCall.openai("o4-mini", "o4-mini-2025-04-16")
                      .tokens(2_950, 1_402)
                      .cached(1_024)
                      .reasons(1_280)
                      .asked(asked)
                      .callsTool("call_d1", "route", object("from", "Ljubljana", "to", "Bled"))
                      .callsTool("call_d2", "route", object("from", "Bled", "to", "Bohinj"))
                      .record(agent, 15, 5_820);
                  TravelDesk.tool(
                      agent,
                      "route",
                      "call_d1",
                      object("from", "Ljubljana", "to", "Bled"),
                      object("km", 57.2, "climb_m", 410),
                      5_829,
                      6_244,
                      tool ->
                          TravelDesk.http(tool, "GET", "routes.example", "/bike", 5_833, 6_239));
                  TravelDesk.tool(
                      agent,
                      "route",
                      "call_d2",
                      object("from", "Bled", "to", "Bohinj"),
                      object("km", 29.8, "climb_m", 265),
                      5_831,
                      6_190,
                      tool ->
                          TravelDesk.http(tool, "GET", "routes.example", "/bike", 5_836, 6_182));
                  ChatCall.openai("o4-mini", "o4-mini-2025-04-16")
                      .tokens(4_488, 871)
                      .cached(2_944)
                      .reasons(704)
                      .answers("Day 1: Ljubljana to Bled, 57 km. Day 2: Bled to Bohinj, 30 km.")
                      .record(agent, 6_258, 9_990);
                  ChatCall.openai("gpt-4o-mini", "gpt-4o-mini-2024-07-18")
                      .tokens(742, 216)
                      .streamed(0.288)
                      .answers(
                          "Day 1 takes you along the Sava to Bled, 57 km and 410 m of climbing; on"
                              + " day 2 you have 30 km to Bohinj and the afternoon for the lake. On"
                              + " day 3 the train takes you and the bike back.")
                      .record(agent, 10_004, 12_351);
                }));
  }

  /** A self-hosted model without a known price, before one of a provider. 2.31 s. */
  void answerQuestion(long originNanos) {
    String asked = "Do I have to pay for a dog on the night train?";
    desk.message(
        originNanos,
        2_310,
        "ines",
        QUESTION,
        "questions",
        request -> {
          ChatCall.house("house-model-7b")
              .tokens(188, 4)
              .asked(asked)
              .answers("topic: fares")
              .record(request, 12, 231);
          ChatCall.openai("gpt-4o-mini", "gpt-4o-mini-2024-07-18")
              .tokens(1_306, 92)
              .streamed(0.341)
              .asked(asked)
              .answers(
                  "A small dog in a carrier travels free. A larger one needs a ticket, 29.90 EUR,"
                      + " and you have to book the whole compartment.")
              .record(request, 240, 2_288);
        });
  }
}
