package dev.imagespec.dockerfile;

import dev.imagespec.dockerfile.DockerfileMistake.Kind;
import dev.imagespec.dockerfile.Instruction.Word;
import dev.imagespec.model.ImageReference;
import dev.imagespec.model.IoReason;
import dev.imagespec.model.Platform;
import dev.imagespec.model.ProjectDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A Dockerfile of a project, as far as one has to know it before it is built: which images it
 * starts from and copies from, which files of its context it reads, and which secrets.
 */
public final class OwnDockerfile {
  /** The largest file that is read, in bytes. */
  public static final int MAX_BYTES = 1 << 20;

  /** A directive that has builders run an image in the place of their own reader. */
  static final Pattern SYNTAX = Pattern.compile("(?Us)\\s*#\\s*(?i:syntax)\\s*=\\s*(\\S+).*");

  private final String text;
  private final int firstLine;
  private final int documents;
  private final Map<Platform, DockerfileStages> stages;
  private final List<DockerfileMistake> mistakes;

  private OwnDockerfile(
      String text,
      int firstLine,
      int documents,
      Map<Platform, DockerfileStages> stages,
      Collection<DockerfileMistake> mistakes) {
    this.text = text;
    this.firstLine = firstLine;
    this.documents = documents;
    this.stages = Collections.unmodifiableMap(new LinkedHashMap<>(stages));
    this.mistakes =
        mistakes.stream().sorted(Comparator.comparing(DockerfileMistake::line)).toList();
  }

  /**
   * A use of an image: a FROM, a COPY or a mount.
   *
   * @param line the line on which its instruction starts
   * @param start where its reference starts in the text
   * @param end where it ends
   * @param reference the image
   * @param platform the platform that it is used for; null for that of the machine that builds
   * @param isStart whether a stage starts from it
   */
  public record Use(
      int line,
      int start,
      int end,
      ImageReference reference,
      @Nullable Platform platform,
      boolean isStart) {
    /** Whether it is used for the platform of the machine that builds, whatever that is. */
    public boolean isOfBuilder() {
      return platform == null;
    }
  }

  /**
   * An instruction that takes time.
   *
   * @param line the line on which it starts
   * @param stage the number of its stage, from 0
   * @param stageName the name of its stage in BuildKit's output; empty if the only one has none
   * @param number its number among those of its stage that BuildKit counts, from 1
   * @param position its number among all of its stage, from 1
   * @param text the instruction on one line
   */
  public record Instruction(
      int line, int stage, String stageName, int number, int position, String text) {}

