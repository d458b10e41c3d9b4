package dev.imagespec.maven;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of the documents, as one who follows it literally reads it: its blocks, in order. */
final class Page {
  /** The last name of a file in the text before a block: {@code `pom.xml`:}. */
  private static final Pattern FILE = Pattern.compile("`([^`\\s]+\\.[a-z]+)`:\\s*$");

  private final List<Block> blocks;

  private Page(List<Block> blocks) {
    this.blocks = List.copyOf(blocks);
  }

  /**
   * A block between fences.
   *
   * @param language what follows the opening fence
   * @param before the text between the block before and this one
   */
  record Block(String language, String text, String before) {}

  /** Reads a page of the folder {@code docs}. */
  static Page read(String name) throws IOException {
    List<Block> blocks = new ArrayList<>();
    StringBuilder before = new StringBuilder();
    StringBuilder text = new StringBuilder();
    String language = null;
    for (String line : Files.readAllLines(Path.of("..", "docs").resolve(name))) {
      if (line.startsWith("```") && language == null) {
        language = line.substring(3).strip();
        text.setLength(0);
      } else if (line.equals("```") && language != null) {
        blocks.add(new Block(language, text.toString(), before.toString()));
        before.setLength(0);
        language = null;
      } else {
        (language == null ? before : text).append(line).append('\n');
      }
    }
    return new Page(blocks);
  }

  List<Block> blocks() {
    return blocks;
  }

  /** The files that the page says to write, by their paths. */
  Map<String, String> files() {
    Map<String, String> files = new LinkedHashMap<>();
    for (Block block : blocks) {
      Matcher matcher = FILE.matcher(block.before());
      if (matcher.find()) {
        files.put(matcher.group(1), block.text());
      }
    }
    return files;
  }

  /** What a command of Maven is in a line of any of these files: {@code run: mvn …}. */
  List<String> maven() {
    List<String> lines = new ArrayList<>();
    for (Block block : blocks) {
      Matcher matcher = Pattern.compile("(?m)(?:^|[ '])(mvn [^'\\n]+)").matcher(block.text());
      while (matcher.find()) {
        lines.add(matcher.group(1));
      }
    }
    return lines;
  }
}
