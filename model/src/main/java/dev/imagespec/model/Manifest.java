package dev.imagespec.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The image that one task class needs. The compiler writes it to {@code META-INF/imagespec/<binary
 * class name>/manifest.json}, and a registration reads it. It has file paths as they were written,
 * never the contents of files. An unset attribute is an empty text or list, and is left out of the
 * JSON.
 *
 * @param task the task class's binary name
 * @param annotations the binary names of the class's annotations that make it a task: {@code
 *     ImageSpec} or a composed annotation
 * @param registry the registry, or empty if it comes from the settings
 * @param name the repository's name, or empty if it comes from the settings
 * @param baseImage the base image's reference as written, or {@code scratch}; empty if {@code
 *     baseSpec} is set
 * @param baseSpec the binary name of the task class whose image is the base, or empty
 * @param dockerfile the project's own Dockerfile whose image is the base
 * @param platforms the platforms, at least one
 * @param environment the part that is built by running steps
 * @param payload the files and configuration on top of the environment
 * @param repository the settings of the repository
 * @param flyte what {@code @FlyteTask} says, which is no part of the image
 */
public record Manifest(
    String task,
    List<String> annotations,
    String registry,
    String name,
    String baseImage,
    String baseSpec,
    OwnDockerfile dockerfile,
    List<Platform> platforms,
    Environment environment,
    Payload payload,
    Repository repository,
    FlyteTask flyte) {

  /** The binary name of the annotation itself. */
  public static final String ANNOTATION = "dev.imagespec.ImageSpec";

  /** The version of the JSON form. {@link #parse} refuses any other version. */
  public static final int SCHEMA = 1;

  /** The folder on a class path that has one subfolder for each task class. */
  public static final String FOLDER = "META-INF/imagespec/";

  /** A manifest's file name. */
  public static final String FILE = "manifest.json";

  /** The end of the name of a generated class. */
  public static final String GENERATED = "Image";

  /** The name that stands for an empty file system instead of a base image. */
  public static final String SCRATCH = "scratch";

  public Manifest {
    annotations = List.copyOf(annotations);
    platforms = List.copyOf(platforms);
  }

  /** A manifest of a class that is no task of Flyte. */
  public Manifest(
      String task,
      List<String> annotations,
      String registry,
      String name,
      String baseImage,
      String baseSpec,
      OwnDockerfile dockerfile,
      List<Platform> platforms,
      Environment environment,
      Payload payload,
      Repository repository) {
    this(
        task,
        annotations,
        registry,
        name,
        baseImage,
        baseSpec,
        dockerfile,
        platforms,
        environment,
        payload,
        repository,
        FlyteTask.NONE);
  }

  /** A manifest of a class that has {@code @ImageSpec} itself, not through another annotation. */
  public Manifest(
      String task,
      String registry,
      String name,
      String baseImage,
      String baseSpec,
      List<Platform> platforms,
      Environment environment,
      Payload payload,
      Repository repository) {
    this(
        task,
        List.of(ANNOTATION),
        registry,
        name,
        baseImage,
        baseSpec,
        OwnDockerfile.NONE,
        platforms,
        environment,
        payload,
        repository);
  }

  /** Whether an engine has to build something. */
  public boolean needsEngine() {
    return dockerfile.isSet() || !environment.isEmpty();
  }

  /**
   * A Dockerfile of the project, in the place of a base.
   *
   * @param path its path in the project directory, or empty
   * @param context the path of the folder that it reads, or empty for its own folder
   */
  public record OwnDockerfile(String path, String context) {
    /** No Dockerfile. */
    public static final OwnDockerfile NONE = new OwnDockerfile("", "");

    /** Whether the image stands on one. */
    public boolean isSet() {
      return !path.isEmpty();
    }

    /** The path of the folder that it reads; empty for the project directory. */
    public String folder() {
      String folder =
          context.isEmpty() ? path.substring(0, Math.max(0, path.lastIndexOf('/'))) : context;
      return ProjectPath.normal(folder).orElse(folder);
    }
  }

  /**
   * The part of an image that is built by running steps on the base.
   *
   * @param aptPackages Debian packages: a set, in the order in which they were written
   * @param packages Python requirements: a set, in the order in which they were written
   * @param requirements a requirements file's path in the project directory, or empty
   * @param pipIndex a package index's URL, or empty
   * @param pipExtraIndexUrls URLs of additional package indexes
   * @param commands shell commands
   * @param secrets ids of the secrets that the steps may read
   * @param pip how Python packages are installed
   * @param copy files and folders that are there before the first step, in order
   */
  public record Environment(
      List<String> aptPackages,
      List<String> packages,
      String requirements,
      String pipIndex,
      List<String> pipExtraIndexUrls,
      List<String> commands,
      List<String> secrets,
      Pip pip,
      List<Copy> copy) {

    /** No steps. */
    public static final Environment NONE =
        new Environment(List.of(), List.of(), "", "", List.of(), List.of(), List.of());

    public Environment {
      aptPackages = List.copyOf(aptPackages);
      packages = List.copyOf(packages);
      pipExtraIndexUrls = List.copyOf(pipExtraIndexUrls);
      commands = List.copyOf(commands);
      secrets = List.copyOf(secrets);
      copy = List.copyOf(copy);
    }

    /** An environment that sets none of the attributes that few need. */
    public Environment(
        List<String> aptPackages,
        List<String> packages,
        String requirements,
        String pipIndex,
        List<String> pipExtraIndexUrls,
        List<String> commands,
        List<String> secrets) {
      this(
          aptPackages,
          packages,
          requirements,
          pipIndex,
          pipExtraIndexUrls,
          commands,
          secrets,
          Pip.DEFAULT,
          List.of());
    }

    /** This environment, where the content of the requirements file locks what is installed. */
    public Environment locked() {
      return new Environment(
          aptPackages,
          packages,
          requirements,
          pipIndex,
          pipExtraIndexUrls,
          commands,
          secrets,
          pip.locked(),
          copy);
    }

    /** The steps, in the order in which they run. */
    public List<Step> steps() {
      return Step.of(this);
    }

    /** Whether there is no step. */
    public boolean isEmpty() {
      return steps().isEmpty();
    }

    /** Whether files of the project may be at or below a path before the first step runs. */
    public boolean mayProvide(String path) {
      return copy.stream().anyMatch(one -> one.mayProvide(path));
    }
  }

  /**
   * How Python packages are installed.
   *
   * @param pre whether pre-releases count
   * @param noBuildIsolation whether packages are built with what is installed
   * @param findLinks URLs of pages with links to files
   * @param indexes package indexes for some packages alone, in order
   * @param args further options, in order
   * @param isLocked whether the requirements file names the hashes of all files. Only who has read
   *     it knows, so the JSON form does not have it
   */
  public record Pip(
      boolean pre,
      boolean noBuildIsolation,
      List<String> findLinks,
      List<PipIndex> indexes,
      List<String> args,
      boolean isLocked) {

    /** Without options. */
    public static final Pip DEFAULT = new Pip(false, false, List.of(), List.of(), List.of());

    public Pip {
      findLinks = List.copyOf(findLinks);
      indexes = List.copyOf(indexes);
      args = List.copyOf(args);
    }

    /** These attributes, with a requirements file that nobody has read yet. */
    public Pip(
        boolean pre,
        boolean noBuildIsolation,
        List<String> findLinks,
        List<PipIndex> indexes,
        List<String> args) {
      this(pre, noBuildIsolation, findLinks, indexes, args, false);
    }

    private Pip locked() {
      return new Pip(pre, noBuildIsolation, findLinks, indexes, args, true);
    }
  }

  /**
   * A package index for some packages alone.
   *
   * @param url its URL
   * @param packages Python requirements: a set, in the order in which they were written
   */
  public record PipIndex(String url, List<String> packages) {
    public PipIndex {
      packages = List.copyOf(packages);
    }
  }

  /**
   * The part of an image that is made without steps: files and configuration.
   *
   * @param classpath whether the image gets the class path, as the annotation says
   * @param mainClass the binary name of the class to run, or empty
   * @param jvmFlags flags of the Java virtual machine that runs it
   * @param entrypoint the program and its fixed arguments
   * @param args default arguments
   * @param ports ports as {@code port[-port][/protocol]}
   * @param volumes mount points
   * @param workingDirectory the start directory, or empty
   * @param user the user, or empty
   * @param copy files and folders, in order
   * @param env environment variables by name
   * @param labels labels by key
   * @param envPrepend what stands in front of the base's own value, by the name of the variable
   * @param stopSignal the signal that asks the program to end, or empty
   * @param annotations annotations of the image's manifest and index, by key
   * @param application a built application
   */
  public record Payload(
      boolean classpath,
      String mainClass,
      List<String> jvmFlags,
      List<String> entrypoint,
      List<String> args,
      List<String> ports,
      List<String> volumes,
      String workingDirectory,
      String user,
      List<Copy> copy,
      Map<String, String> env,
      Map<String, String> labels,
      Map<String, String> envPrepend,
      String stopSignal,
      Map<String, String> annotations,
      Application application) {

    /** Nothing on top of the base. */
    public static final Payload NONE =
        new Payload(
            false, "", List.of(), List.of(), List.of(), List.of(), List.of(), "", "", List.of(),
            Map.of(), Map.of());

    public Payload {
      jvmFlags = List.copyOf(jvmFlags);
      entrypoint = List.copyOf(entrypoint);
      args = List.copyOf(args);
      ports = List.copyOf(ports);
      volumes = List.copyOf(volumes);
      copy = List.copyOf(copy);
      env = Collections.unmodifiableMap(new TreeMap<>(env));
      labels = Collections.unmodifiableMap(new TreeMap<>(labels));
      annotations = Collections.unmodifiableMap(new TreeMap<>(annotations));
      envPrepend = Collections.unmodifiableMap(new TreeMap<>(envPrepend));
    }

    /** A payload that sets none of the attributes that few need. */
    public Payload(
        boolean classpath,
        String mainClass,
        List<String> jvmFlags,
        List<String> entrypoint,
        List<String> args,
        List<String> ports,
        List<String> volumes,
        String workingDirectory,
        String user,
        List<Copy> copy,
        Map<String, String> env,
        Map<String, String> labels) {
      this(
          classpath,
          mainClass,
          jvmFlags,
          entrypoint,
          args,
          ports,
          volumes,
          workingDirectory,
          user,
          copy,
          env,
          labels,
          Map.of(),
          "",
          Map.of(),
          Application.NONE);
    }

    /** Whether the image gets the class path: the spec says so, or it has a main class. */
    public boolean usesClassPath() {
      return classpath || !mainClass.isEmpty();
    }

    /**
     * The program that the image runs, with its fixed arguments: {@code java} with the main class,
     * or the launcher of the application, or the entrypoint. Empty if the image keeps the base's
     * entrypoint.
     */
    public List<String> command() {
      if (!mainClass.isEmpty()) {
        return java(List.of("-cp", "@" + ClassPathFolder.ARGUMENT_FILE, mainClass));
      }
      return application.runs() && entrypoint.isEmpty()
          ? java(List.of("@" + application.argumentFile()))
          : entrypoint;
    }

    private List<String> java(List<String> rest) {
      List<String> java = new ArrayList<>(List.of("java"));
      java.addAll(jvmFlags);
      java.addAll(rest);
      return List.copyOf(java);
    }

    /**
     * The parsed ports.
     *
     * @throws IllegalArgumentException if one is not a port or a range
     */
    public List<PortRange> portRanges() {
      return ports.stream().map(PortRange::parse).toList();
    }
  }

  /**
   * A file or folder of the project directory to copy into the image.
   *
   * @param from its path relative to the project directory
   * @param to the absolute path in the image
   * @param mode the files' mode as octal text, or empty
   * @param include patterns of the files to take; empty for all
   * @param exclude patterns of the files to leave out
   * @param modes modes of some files; the last that matches wins
   * @param ignoreFile the path of an ignore file in the project directory, or empty
   * @param owner the owner's numbers, or empty for root
   */
  public record Copy(
      String from,
      String to,
      String mode,
      List<String> include,
      List<String> exclude,
      List<Mode> modes,
      String ignoreFile,
      String owner) {
    public Copy {
      include = List.copyOf(include);
      exclude = List.copyOf(exclude);
      modes = List.copyOf(modes);
    }

    /** A copy of everything, owned by root. */
    public Copy(String from, String to, String mode) {
      this(from, to, mode, List.of(), List.of(), List.of(), "", "");
    }

    /** Whether it may put a file at a path in the image, or into a folder there. */
    public boolean mayProvide(String path) {
      try {
        String target = ImagePath.normal(to);
        return ImagePath.normal(path).equals(path)
            && (path.equals(target)
                || path.startsWith(target.equals("/") ? "/" : target + "/")
                || target.startsWith(path + "/"));
      } catch (IllegalArgumentException e) {
        return false;
      }
    }
  }

  /**
   * The mode of some files of a copy.
   *
   * @param pattern the pattern of the files
   * @param mode their mode as octal text
   */
  public record Mode(String pattern, String mode) {}

  /**
   * A built application to put into the image.
   *
   * @param from the path of the build's output relative to the project directory; empty if there is
   *     no application
   * @param to the absolute path of its folder in the image, or empty for {@link #FOLDER}
   */
  public record Application(String from, String to) {
    /** No application. */
    public static final Application NONE = new Application("", "");

    /** Where an application is in the image unless its spec says so. */
    private static final String FOLDER = "/app";

    private static final String WAR = ".war";

    /** Whether there is one. */
    public boolean isSet() {
      return !from.isEmpty();
    }

    /** Whether it has the form of a WAR. */
    public boolean isWar() {
      return from.endsWith(WAR);
    }

    /** Whether the image runs it with {@code java}; if not, a server of the base does. */
    public boolean runs() {
      return isSet() && !(isWar() && !to.isEmpty());
    }

    /** The absolute path of its folder in the image, without a slash at its end. */
    public String folder() {
      return to.isEmpty() ? FOLDER : to;
    }

    /**
     * The file in the image with the rest of the command that runs it: an argument file of {@code
     * java}. With it, the command is known at compile time.
     */
    public String argumentFile() {
      return folder() + "/launch";
    }
  }

  /**
   * The settings of a repository in Amazon ECR.
   *
   * @param mutableTags whether tags may be moved
   * @param scanOnPush whether images are scanned when pushed
   * @param kmsKey a KMS key's ARN, or empty
   * @param pullPrincipals principals of other accounts that may pull
   * @param expireAfterDays days after which images expire, or 0
   */
  public record Repository(
      boolean mutableTags,
      boolean scanOnPush,
      String kmsKey,
      List<String> pullPrincipals,
      int expireAfterDays) {

    /** Immutable tags, and no other settings. */
    public static final Repository DEFAULT = new Repository(false, false, "", List.of(), 0);

    public Repository {
      pullPrincipals = List.copyOf(pullPrincipals);
    }
  }

  /** This manifest, where the content of the requirements file locks what is installed. */
  public Manifest locked() {
    return new Manifest(
        task,
        annotations,
        registry,
        name,
        baseImage,
        baseSpec,
        dockerfile,
        platforms,
        environment.locked(),
        payload,
        repository,
        flyte);
  }

  /** The path of this manifest on a class path. */
  public String resourceName() {
    return resourceFolder(task) + FILE;
  }

  /** The folder on a class path for the files of a task class, with a slash at its end. */
  public static String resourceFolder(String task) {
    return FOLDER + task + "/";
  }

  /**
   * The binary name of the class that the compiler generates for a task class: {@code Outer$Inner}
   * gives {@code Outer_InnerImage}.
   *
   * @param task the task class's binary name
   */
  public static String generatedClass(String task) {
    int start = task.lastIndexOf('.') + 1;
    return task.substring(0, start) + task.substring(start).replace('$', '_') + GENERATED;
  }

  /**
   * The JSON form: sorted keys, line feeds, no unset attributes. Equal manifests have equal text.
   */
  public String toJson() {
    return ManifestJson.of(this);
  }

  /**
   * Reads the JSON form.
   *
   * @throws IllegalArgumentException if the text is not a manifest of this schema, or has an
   *     unknown attribute
   */
  public static Manifest parse(String json) {
    return ManifestJson.parse(json);
  }
}
