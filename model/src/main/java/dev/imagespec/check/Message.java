package dev.imagespec.check;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The catalogue of all messages of the checks and the processor, with named placeholders such as
 * {@code {first}}. Several messages may share a code. {@code {reason}} takes the error message of a
 * parser or of the system.
 */
public enum Message {
  REGISTRY(Code.REGISTRY, "{reason}"),
  REGISTRY_REGION(Code.REGISTRY, Shared.REGION),
  REGISTRY_ALIAS(
      Code.REGISTRY, "Amazon ECR Public wants the registry's alias: public.ecr.aws/<alias>"),
  NEW_REGION(
      Code.NEW_REGION,
      "the AWS region {region} is not known to this release; it is used as it is written. If it is"
          + " right, say -Aimagespec.extraRegions={region}"),
  NAME(Code.NAME, "{reason}"),
  NAME_HOST(
      Code.NAME_HOST,
      "{host} looks like a registry: put it into registry, and write name = \"{name}\""),
  RELEASE(
      Code.RELEASE,
      "task classes are compiled for Java 17 or later, not for {release}; set --release 17, in Maven"
          + " <maven.compiler.release>17</maven.compiler.release>. Nothing was generated"),
  LOCAL_CLASS(
      Code.LOCAL_CLASS,
      "a class in a method cannot be a task, because nothing outside can name it; move it out of the"
          + " method"),
  REPOSITORY_PRINCIPAL(
      Code.REPOSITORY,
      "who may pull is an account's 12 digits, or the ARN of a user, a role or an account's root"),
  REPOSITORY_KEY(
      Code.REPOSITORY, "a key is named by its ARN, arn:aws:kms:<region>:<account>:key/<id>"),
  EXPIRY(Code.EXPIRY, "days are 0, for never, or more"),

  BASE_IMAGE(Code.BASE_IMAGE, "{reason}"),
  BASE_IMAGE_REGION(Code.BASE_IMAGE, Shared.REGION),
  BASE_IMAGE_MISSING(
      Code.BASE_IMAGE, "an image starts from something; set baseImage, to \"scratch\" for nothing"),
  UNPINNED(
      Code.UNPINNED,
      "the base image has no fixed version, so the lock alone keeps it from changing; name a version"
          + " or a digest"),
  BASE_SPEC_CLASS(Code.BASE_SPEC, Shared.NO_CLASS),
  BASE_SPEC_NO_TASK(Code.BASE_SPEC, "{class} has no image: it is not annotated with @ImageSpec"),
  BASE_SPEC_CIRCLE(Code.BASE_SPEC, "an image cannot be based on itself: {way}"),
  PLATFORM(Code.PLATFORM, "{reason}"),
  PLATFORM_MISSING(Code.PLATFORM, "an image is for at least one platform"),
  PLATFORM_TWICE(Code.PLATFORM, "the platform stands twice, first in {first}"),
  PLATFORM_OS(Code.PLATFORM, "images are built for linux, not for {os}"),
  PLATFORM_ARCHITECTURE(
      Code.PLATFORM,
      "there is no architecture {architecture}; images are made for amd64, arm64, arm, 386, loong64,"
          + " mips64le, ppc64le, riscv64 and s390x"),
  PLATFORM_VARIANT(Code.PLATFORM, "{architecture} has no variant {variant}"),
  PLATFORM_NAME(Code.PLATFORM_NAME, "this is the platform {platform}"),

