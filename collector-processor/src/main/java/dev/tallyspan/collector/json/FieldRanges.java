package dev.tallyspan.collector.json;

import dev.tallyspan.collector.json.MessageType.Field;
import dev.tallyspan.collector.wire.MalformedRequestException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The positions of the values of each known field of one message in its bytes.
 *
 * <p>Fields may occur in any order, and more than once. A repeated number may be packed or not; a
 * packed run of one number has the same bytes as the number, so both are stored as ranges.
 */
final class FieldRanges {

  /**
   * The ranges of each field by its number: start and end alternate. Null for fields that do not
   * occur.
   */
  private final int[] @Nullable [] ranges;

  private final int[] lengths;

  private FieldRanges(int numbers) {
    ranges = new int[numbers][];
    lengths = new int[numbers];
  }

  static FieldRanges of(MessageType message, ProtoInput input, int depth)
      throws MalformedRequestException {
    FieldRanges ranges = new FieldRanges(message.highestNumber() + 1);
    int alternative = 0;
    while (input.hasMore()) {
      int tag = input.tag();
      Field field = message.field(tag >>> 3);
      // In protobuf, a field with another wire type than its own is an unknown field.
      if (field == null || !readable(field, tag & 7)) {
        input.skip(tag, depth);
        continue;
      }
      if (field.alternative() && field.number() != alternative) {
        // The later member of a oneof replaces the earlier one.
        ranges.lengths[alternative] = 0;
        alternative = field.number();
      }
      ranges.add(field, tag, input, depth);
    }
    return ranges;
  }

  /** Returns the number of ranges of the field. */
  int count(Field field) {
    return lengths[field.number()] / 2;
  }

  int from(Field field, int index) {
    return ranges[field.number()][2 * index];
  }

  int to(Field field, int index) {
    return ranges[field.number()][2 * index + 1];
  }

  private static boolean readable(Field field, int wireType) {
    return wireType == field.type().wireType
        || wireType == WireType.LENGTH && field.repeated() && field.type().packable();
  }

  private void add(Field field, int tag, ProtoInput input, int depth)
      throws MalformedRequestException {
    int number = field.number();
    int[] own = ranges[number];
    int length = lengths[number];
    if (own == null) {
      own = new int[2];
    } else if (length == own.length) {
      own = Arrays.copyOf(own, 2 * length);
    }
    ranges[number] = own;
    if ((tag & 7) == WireType.LENGTH) {
      int octets = input.length();
      own[length] = input.position();
      input.advance(octets);
    } else {
      own[length] = input.position();
      input.skip(tag, depth);
    }
    own[length + 1] = input.position();
    lengths[number] = length + 2;
  }
}
