package dev.imagespec.runtime;

import dev.imagespec.model.Namespace;
import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.model.RepositoryName;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A setting: its names, form, default and meaning. {@link Settings}, the options and help of the
 * command line, and the table in {@code docs/cli.md} are all generated from these keys.
 *
 * <p>Two families of settings have no key: {@code imagespec.secret.<id>} says where a secret is,
 * and {@code imagespec.<registrar>.<name>} belongs to the {@link TaskRegistrar} that declares it.
 *
 * @param <T> the type of its value
 */
public final class SettingKey<T> {
  static final String PREFIX = "imagespec.";

  private static final Map<String, SettingKey<?>> ALL = new LinkedHashMap<>();

  public static final SettingKey<List<Path>> CLASSPATH =
      option(
          "classpath",
          "--classpath PATH",
          SettingForm.PATHS,
          List.of(),
          "folders of your classes, with the tasks, and the jars that they use; goes into images with"
              + " `classpath` or `mainClass`, in this order. Never the tool's own class path");
  public static final SettingKey<List<Path>> TASK_JARS =
      option(
          "task-jars",
          "--task-jar JAR",
          SettingForm.PATHS,
          List.of(),
          "jars of the class path that contain tasks of your own; tasks in other jars are not"
              + " registered ([security.md](security.md))");
  public static final SettingKey<List<String>> ALLOWED_FILES =
      setting(
          "allowed-files",
          SettingForm.TEXTS,
          List.of(),
          "files that usually hold credentials, and folders of them, that may go into images with the"
              + " class path: by their paths in its folders, such as `trust.jks`");
  public static final SettingKey<List<String>> CLASSES =
      option(
          "classes",
          "--class NAME",
          SettingForm.TEXTS,
          List.of(),
          "the task classes; without, all");
  public static final SettingKey<Path> PROJECT_DIR =
      option(
          "project-dir",
          "--project-dir DIR",
          SettingForm.FILE,
          null,
          "holds `imagespec.properties`, the lock, and the files that specs name; default: the working"
              + " directory");
  public static final SettingKey<Namespace> REGISTRY =
      option(
          "registry",
          "--registry HOST",
          SettingForm.one(Namespace::parse),
          null,
          "where to push, whatever the annotations say");
  public static final SettingKey<List<String>> EXTRA_REGIONS =
      setting(
          "extra-regions",
          SettingForm.REGIONS,
          List.of(),
          "AWS regions newer than this release, which would be taken for a slip");
  public static final SettingKey<RepositoryName> NAME =
      option(
          "name",
          "--name REPO",
          SettingForm.one(RepositoryName::new),
          null,
          "the repository, whatever the annotations say");
  public static final SettingKey<List<TagTemplate>> TAGS =
      option(
          "tags",
          "--tag NAME",
          SettingForm.list(TagTemplate::parse),
          List.of(),
          "further tags of each image; `{task}` stands for the task's simple name, `{name}` for the last"
              + " part of the repository's name ([below](#further-tags))");
  public static final SettingKey<List<Mirror>> MIRRORS =
      option(
          "mirrors",
          "--mirror HOST[/PREFIX]=HOST[/PREFIX]",
          SettingForm.list(Mirror::parse),
          List.of(),
          "read base images of the first from the second; the longest prefix wins; changes neither lock"
              + " nor fingerprint");
  public static final SettingKey<List<Realm>> REALMS =
      option(
          "realms",
          "--realm REGISTRY=HOST",
          SettingForm.list(Realm::parse),
          List.of(),
          "the registry's token server may stand on that host (with its port where it is not 443): the"
              + " credential may go there");
  public static final SettingKey<Path> LOCK =
      option(
          "lock",
          "--lock FILE",
          SettingForm.FILE,
          null,
          "the lock; default: `imagespec.lock` in the project directory");
  public static final SettingKey<Boolean> LOCKED =
      option(
          "locked",
          "--locked",
          SettingForm.FLAG,
          false,
          "fail where the lock has no entry for a base image");
  public static final SettingKey<Path> RECORD =
      option(
          "record",
          "--record FILE",
          SettingForm.FILE,
          null,
          "write which image each task runs in, as JSON; `plan` compares with it");
  public static final SettingKey<Path> HISTORY =
      setting(
          "history",
          SettingForm.FILE,
          null,
          "the folder that remembers what was registered last, for `plan`; default:"
              + " `~/.cache/imagespec/history`");
  public static final SettingKey<Optional<Path>> MEMORY =
      setting(
          "memory",
          SettingForm.FOLDER_OR_NONE,
          null,
          "the folder that remembers files, layers and blobs, so that what is unchanged is not read,"
              + " compressed or asked for again, or `none`; default: `~/.cache/imagespec/memory`"
              + " ([below](#what-a-machine-remembers))");
  public static final SettingKey<Path> REPORT =
      option(
          "report",
          "--report FILE",
          SettingForm.FILE,
          null,
          "write what `register` did, or `plan` found, as a page to look at"
              + " ([report.md](report.md))");
  public static final SettingKey<List<Definition>> DEFINITIONS =
      option(
          "definitions",
          "--definition KIND:FILE",
          SettingForm.DEFINITIONS,
          List.of(),
          "files that define tasks for the system that runs them; where an image belongs, they have a"
              + " task class's name ([platforms.md](platforms.md))");
  public static final SettingKey<List<Rendering>> RENDER =
      option(
          "render",
          "--render IN=OUT",
          SettingForm.RENDERINGS,
          List.of(),
          "write a copy of a text file in which names of task classes are replaced by their images"
              + " ([platforms.md](platforms.md#any-other-text-file))");
  public static final SettingKey<Boolean> NO_REGISTRARS =
      option(
          "no-registrars",
          "--no-registrars",
          SettingForm.FLAG,
          false,
          "only images: register no tasks in the systems that run them, and write no rendered files");
  public static final SettingKey<Boolean> FORCE =
      option(
          "force",
          "--force",
          SettingForm.FLAG,
          false,
          "build environments anew, under new tags; build other images that exist and compare; nothing"
              + " is overwritten");
  public static final SettingKey<String> SOURCE =
      setting(
          "source",
          SettingForm.ADDRESS,
          null,
          "where the source of the tasks is kept; goes into the record");
  public static final SettingKey<String> REVISION =
      setting("revision", SettingForm.TEXT, null, "the source's revision; goes into the record");
  public static final SettingKey<Instant> CREATION_TIME =
      option(
          "creation-time",
          "--creation-time TIME",
          SettingForm.INSTANT,
          null,
          "when images say that they were made: `2026-11-28T10:00:00Z`, or seconds since 1970; default: 1970,"
              + " so that equal content is one image ([below](#creation-time))");
  public static final SettingKey<Integer> PARALLELISM =
      setting(
          "parallelism", SettingForm.COUNT, 16, "how much is sent at the same time; default: 16");
  public static final SettingKey<String> ENGINE =
      option(
          "engine",
          "--engine NAME",
          SettingForm.ENGINE,
          null,
          "what runs the steps of [environments](environments.md): `buildx`, `docker`, `buildah`;"
              + " default: the first that can");
  public static final SettingKey<List<String>> ENGINE_BUILDERS =
      option(
          "engine.builders",
          "--builder NAME",
          SettingForm.BUILDERS,
          List.of(),
          "builders of buildx that share the work");
  public static final SettingKey<String> ENGINE_NETWORK =
      setting(
          "engine.network",
          SettingForm.NETWORK,
          null,
          "the network that steps run in: `host` for the machine's own");
  public static final SettingKey<Repository> ENGINE_CACHE =
      setting(
          "engine.cache",
          SettingForm.one(Repository::parse),
          null,
          "a repository that keeps the steps' results for other machines");
  public static final SettingKey<Duration> ENGINE_TIMEOUT =
      setting(
          "engine.timeout",
          SettingForm.DURATION,
          Duration.ofHours(1),
          "how long a build may take: `90s`, `30m`; default: `1h`");
  public static final SettingKey<Integer> ENGINE_PARALLELISM =
      setting(
          "engine.parallelism",
          SettingForm.COUNT,
          4,
          "how many environments a builder is given at once; default: 4");
  public static final SettingKey<Path> ENGINE_LOGS =
      setting(
          "engine.logs",
          SettingForm.FILE,
          null,
          "the folder for the engines' logs; default: `~/.cache/imagespec/logs`");
  public static final SettingKey<Path> TEMP =
      setting(
          "temp",
          SettingForm.FILE,
          null,
          "the folder for temporary files, also those of engines; layers are compressed there before"
              + " they are pushed; default: Java's, usually `/tmp`, and the engine's own");
  public static final SettingKey<RepositoryCreation> CREATE_REPOSITORY =
      option(
          "create-repository",
          "--create-repository MODE",
          SettingForm.one(RepositoryCreation::parse),
          RepositoryCreation.CREATE,
          "`create` (default), `template` or `never`: what is done about a missing repository of Amazon"
              + " ECR ([ecr.md](ecr.md#repositories))");
  public static final SettingKey<List<String>> PULL_PRINCIPALS =
      setting(
          "pull-principals",
          SettingForm.PRINCIPALS,
          List.of(),
          "accounts and ARNs that may pull, as well as those of `@Repository`");
  public static final SettingKey<String> ECR_ASSUME_ROLE =
      setting("ecr.assume-role", SettingForm.ROLE, null, "ask Amazon ECR as this role, by its ARN");
  public static final SettingKey<String> ECR_EXTERNAL_ID =
      setting(
          "ecr.external-id",
          SettingForm.TEXT,
          null,
          "the external id that the role's trust policy wants");
  public static final SettingKey<List<String>> ECR_MUTABLE_TAG_FILTERS =
      setting(
          "ecr.mutable-tag-filters",
          SettingForm.TAG_FILTERS,
          List.of(),
          "tags that may be moved in repositories that are created");
  public static final SettingKey<List<Registry>> ECR_HOSTS =
      setting(
          "ecr.hosts",
          SettingForm.HOSTS,
          List.of(),
          "hosts (with port) of emulators of Amazon ECR");
  public static final SettingKey<String> ECR_ACCOUNT =
      setting("ecr.account", SettingForm.ACCOUNT, null, "the emulators' account: 12 digits");
  public static final SettingKey<String> ECR_REGION =
      setting("ecr.region", SettingForm.REGION, null, "the emulators' region");
  public static final SettingKey<Boolean> VERBOSE =
      option(
          "verbose", "--verbose", SettingForm.FLAG, false, "print more, and the cause of an error");
  public static final SettingKey<Boolean> JSON =
      option(
          "json",
          "--json",
          SettingForm.FLAG,
          false,
          "print one JSON document on stdout, and nothing else there");