  APT_EMPTY(Code.APT_PACKAGE, "an empty text is no package; remove it"),
  APT_OPTION(Code.APT_PACKAGE, "options of apt have no place here; use commands"),
  APT_BLANK(Code.APT_PACKAGE, "a package's name has no spaces around it; write \"{package}\""),
  APT_REMOVE(
      Code.APT_PACKAGE,
      "to apt a - at the end means to remove the package; write \"{package}\", or remove packages with"
          + " commands"),
  APT_COMMAND(
      Code.APT_PACKAGE,
      "a package's name is no command; write \"{packages}\", one text for each package"),
  APT_FILE(
      Code.APT_PACKAGE,
      "the steps of an image read files of the project where a copy puts them before they run; add"
          + " @Copy(from = …, to = \"/opt/debs/\", in = Copy.In.STEPS), and name the package by its path in"
          + " the image, such as /opt/debs/{file}"),
  APT_RANGE(
      Code.APT_PACKAGE,
      "apt takes one version or a pattern, after a single =, as in curl=7.88.1-10 or curl=7.88*"),
  APT_SEVERAL(Code.APT_PACKAGE, "several packages are several texts: {\"git\", \"curl\"}"),
  APT_SPACES(
      Code.APT_PACKAGE,
      "a package's name has no spaces; is it \"{joined}\", or are these several texts?"),
  APT_EQUALS(
      Code.APT_PACKAGE, "Debian's versions stand after a single =, as in git=1:2.39.5-0+deb12u2"),
  APT_RELEASE(
      Code.APT_PACKAGE,
      "a release is not a version and moves; name the version, as in git=1:2.39.5-0+deb12u2"),
  APT_UPPER_CASE(Code.APT_PACKAGE, "a package's name has no upper-case letters; write \"{lower}\""),
  APT_PACKAGE(
      Code.APT_PACKAGE,
      "a package is named by lower-case letters, digits, + - and . (two at least), optionally with"
          + " :architecture and =version"),
  APT_UNPINNED(Code.UNPINNED_PACKAGE, Shared.UNPINNED + "{package}=<version>"),

  REQUIREMENT(Code.REQUIREMENT, "{reason}"),
  REQUIREMENT_WITHOUT_HASH(
      Code.REQUIREMENT,
      "{file} names hashes, and pip then wants them for everything; move this into that file"),
  REQUIREMENT_UNPINNED(Code.UNPINNED_PACKAGE, Shared.UNPINNED + "{package}==<version>"),
  REQUIREMENT_URL_UNPINNED(Code.UNPINNED_PACKAGE, Shared.UNPINNED + Shared.PINNED_URL),
  REQUIREMENT_COMMIT(Code.UNPINNED_PACKAGE, Shared.UNPINNED_URL + Shared.COMMIT),
  NO_VERSION(
      Code.DUPLICATE_PACKAGE, "no version of {package} satisfies {wanted} ({place}); correct it"),
  NO_COMMON_VERSION(
      Code.DUPLICATE_PACKAGE,
      "no version of {package} satisfies both {wanted} ({place}) and {other} ({first}); remove one"),
  DUPLICATE_PACKAGE(
      Code.DUPLICATE_PACKAGE, "{package} is named twice, first in {first}; remove one"),
  REQUIREMENTS_LINE(Code.REQUIREMENTS_FILE, "{line}: {reason}"),
  REQUIREMENTS_SOME_HASHES(
      Code.REQUIREMENTS_FILE,
      "some requirements name hashes and some do not, and pip wants them for all or for none. Add"
          + " --hash to: {lines}"),
  REQUIREMENTS_NOT_EXACT(
      Code.REQUIREMENTS_FILE,
      "a requirement with hashes names one version, as name==1.0, or a URL. Correct: {lines}"),
  LOCKED_BESIDE(
      Code.LOCKED_PACKAGES,
      "{file} locks what is installed, and this is not locked. Add it to the project that {file} is"
          + " made from, lock again, and remove it here"),
  LOCK_FORMAT(Code.LOCK_FORMAT, "{reason}"),
  PIP_INDEX_EMPTY(
      Code.PIP_ARGUMENT, "an index of its own is for at least one package; name it in packages"),
  PIP_ARGUMENT(Code.PIP_ARGUMENT, "{reason}"),
  FIND_LINKS(
      Code.INDEX_URL,
      "links to packages are on a page, or are files, with a https URL: https://host/links.html; or in a"
          + " folder of the image that a @Copy(in = Copy.In.STEPS) fills"),
  LINE_UNPINNED(Code.UNPINNED_PACKAGE, Shared.UNPINNED + "in {line} {package}==<version>"),
  LINE_URL_UNPINNED(Code.UNPINNED_PACKAGE, Shared.UNPINNED + "in {line} " + Shared.PINNED_URL),
  LINE_COMMIT(Code.UNPINNED_PACKAGE, Shared.UNPINNED_URL + "in {line} " + Shared.COMMIT),
  INDEX_URL(Code.INDEX_URL, "an index is a https URL, such as https://pypi.org/simple"),
  INDEX_NO_URL(Code.INDEX_URL, "this is no URL: {reason}"),

