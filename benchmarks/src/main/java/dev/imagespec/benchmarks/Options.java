package dev.imagespec.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The command line.
 *
 * @param quick a smaller run
 * @param repetitions of each trial
 * @param minutes after which no further scenario is begun
 * @param groups which groups are run
 * @param scenarios those of the matrix; empty for the usual ones
 * @param tls whether the registry has TLS
 * @param publish whether the documentation's page gets the results
 * @param folder for what is written on the way
 */
record Options(
    boolean quick,
    int repetitions,
    int minutes,
    Set<String> groups,
    List<Scenario> scenarios,
    boolean tls,
    boolean publish,
    Path folder) {
  private static final String USAGE =
      "usage: benchmarks/run [--quick] [--repetitions N] [--minutes N]"
          + " [--only matrix,ecr,maven,scale] [--scenario IMAGES,REPOSITORIES,MILLIS]..."
          + " [--plain] [--publish] [--dir FOLDER]";

  static Options parse(String[] args) {
    boolean quick = List.of(args).contains("--quick");
    int repetitions = quick ? 3 : 5;
    int minutes = quick ? 8 : 50;
    Set<String> groups =
        new LinkedHashSet<>(List.of(Sample.ECR, Sample.MAVEN, Sample.SCALE, Sample.MATRIX));
    List<Scenario> scenarios = new ArrayList<>();
    boolean tls = true;
    boolean publish = false;
    Path memory = Path.of("/dev/shm");
    Path folder =
        java.nio.file.Files.isWritable(memory)
            ? memory
            : Path.of(System.getProperty("java.io.tmpdir"));
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--quick" -> {}
        case "--repetitions" -> repetitions = Integer.parseInt(value(args, ++i));
        case "--minutes" -> minutes = Integer.parseInt(value(args, ++i));
        case "--only" -> {
          Set<String> asked = new LinkedHashSet<>(List.of(value(args, ++i).split(",", -1)));
          if (!groups.containsAll(asked)) {
            throw new IllegalArgumentException(USAGE);
          }
          groups = asked;
        }
        case "--scenario" -> {
          String[] numbers = value(args, ++i).split(",", -1);
          if (numbers.length != 3) {
            throw new IllegalArgumentException(USAGE);
          }
          scenarios.add(
              Scenario.of(
                  Integer.parseInt(numbers[0]),
                  Integer.parseInt(numbers[1]),
                  Integer.parseInt(numbers[2])));
        }
        case "--plain" -> tls = false;
        case "--publish" -> publish = true;
        case "--dir" -> folder = Path.of(value(args, ++i)).toAbsolutePath();
        default -> throw new IllegalArgumentException(USAGE);
      }
    }
    return new Options(
        quick, repetitions, minutes, groups, List.copyOf(scenarios), tls, publish, folder);
  }

  private static String value(String[] args, int index) {
    if (index >= args.length) {
      throw new IllegalArgumentException(USAGE);
    }
    return args[index];
  }
}