  /**
   * Reads a file of a project. What is wrong with it, including that it is missing, is in {@link
   * #mistakes}.
   *
   * @param platforms the platforms to build for
   */
  public static OwnDockerfile read(
      ProjectDirectory project, String path, Collection<Platform> platforms) {
    try {
      if (!project.isFile(path)) {
        return wrong("there is no such file in the project directory");
      }
      if (!project.isInside(path)) {
        return wrong("it leads out of the project directory through a symbolic link");
      }
      byte[] bytes = project.read(path, MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        return wrong("it is larger than 1 MiB; this is no Dockerfile");
      }
      return of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString(), platforms);
    } catch (CharacterCodingException e) {
      return wrong("it is not UTF-8; save it as UTF-8");
    } catch (IOException e) {
      return wrong("it cannot be read: " + IoReason.withoutPath(e));
    }
  }

  private static OwnDockerfile wrong(String why) {
    return new OwnDockerfile(
        "", 0, 0, Map.of(), List.of(new DockerfileMistake(0, Kind.WRONG, why)));
  }

  /** Reads a text. */
  public static OwnDockerfile of(String written, Collection<Platform> platforms) {
    String whole = written.startsWith("\uFEFF") ? written.substring(1) : written;
    String text = whole.replace("\r\n", "\n");
    DockerfileReader.Result read = DockerfileReader.read(text);
    Set<DockerfileMistake> mistakes = new LinkedHashSet<>(read.mistakes());
    Map<Platform, DockerfileStages> stages = new LinkedHashMap<>();
    int first = read.instructions().stream().mapToInt(one -> one.line()).findFirst().orElse(0);
    if (mistakes.isEmpty()) {
      syntax(text, first, mistakes);
      for (Platform platform : platforms) {
        DockerfileStages found = DockerfileStages.of(read, platform);
        stages.put(platform, found);
        mistakes.addAll(found.mistakes());
      }
    }
    return new OwnDockerfile(text, first, read.documents(), stages, mistakes);
  }

  private static void syntax(String text, int first, Set<DockerfileMistake> mistakes) {
    String[] lines = text.split("\n", -1);
    for (int i = 0; i < lines.length && i + 1 < first; i++) {
      var syntax = SYNTAX.matcher(lines[i]);
      if (syntax.matches()
          && !syntax
              .group(1)
              .matches("(?:docker\\.io/)?docker/dockerfile(?:[:@].*|-upstream.*)?")) {
        mistakes.add(
            new DockerfileMistake(
                i + 1,
                Kind.WRONG,
                "syntax names another language than Dockerfile's, which builders run from an image"
                    + " that changes; remove the line"));
      }
    }
  }

  /** Its text, with line feeds as line ends. */
  public String text() {
    return text;
  }

  /** What is wrong with it, and what somebody should know of it, in the order of lines. */
  public List<DockerfileMistake> mistakes() {
    return mistakes;
  }

  private DockerfileStages stages(Platform platform) {
    DockerfileStages found = stages.get(platform);
    if (found == null) {
      throw new IllegalArgumentException("the Dockerfile was not read for " + platform);
    }
    return found;
  }

  private DockerfileStages any() {
    return stages.values().iterator().next();
  }

  /** The images that it starts from and copies from for a platform, in their order. */
  public List<Use> images(Platform platform) {
    return stages(platform).uses();
  }

  /**
   * The image that the result stands on, for a platform.
   *
   * @return its use, or null if the result stands on {@code scratch}
   */
  public @Nullable Use base(Platform platform) {
    return stages(platform).base();
  }

  /** The images that it starts from and copies from, for all platforms, each once. */
  public List<ImageReference> references() {
    return stages.values().stream()
        .flatMap(found -> found.uses().stream())
        .map(Use::reference)
        .distinct()
        .toList();
  }

  /** The files of its context that it reads. */
  public ContextSources sources() {
    return any().sources();
  }

  /** The line of the first instruction with a document ({@code <<EOF}); 0 if there is none. */
  public int documents() {
    return documents;
  }

  /** The instructions that take time. */
  public List<Instruction> steps() {
    return any().steps();
  }

  /** The ids of the secrets that it reads, with the line of each. */
  public Map<String, Integer> secrets() {
    return any().secrets();
  }

  /** The names of the variables that it sets in its result. */
  public Set<String> variables() {
    return any().variables();
  }

  /**
   * The text with another reference in the place of each image, with the name of each stage as it
   * is given, and without a directive that has builders run another reader. Lines keep their
   * numbers.
   */
  public String with(Platform platform, Function<Use, ImageReference> references) {
    StringBuilder out = new StringBuilder();
    int at = 0;
    List<Word> words = new ArrayList<>(stages(platform).names());
    for (Use use : images(platform)) {
      words.add(new Word(references.apply(use).toString(), use.start(), use.end()));
    }
    words.sort(Comparator.comparing(Word::start));
    for (Word word : words) {
      out.append(text, at, word.start()).append(word.text());
      at = word.end();
    }
    String[] lines = out.append(text, at, text.length()).toString().split("\n", -1);
    for (int i = 0; i < lines.length && i + 1 < firstLine; i++) {
      if (SYNTAX.matcher(lines[i]).matches()) {
        lines[i] = "#";
      }
    }
    return String.join("\n", lines);
  }
}