  EMPTY(Code.EMPTY, "an empty text; remove it"),
  COMMAND_DIRECTIVE(
      Code.COMMAND,
      "a parser directive means nothing here: a command is text for /bin/sh; remove it"),
  COMMAND_COMMENT(Code.COMMAND, "a comment alone does nothing; remove it"),
  COMMAND_RUN(
      Code.COMMAND,
      "a command is text for /bin/sh, not an instruction of a Dockerfile; write \"{command}\""),
  COMMAND_INSTRUCTION(
      Code.COMMAND,
      "a command is text for /bin/sh, not an instruction of a Dockerfile; instead of {instruction} use"
          + " {instead}"),
  SECRET_ID(
      Code.SECRET_ID,
      "a secret's id has letters, digits, dots, underscores and dashes; its value does not stand"
          + " here"),

  MAIN_CLASS(
      Code.MAIN_CLASS,
      "{class} has no public static void main(String[]); add one, or name another class"),
  MAIN_CLASS_LATER(
      Code.MAIN_CLASS,
      "java runs the main of {class} only since Java 25; compile with --release 25 or later, and use a"
          + " base image that has it, or write public static void main(String[])"),
  MAIN_CLASS_NAME(
      Code.MAIN_CLASS,
      Shared.NO_CLASS
          + "; a class is named as com.acme.Main, com.acme.Outer$Main or com.acme.TopKt"),
  JVM_FLAG_OWN(
      Code.JVM_FLAG, "the class path and the class to run follow from mainClass; remove this"),
  JVM_FLAG_DASH(
      Code.JVM_FLAG,
      "a flag starts with a dash; arguments of the program stand in args, and a flag with a value is"
          + " written with ="),

  JVM_FLAG_SEVERAL(
      Code.JVM_FLAG, "several flags stand in one text; write one element each: {elements}"),
  JVM_FLAG_VALUE(
      Code.JVM_FLAG, "a flag and its value are one word, or two elements; write \"{right}\""),
  ONE_TEXT(
      Code.ONE_TEXT,
      "each element is one argument, and no shell takes this apart; write one element each: {elements}"),

  CONFLICT_BASE(Code.CONFLICT, "baseSpec says what to start from; remove one of the two"),
  CONFLICT_MAIN_CLASS(
      Code.CONFLICT,
      "mainClass and mainClassName both name the class to run; remove one of the two"),
  CONFLICT_DOCKERFILE_BASE(
      Code.CONFLICT, "dockerfile says what to start from; remove one of the two"),
  CONFLICT_DOCKERFILE(
      Code.CONFLICT,
      "with dockerfile, the environment is what the Dockerfile builds; write this into {dockerfile}"),
  CONFLICT_SCRATCH(
      Code.CONFLICT,
      "an image on scratch has nothing that could do this; name a base image that has"),
  CONFLICT_SCRATCH_JAVA(Code.CONFLICT, "there is no java on scratch; name a base image with it"),
  CONFLICT_ENTRYPOINT(Code.CONFLICT, "mainClass sets the entrypoint; remove one of the two"),
  CONFLICT_JVM_FLAGS(
      Code.CONFLICT,
      "flags for the Java virtual machine need a mainClass or an application to run in it"),