  private final String name;
  private final String option;
  private final String label;
  private final SettingForm<T> form;
  private final @Nullable T fallback;
  private final String meaning;

  private SettingKey(
      String name,
      String option,
      String label,
      SettingForm<T> form,
      @Nullable T fallback,
      String meaning) {
    this.name = name;
    this.option = option;
    this.label = label;
    this.form = form;
    this.fallback = fallback;
    this.meaning = meaning;
  }

  private static <T> SettingKey<T> setting(
      String name, SettingForm<T> form, @Nullable T fallback, String meaning) {
    return option(name, "", form, fallback, meaning);
  }

  private static <T> SettingKey<T> option(
      String name, String usage, SettingForm<T> form, @Nullable T fallback, String meaning) {
    int space = usage.indexOf(' ');
    SettingKey<T> key =
        new SettingKey<>(
            PREFIX + name,
            space < 0 ? usage : usage.substring(0, space),
            space < 0 ? "" : usage.substring(space + 1),
            form,
            fallback,
            meaning);
    ALL.put(key.name, key);
    return key;
  }

  /** All settings, in the order of the documentation. */
  public static List<SettingKey<?>> all() {
    return List.copyOf(ALL.values());
  }

  /** The setting with this name, such as {@code imagespec.registry}; empty if there is none. */
  public static Optional<SettingKey<?>> of(String name) {
    return Optional.ofNullable(ALL.get(name));
  }

