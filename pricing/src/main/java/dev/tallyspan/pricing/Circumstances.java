package dev.tallyspan.pricing;

import java.time.Instant;

/**
 * A call as conditions see it: the request, with what the model's name tells of place put first.
 *
 * @param geo from the name (a Bedrock prefix), the host or the request; null if unknown
 * @param region from the name (an ARN) or the request; null if unknown
 * @param inputTokens of the whole prompt
 */
record Circumstances(PriceRequest request, String geo, String region, long inputTokens) {
  String value(Dimension dimension) {
    return switch (dimension) {
      case GEO -> geo;
      case REGION -> region;
      default -> request.when(dimension);
    };
  }

  Instant at() {
    return request.at();
  }
}
