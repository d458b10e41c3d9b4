package dev.imagespec.runtime.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Makes broken and hostile documents: valid ones with a few changes, and new ones from their words.
 */
final class Mutator {
  /** How large a document becomes at most, in bytes. */
  static final int MOST = 1 << 15;

  private static final Pattern VALUE =
      Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*+\"|-?[0-9]++|true|false|null|\\{\\}|\\[\\]");

  private static final List<String> ODD =
      List.of(
          "\0",
          "\\u0000",
          "\\ud800",
          "\\udc00\\ud800",
          "\u001b[2J",
          "\u202e",
          "\ufeff",
          "\u2028",
          "\r\n",
          "\t",
          "\\",
          "\"",
          "'",
          "{",
          "}",
          "[",
          "]",
          ",",
          ":",
          "=",
          "#",
          "../",
          "https://",
          "null",
          "true",
          "-1",
          "0",
          "1e999999999",
          "2147483648",
          "-9223372036854775808",
          "9223372036854775808",
          "99999999999999999999999999999999",
          "0.1",
          "NaN",
          "é",
          "\ud83d\ude00");

  private static final List<String> NUMBERS =
      List.of(
          "0", "-1", "1.5", "2147483648", "-9223372036854775808", "9223372036854775808", "1e400");

  private Random random = new Random(0);
  private final List<String> samples;
  private final List<String> words;

  /**
   * A mutator.
   *
   * @param samples valid documents
   */
  Mutator(List<String> samples) {
    this.samples = samples;
    this.words =
        samples.stream()
            .flatMap(sample -> Arrays.stream(sample.split("\\b", -1)))
            .filter(word -> !word.isEmpty())
            .distinct()
            .toList();
  }

  /** The document of a seed. */
  byte[] document(long seed) {
    // Neighbouring seeds give similar first numbers.
    random = new Random(seed * 0x9E3779B97F4A7C15L);
    byte[] document =
        (random.nextInt(4) == 0 ? sentence() : of(samples)).getBytes(StandardCharsets.UTF_8);
    for (int i = random.nextInt(5); i >= 0; i--) {
      document = mutated(document);
    }
    return document.length <= MOST ? document : Arrays.copyOf(document, MOST);
  }

  private byte[] mutated(byte[] bytes) {
    int at = random.nextInt(bytes.length + 1);
    int end = Math.min(bytes.length, at + random.nextInt(1 + random.nextInt(64)));
    return switch (random.nextInt(10)) {
      case 0 -> flipped(bytes);
      case 1 -> Arrays.copyOf(bytes, at);
      case 2 -> replaced(bytes, at, end, new byte[0]);
      case 3 -> replaced(bytes, end, end, Arrays.copyOfRange(bytes, at, end));
      case 4 -> replaced(bytes, at, end, of(samples).getBytes(StandardCharsets.UTF_8));
      case 5 -> replaced(bytes, at, at, of(ODD).getBytes(StandardCharsets.UTF_8));
      case 6 -> replaced(bytes, at, at, repeated(random.nextBoolean() ? of(ODD) : of(words)));
      case 7 -> replaced(bytes, at, at, surrogate());
      default -> withOtherValue(new String(bytes, StandardCharsets.UTF_8));
    };
  }

  private byte[] flipped(byte[] bytes) {
    byte[] copy = bytes.clone();
    for (int i = 0; i < copy.length; i += 1 + random.nextInt(64)) {
      copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return copy;
  }

  private static byte[] replaced(byte[] bytes, int from, int to, byte[] by) {
    byte[] result = new byte[bytes.length - (to - from) + by.length];
    System.arraycopy(bytes, 0, result, 0, from);
    System.arraycopy(by, 0, result, from, by.length);
    System.arraycopy(bytes, to, result, from + by.length, bytes.length - to);
    return result;
  }

  /** Half of a character, as UTF-8 does not allow it. */
  private byte[] surrogate() {
    return new byte[] {(byte) 0xed, (byte) (0xa0 + random.nextInt(32)), (byte) 0x80};
  }

  /** Repeats a text a few times, seldom often: long documents take long. */
  private byte[] repeated(String text) {
    int most = random.nextInt(20) == 0 ? MOST / text.getBytes(StandardCharsets.UTF_8).length : 20;
    return text.repeat(1 + random.nextInt(most)).getBytes(StandardCharsets.UTF_8);
  }

  /** The same JSON with one text, number or word in it replaced by any other value. */
  private byte[] withOtherValue(String document) {
    List<MatchResult> values = VALUE.matcher(document).results().toList();
    List<MatchResult> scalars =
        values.stream().filter(value -> !value.group().startsWith("\"")).toList();
    // There are more texts than numbers, and more can go wrong with a number.
    List<MatchResult> choice = random.nextBoolean() && !scalars.isEmpty() ? scalars : values;
    if (choice.isEmpty()) {
      return document.getBytes(StandardCharsets.UTF_8);
    }
    MatchResult value = of(choice);
    String other = random.nextBoolean() ? of(values).group() : json(0);
    return (document.substring(0, value.start()) + other + document.substring(value.end()))
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Any JSON value; seldom one that is nested deeply. */
  private String json(int depth) {
    return switch (random.nextInt(depth > 4 ? 4 : 8)) {
      case 0 -> "\"" + of(words).replace("\"", "") + of(ODD).replace("\"", "") + "\"";
      case 1 -> of(NUMBERS);
      case 2 -> of(List.of("null", "true", "false", "{}", "[]", "\"\""));
      case 3 -> "\"" + of(words).replace("\"", "") + "\"";
      case 4 -> "[" + String.join(",", several(depth, "")) + "]";
      case 5 ->
          "{" + String.join(",", several(depth, "\"" + of(words).replace("\"", "") + "\":")) + "}";
      case 6 -> nested(of(List.of("[", "{\"a\":", "[{\"a\":")));
      default -> "{\"a\":" + json(depth + 1) + ",\"a\":" + json(depth + 1) + "}";
    };
  }

  private List<String> several(int depth, String before) {
    List<String> several = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      several.add(before + json(depth + 1));
    }
    return several;
  }

  private String nested(String open) {
    int depth = 1 + random.nextInt(random.nextInt(20) == 0 ? 8000 : 80);
    String close = new StringBuilder(open.replaceAll("[^\\[{]", "")).reverse().toString();
    String closing = close.replace('[', ']').replace('{', '}');
    return open.repeat(depth) + "1" + closing.repeat(depth);
  }

  /** Words of the samples in any order. */
  private String sentence() {
    StringBuilder sentence = new StringBuilder();
    for (int i = random.nextInt(200); i >= 0; i--) {
      sentence.append(random.nextInt(12) == 0 ? of(ODD) : of(words));
    }
    return sentence.toString();
  }

  private <T> T of(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
