package dev.tallyspan.collector.json;

import dev.tallyspan.collector.json.MessageType.Field;
import dev.tallyspan.collector.wire.MalformedRequestException;
import java.util.Arrays;

/**
 * Where the values of each known field of one message stand in its bytes.
 *
 * <p>Fields come in any order, and a field may come again. A number that is repeated may come
 * packed or one by one; since a packed run of one is the same bytes, both are simply ranges here.
 */
final class FieldRanges {

  /** By field number; from and to by turns. */
  private final int[][] ranges;

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
      // As protobuf has it, a field with another wire type than its own is an unknown field.
      if (field == null || !readable(field, tag & 7)) {
        input.skip(tag, depth);
        continue;
      }
      if (field.alternative() && field.number() != alternative) {
        // Of two members of a oneof the later erases the earlier.
        ranges.lengths[alternative] = 0;
        alternative = field.number();
      }
      ranges.add(field, tag, input, depth);
    }
    return ranges;
  }

  /** The number of ranges that the field has. */
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