  LABEL_EMPTY(Code.LABEL, "a label's key is not empty"),
  LABEL_KEY(Code.LABEL, "a label's key has no = and no spaces"),
  LABEL_OWN(Code.LABEL, "labels that start with dev.imagespec. are set by registration"),
  LABEL_TWICE(Code.LABEL, "the label is set twice, first in {first}"),
  ANNOTATION_KEY(Code.ANNOTATION, "an annotation's key is not empty, and has no = and no spaces"),
  ANNOTATION_OWN(
      Code.ANNOTATION, "annotations that start with dev.imagespec. are for registration alone"),
  ANNOTATION_OCI(
      Code.ANNOTATION,
      "OCI defines no such annotation of an image, and what starts with org.opencontainers. is OCI's to"
          + " define; use a domain of your own, such as com.example.team"),
  ANNOTATION_MEANT(
      Code.ANNOTATION, "OCI defines no such annotation of an image; did you mean {meant}?"),
  ANNOTATION_TWICE(Code.ANNOTATION, "the annotation is set twice, first in {first}; remove one"),
  PORT(Code.PORT, "a port is 8080, 53/udp or 9000-9010, tcp or udp, between 1 and 65535"),
  USER(Code.USER, "a user is a name or a number, optionally with a group: app, 1000, 1000:1000"),
  STOP_SIGNAL(
      Code.STOP_SIGNAL,
      "a signal is a name, such as SIGINT or SIGRTMIN+3, or a number between 1 and 64"),
  STOP_SIGNAL_MEANT(Code.STOP_SIGNAL, "there is no such signal; did you mean {meant}?"),
  VOLUME_ROOT(Code.IMAGE_PATH, "a volume is a folder below /"),
  IMAGE_PATH_RELATIVE(Code.IMAGE_PATH, "a path in the image is absolute: it starts with /"),
  IMAGE_PATH_NOT_EXPANDED(
      Code.IMAGE_PATH,
      "nothing is expanded, and {part} is the name of a file; write the absolute path, such as /root/x"),
  IMAGE_PATH_UP(Code.IMAGE_PATH, "a path in the image has no ..; write it out"),
  IMAGE_PATH_BLANK(Code.IMAGE_PATH, "a path in the image does not end with white space"),
  IMAGE_PATH_WHITEOUT(Code.IMAGE_PATH, "names that start with .wh. delete files in a layer"),
  IMAGE_PATH_LENGTH(Code.IMAGE_PATH, "a file's name has at most 255 bytes, a path 4095"),

  ENV_NAME(
      Code.ENV_NAME,
      "a variable's name has letters, digits, underscores, dots and dashes, and no = or spaces"),
  DUPLICATE_ENV(Code.DUPLICATE_ENV, "the variable is set twice, first in {first}; remove one"),
  ENV_NOT_EXPANDED(
      Code.NOT_EXPANDED,
      "nothing is expanded: the program gets {variable} as it stands here; write the value, or let the"
          + " program or a script read the variable"),
  ENV_OVERRIDE(
      Code.ENV_OVERRIDE,
      "this replaces what the base image sets, nothing is expanded; to add folders in front of it,"
          + " write prepend instead of value"),
  ENV_BOTH(
      Code.ENV_PREPEND,
      "value is the whole value, prepend is added to the base image's; remove one of the two"),
  ENV_NOTHING(Code.ENV_PREPEND, "the variable has no value; add value, or prepend"),
  ENV_PREPEND_NAME(
      Code.ENV_PREPEND,
      "only to a variable that lists folders can some be prepended, such as PATH, LD_LIBRARY_PATH or"
          + " XDG_DATA_DIRS; write the whole value with value"),
  ENV_PREPEND_PATH(
      Code.ENV_PREPEND,
      "write folders of the image by their absolute paths, separated by :, such as /opt/x/bin; the"
          + " base image's own value follows by itself, and nothing is expanded"),
  SECRET_NAME(
      Code.SECRET_NAME,
      "the name looks like a secret's, and everybody who may pull the image can read its value"),

