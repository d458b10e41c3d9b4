package dev.imagespec.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documents lead where they say, and quote what is there. */
class DocumentsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern QUOTED = Pattern.compile("(?m)^> .*$");
  private static final Pattern BOLD = Pattern.compile("\\*\\*([^*]+)\\*\\*");

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md")));
    try (Stream<Path> tree = Files.walk(ROOT.resolve("docs"))) {
      tree.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    return pages;
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path page : pages()) {
      for (String link : all(LINK, Files.readString(page), 1)) {
        if (!link.matches("https?:.*") && !leads(page, link)) {
          broken.add(ROOT.relativize(page) + ": " + link);
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  private static boolean leads(Path page, String link) throws IOException {
    int hash = link.indexOf('#');
    String file = hash < 0 ? link : link.substring(0, hash);
    Path target = file.isEmpty() ? page : page.resolveSibling(file).normalize();
    return Files.exists(target)
        && (hash < 0 || anchors(Files.readString(target)).contains(link.substring(hash + 1)));
  }

  /** The anchors of headings, as code hosts make them. */
  private static Set<String> anchors(String page) {
    Set<String> anchors = new HashSet<>();
    for (String heading : all(Pattern.compile("(?m)^#+ (.*)$"), page, 1)) {
      anchors.add(
          heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'));
    }
    return anchors;
  }

  private static List<String> all(Pattern pattern, String text, int group) {
    List<String> found = new ArrayList<>();
    Matcher matcher = pattern.matcher(text);
    for (MatchResult result : matcher.results().toList()) {
      found.add(result.group(group));
    }
    return found;
  }

  @Test
  void everyPageIsReachedFromTheReadme() throws IOException {
    Set<Path> reached = new HashSet<>();
    List<Path> next = new ArrayList<>(List.of(ROOT.resolve("README.md")));
    while (!next.isEmpty()) {
      Path page = next.remove(0);
      if (reached.add(page)) {
        for (String link : all(LINK, Files.readString(page), 1)) {
          Path target = page.resolveSibling(link.replaceFirst("#.*", "")).normalize();
          if (link.contains(".md") && Files.exists(target)) {
            next.add(target);
          }
        }
      }
    }
    assertThat(reached).containsAll(pages());
  }

  /** The bold parts of the messages on the page are texts of the program. */
  @Test
  void theMessagesOfTheTroubleshootingPageExist() throws IOException {
    StringBuilder sources = new StringBuilder();
    for (String module : List.of("runtime", "model", "cli", "maven-plugin")) {
      try (Stream<Path> tree = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
        for (Path file : tree.filter(path -> path.toString().endsWith(".java")).toList()) {
          sources.append(Files.readString(file));
        }
      }
    }
    String texts = sources.toString().replaceAll("\"\\s*\\+\\s*\"", "");
    List<String> quoted =
        all(QUOTED, Files.readString(ROOT.resolve("docs/troubleshooting.md")), 0).stream()
            .flatMap(line -> all(BOLD, line, 1).stream())
            .toList();
    assertThat(quoted).hasSizeGreaterThan(8).allSatisfy(text -> assertThat(texts).contains(text));
  }
}
