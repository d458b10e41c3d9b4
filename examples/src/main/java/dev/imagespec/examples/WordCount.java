package dev.imagespec.examples;

import dev.imagespec.FlyteTask;
import dev.imagespec.ImageSpec;
import dev.imagespec.flyte.TaskIo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A task of Flyte or Union: it counts the words of a text. Flyte puts the inputs into {@code
 * /var/inputs} and takes the outputs from {@code /var/outputs}.
 */
@ImageSpec(
    registry = "123456789012.dkr.ecr.us-east-1.amazonaws.com",
    name = "texts/word-count",
    baseImage = "eclipse-temurin:17.0.13_11-jre",
    mainClass = WordCount.class)
@FlyteTask(
    project = "flytesnacks",
    domain = "development",
    inputs = {
      @FlyteTask.Input(name = "text", type = FlyteTask.Type.FILE, description = "what to count"),
      @FlyteTask.Input(
          name = "stop_words",
          type = FlyteTask.Type.STRING,
          shape = FlyteTask.Shape.LIST),
      @FlyteTask.Input(name = "at_least", type = FlyteTask.Type.INTEGER)
    },
    outputs = {
      @FlyteTask.Output(name = "words", type = FlyteTask.Type.INTEGER),
      @FlyteTask.Output(name = "mean_length", type = FlyteTask.Type.FLOAT),
      @FlyteTask.Output(
          name = "counts",
          type = FlyteTask.Type.FILE,
          description = "a line for each word")
    },
    requests = @FlyteTask.Resources(cpu = "500m", memory = "512Mi"),
    limits = @FlyteTask.Resources(cpu = "1", memory = "1Gi"),
    retries = 2,
    timeout = 600,
    cacheVersion = "1")
public final class WordCount {
  private WordCount() {}

  /** Counts. */
  public static void main(String[] args) throws IOException {
    TaskIo io = new TaskIo();
    List<String> stopWords = io.list("stop_words", String.class);
    List<String> words;
    try (Stream<String> lines = Files.lines(io.input("text", Path.class))) {
      words =
          lines
              .flatMap(line -> Stream.of(line.toLowerCase(Locale.ROOT).split("\\P{L}+", -1)))
              .filter(word -> !word.isEmpty() && !stopWords.contains(word))
              .toList();
    }
    Map<String, Long> counts =
        words.stream()
            .collect(Collectors.groupingBy(word -> word, TreeMap::new, Collectors.counting()));
    long atLeast = io.input("at_least", Long.class);
    Files.write(
        io.outputPath("counts"),
        counts.entrySet().stream()
            .filter(count -> count.getValue() >= atLeast)
            .map(count -> count.getKey() + " " + count.getValue())
            .toList());
    io.output("words", words.size());
    io.output("mean_length", words.stream().mapToInt(String::length).average().orElse(0));
  }
}