  CREDENTIAL_FORM(Code.CREDENTIAL, "this has the form of a credential" + Shared.CREDENTIAL),
  CREDENTIAL_PASSWORD(Code.CREDENTIAL, "there is a password in the URL" + Shared.CREDENTIAL),
  CREDENTIAL_USER(Code.CREDENTIAL, "there is a user or a token in the URL" + Shared.CREDENTIAL),
  CREDENTIAL_USER_IN_LINE(
      Code.CREDENTIAL, "{line}: there is a user or a token in the URL" + Shared.CREDENTIAL),
  CREDENTIAL_IN_LINE(Code.CREDENTIAL, "{line}: here is a credential" + Shared.CREDENTIAL),
  CREDENTIAL_VARIABLE(
      Code.CREDENTIAL, "programs take a credential from this variable" + Shared.CREDENTIAL),

  COPY_FROM(
      Code.COPY_FROM,
      "a file of the project is named relative to the project directory, with /, and lies inside it"),
  COPY_NOT_EXPANDED(
      Code.COPY_FROM,
      "nothing is expanded, and {part} is the name of a file; write the path of a file or folder in the"
          + " project directory, relative to it"),
  COPY_PATTERN(
      Code.COPY_FROM,
      "nothing is expanded, and {part} is the name of a file; name the folder, and choose its files with"
          + " include"),
  MODE(Code.MODE, "a mode is three octal digits, such as 0644 or 0755"),
  MISSING_FILE(Code.MISSING_FILE, "there is no such file in the project directory"),
  SENSITIVE_FILE(
      Code.SENSITIVE_FILE,
      "{file} would go into the image, where everybody who may pull it can read it; move it out of"
          + " the folder or leave it out with exclude, or name the file itself as from in a @Copy if it is"
          + " meant"),
  OUTSIDE(Code.OUTSIDE, "{file} leads out of the project directory through a symbolic link"),
  OUTSIDE_OR_UNREADABLE(
      Code.OUTSIDE,
      "{file} cannot be read ({reason}), or leads out of the project directory through a symbolic link"),
  UNREADABLE(
      Code.OUTSIDE,
      "a file cannot be read ({reason}), or leads out of the project directory through a symbolic"
          + " link"),
  PATTERN(Code.PATTERN, "{reason}"),
  PATTERN_OF_FILE(
      Code.PATTERN,
      "a pattern chooses files of a folder, and {from} is a file; remove it, or name the folder"),
  NOTHING_COPIED(
      Code.NOTHING_COPIED,
      "the patterns leave no file of {from}; correct include, exclude or ignoreFile"),
  NOTHING_COPIED_MEANT(
      Code.NOTHING_COPIED,
      "the patterns leave no file of {from}; did you mean \"{meant}\"? A pattern is relative to from,"
          + " and * does not match /"),
  UNUSED_PATTERN(
      Code.UNUSED_PATTERN,
      "no file that is copied from {from} matches this; correct it, or remove it"),
  IGNORE_FILE(Code.IGNORE_FILE, "this is no ignore file that can be used: {reason}"),
  IGNORE_FILE_PATH(
      Code.IGNORE_FILE,
      "an ignore file is named relative to the project directory, with /, and lies inside it"),
  OWNER(Code.OWNER, "{reason}"),
  FILES_NOT_CHECKED(
      Code.FILES_NOT_CHECKED,
      "the project's files are checked at registration only; to check them at compile time, too, say"
          + " -Aimagespec.projectDir=<the project's directory>"),

  TEXT_LINE(
      Code.TEXT,
      "line breaks and control characters cannot stand here; copy a file with the text instead"),
  TEXT_CHARACTER(Code.TEXT, "NUL and unpaired surrogates have no place in a program's argument"),