  static Optional<SettingKey<?>> ofVariable(String variable) {
    return ALL.values().stream()
        .filter(key -> key.variable().equals(variable))
        .<SettingKey<?>>map(key -> key)
        .findFirst();
  }

  /** One of the names of every setting. */
  static Stream<String> names(Function<SettingKey<?>, String> naming) {
    return ALL.values().stream().map(naming);
  }

  /** Its name as a system property and in {@code imagespec.properties}. */
  public String name() {
    return name;
  }

  /** Its environment variable, such as {@code IMAGESPEC_REGISTRY}. */
  public String variable() {
    return variable(name);
  }

  static String variable(String name) {
    return name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** Its command-line option, such as {@code --registry}; empty if there is none. */
  public Optional<String> option() {
    return option.isEmpty() ? Optional.empty() : Optional.of(option);
  }

  /** The placeholder for the option's value in the help, such as {@code HOST}; empty for a flag. */
  public String label() {
    return label;
  }

  /** Whether it is {@code true} or {@code false}, so that its option takes no value. */
  public boolean isFlag() {
    return form.kind() == SettingForm.Kind.FLAG;
  }

  /** Whether it takes several values, with {@link #separator}s between them. */
  public boolean isList() {
    return !separator().isEmpty();
  }

  /** What separates its values; empty if it takes only one. */
  public String separator() {
    return form.kind().separator();
  }

  /** What it means: a phrase in Markdown. */
  public String meaning() {
    return meaning;
  }

  /** What it means: sentences without Markdown, for the help of the command line. */
  public String help() {
    String text =
        meaning
            .replaceAll(" \\(\\[[^]]*]\\([^)]*\\)\\)", "")
            .replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1");
    String repeatable =
        switch (form.kind()) {
          case LIST -> " Repeatable, or separated by commas.";
          case PATHS -> " Repeatable, or separated as for java -cp.";
          default -> "";
        };
    // A literal value at the start, in back quotes, keeps its case.
    return (text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1)).replace("`", "")
        + "."
        + repeatable;
  }

  SettingForm<T> form() {
    return form;
  }

  /** The default; null if there is none, or if it depends on other settings. */
  @Nullable T fallback() {
    return fallback;
  }

  @Override
  public String toString() {
    return name;
  }
}