  AMBIGUOUS(
      Code.AMBIGUOUS,
      "{other} says \"{value}\" and is as near; set the attribute on the class itself"),
  RETENTION(
      Code.RETENTION,
      "the annotation is in no class file, so that neither an incremental build nor a registration"
          + " can see that the class carries it; remove @Retention(RetentionPolicy.SOURCE) from it"),
  GENERATED_NAME(
      Code.GENERATED_NAME,
      "{other} would generate the same class {image}; rename one of the two classes"),
  OWN_DOCKERFILE(Code.OWN_DOCKERFILE, "{place}: {reason}"),
  OWN_DOCKERFILE_SECRET(
      Code.OWN_DOCKERFILE, "{place} reads the secret {id}; name it with the attribute secrets"),
  OWN_DOCKERFILE_CONTEXT(
      Code.OWN_DOCKERFILE, "the context is a folder, and this is a file; name the folder"),
  DOCKERFILE_CONTEXT_ALONE(
      Code.CONFLICT, "only a Dockerfile has a context; name it with the attribute dockerfile"),
  DOCKERFILE_IMAGE(Code.DOCKERFILE_IMAGE, "{place}: {reason}"),
  DOCKERFILE_UNPINNED(Code.UNPINNED, "{place}: {reason}"),
  DOCKERFILE_DOWNLOAD(Code.DOCKERFILE_DOWNLOAD, "{place}: {reason}"),
  DOCKERFILE_NO_EFFECT(Code.DOCKERFILE_NO_EFFECT, "{place}: {reason}"),
  NAME_CASE(
      Code.NAME_CASE,
      "the name differs from {other} only in upper and lower case; where a file system does not tell"
          + " them apart (macOS, Windows), the files of one replace the other's. Rename one of the two"
          + " classes"),
  OUTPUT(Code.OUTPUT, Shared.OUTPUT + "{reason}"),
  OUTPUT_CLASS_PATH(Code.OUTPUT, Shared.OUTPUT + "{reason} (complete the class path)"),
  OUTPUT_TWIN(
      Code.OUTPUT,
      Shared.OUTPUT
          + "the file system takes {folder} for the folder of {twin}; rename one of the two classes"),
  OPTION_FOLDER(Code.OPTION, "-A{option}={value}: there is no such folder; correct the path"),
  REPLACE(Code.REPLACE, "there is no such array to replace; name one of {names}, or remove this"),
  REPLACE_MEANT(Code.REPLACE, "there is no such array to replace; did you mean {meant}?"),
  REPLACE_ALWAYS(
      Code.REPLACE,
      "the nearest annotation that sets {attribute} replaces the others by itself; remove this"),
  APPLICATION_FROM(
      Code.APPLICATION,
      "what the build makes is named relative to the project directory, with /, and lies inside it,"
          + " such as target/app.jar"),
  APPLICATION_NOT_EXPANDED(
      Code.APPLICATION,
      "nothing is expanded, and {part} is the name of a file; let the build name its output without a"
          + " version, in Maven with <finalName>"),
  APPLICATION_ROOT(Code.APPLICATION, "an application has a folder of its own, such as /app"),
  APPLICATION_CLASS_PATH(
      Code.APPLICATION,
      "the application brings its own class path and its own class to run; remove this, or application"),
  APPLICATION_SERVER_FLAGS(
      Code.APPLICATION,
      "the base's server runs the application; give it its flags in env, such as CATALINA_OPTS for"
          + " Tomcat"),
  APPLICATION_ENTRYPOINT_FLAGS(
      Code.APPLICATION, "entrypoint says what runs, and its flags stand there: {elements}"),
  FLYTE_NO_IMAGE(
      Code.FLYTE_NO_IMAGE,
      "a task of Flyte runs in an image; add @ImageSpec to the class, or remove @FlyteTask"),
  FLYTE_LABEL(
      Code.FLYTE_NAME,
      "a project or a domain has lower-case letters, digits and dashes, at most 63, such as"
          + " flytesnacks"),
  FLYTE_NAME(
      Code.FLYTE_NAME, "a task's name has no spaces and no slashes, and at most 255 characters"),
  FLYTE_VERSION(
      Code.FLYTE_NAME,
      "a version has letters, digits, dots, underscores, tildes and dashes, at most 63"),
  FLYTE_VARIABLE(
      Code.FLYTE_VARIABLE,
      "a variable's name is a letter, then letters, digits and underscores, at most 255, such as"
          + " word_count"),
  FLYTE_VARIABLE_TWICE(
      Code.FLYTE_VARIABLE, "the variable is declared twice, first in {first}; remove one"),
  FLYTE_QUANTITY(
      Code.FLYTE_RESOURCE,
      "this is no quantity of Kubernetes; processors are written as 2 or 500m, bytes as 512Mi or 2Gi"),
  FLYTE_QUANTITY_MEANT(
      Code.FLYTE_RESOURCE, "this is no quantity of Kubernetes; did you mean {meant}?"),
  FLYTE_BYTES(
      Code.FLYTE_RESOURCE,
      "this is no whole number of bytes; m is a thousandth, M a million, and Mi 1024 times 1024"),
  FLYTE_CPU(Code.FLYTE_RESOURCE, "processors are shared out in thousandths, 1m at least"),
  FLYTE_REQUEST(
      Code.FLYTE_RESOURCE, "this is more than {limit} \"{value}\"; raise that, or lower this"),
  FLYTE_GPU(Code.FLYTE_RESOURCE, "a number of GPUs is 0, for none, or more"),
  FLYTE_GPU_LIMIT(
      Code.FLYTE_RESOURCE,
      "a GPU is not shared, so this equals {limit}, which is {value}; change one, or remove one"),
  FLYTE_RETRIES(Code.FLYTE_RUN, "a number of retries is 0, for none, or more"),
  FLYTE_TIMEOUT(Code.FLYTE_RUN, "a timeout is a number of seconds: 0, for none, or more"),
  FLYTE_CACHE(Code.FLYTE_CACHE, "nothing is cached without a cacheVersion; add it, or remove this"),
  FLYTE_CACHE_INPUT(Code.FLYTE_CACHE, "there is no such input; the inputs are {inputs}"),
  FLYTE_CACHE_MEANT(Code.FLYTE_CACHE, "there is no such input; did you mean {meant}?"),
  FLYTE_COMMAND(
      Code.FLYTE_COMMAND,
      "Flyte takes a task with inputs or outputs only if the spec says what to run, and the base's own"
          + " entrypoint does not count; add mainClass, application or entrypoint"),
  INTERNAL(Code.INTERNAL, "this is a bug in imagespec-processor, please report it: {reason}");

  /** Text that several messages share. */
  private static final class Shared {
    static final Pattern PLACE = Pattern.compile("\\{([a-z]+)\\}");
    static final String REGION =
        "there is no AWS region {region}; did you mean {meant}? If it is right, say"
            + " -Aimagespec.extraRegions={region}";
    static final String NO_CLASS = "\"{class}\" is no class's name";
    static final String UNPINNED =
        "without a version, what is installed depends on the day of the build; write ";
    static final String UNPINNED_URL =
        "a branch or a tag moves, and then what is installed depends on the day of the build; write ";
    static final String COMMIT = "a commit: a URL that ends with @<its 40 hex digits>";
    static final String PINNED_URL = "a URL that ends with #sha256=<digest>";
    static final String CREDENTIAL =
        "; everybody who may pull the image could read it. Remove it, and give it to the steps that"
            + " need it with the attribute secrets, or to the program where it runs";
    static final String OUTPUT = "the outputs cannot be written: ";

    private Shared() {}
  }

  private final Code code;
  private final String text;

  Message(Code code, String text) {
    this.code = code;
    this.text = text;
  }

  public Code code() {
    return code;
  }

  /** The text of the message, with its placeholders in braces. */
  public String text() {
    return text;
  }

  /** The names of the placeholders, in the order in which they first occur. */
  public List<String> places() {
    Set<String> places = new LinkedHashSet<>();
    Matcher place = Shared.PLACE.matcher(text);
    while (place.find()) {
      places.add(place.group(1));
    }
    return List.copyOf(places);
  }

  /** The text with a value for each placeholder. */
  String with(Map<String, String> values) {
    return Shared.PLACE
        .matcher(text)
        .replaceAll(
            place -> Matcher.quoteReplacement(Objects.requireNonNull(values.get(place.group(1)))));
  }
}
