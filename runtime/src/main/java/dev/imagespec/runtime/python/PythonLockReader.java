package dev.imagespec.runtime.python;

import com.fasterxml.jackson.databind.JsonNode;
import dev.imagespec.check.MaskedText;
import dev.imagespec.model.PythonMarker;
import dev.imagespec.model.PythonRequirement;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Reads the document of a lock by PEP 751. What a lock has for other systems than Linux is passed
 * over.
 */
final class PythonLockReader {
  private static final int MAX_PACKAGES = 20_000;

  /** Conditions of all markers together, in their normal form. */
  private static final int MAX_CONDITIONS = 200_000;

  /** More mistakes than a report shows. */
  private static final int MAX_MISTAKES = 100;

  /** More characters than names of packages and files, and versions, have. */
  private static final int LONGEST = 500;

  private static final Pattern LOCK_VERSION = Pattern.compile("1\\.[0-9]{1,4}");

  /** Anything else could mean something in a requirements file or to its reader. */
  private static final Pattern PLAIN =
      Pattern.compile("(?:[A-Za-z0-9_.*+,-]+(?: [A-Za-z0-9_.*+,][A-Za-z0-9_.*+,-]*)*+)?");

  private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.!+_-]*");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?");
  private static final Pattern URL = Pattern.compile("https?://[!-~&&[^\\\\\"'`<>{}|^$;]]+");
  private static final Pattern FILE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+!-]*");

  /** The digests that pip takes, the shortest first. */
  private static final List<String> ALGORITHMS = List.of("sha256", "sha384", "sha512");

  /** A digest has as many digits as its algorithm gives. */
  private static final Pattern DIGEST =
      Pattern.compile("sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128}");

  private static final Pattern USUAL_INDEX = Pattern.compile("https://pypi\\.org/simple/?");

  private final List<String> mistakes = new ArrayList<>();
  private Set<String> groups = Set.of();
  private int conditions;

  /** What is wrong, one sentence each. */
  List<String> mistakes() {
    return List.copyOf(mistakes);
  }

  /** Reads a document. If there are mistakes, the result is not complete. */
  PythonLock read(JsonNode document) {
    String version = text(document, "lock-version", "the lock");
    if (!LOCK_VERSION.matcher(version).matches()) {
      mistakes.add(
          version.isEmpty()
              ? "it has no lock-version, so it is no lock of PEP 751"
              : "its lock-version is " + version + ", and this release reads 1.0");
      return PythonLock.NONE;
    }
    groups = new TreeSet<>();
    texts(document, "default-groups")
        .forEach(name -> groups.add(PythonRequirement.normalized(name)));
    List<PythonMarker> environments = new ArrayList<>();
    for (String text : texts(document, "environments")) {
      environments.add(marker(text, "environments"));
    }
    JsonNode packages = document.path("packages");
    if (!packages.isArray() || packages.isEmpty() || packages.size() > MAX_PACKAGES) {
      mistakes.add("it has no list of packages, between 1 and " + MAX_PACKAGES);
      return PythonLock.NONE;
    }
    List<LockedPackage> read = new ArrayList<>();
    for (JsonNode one : packages) {
      if (mistakes.size() > MAX_MISTAKES) {
        break;
      }
      add(one, read);
    }
    if (read.isEmpty() && mistakes.isEmpty()) {
      mistakes.add("it has no package for Linux");
    }
    return new PythonLock(clauses(document, "the lock"), environments, read);
  }

  private void add(JsonNode table, List<LockedPackage> read) {
    String written = text(table, "name", "a package");
    if (written.length() > LONGEST || !NAME.matcher(written).matches()) {
      mistakes.add(written.isEmpty() ? "a package has no name" : written + " is no package's name");
      return;
    }
    String name = PythonRequirement.normalized(written);
    PythonMarker marker = marker(text(table, "marker", name), name);
    if (marker.isNever()) {
      return;
    }
    if (!table.path("vcs").isMissingNode()) {
      mistakes.add(
          name
              + " is from source control, which has no hashes; put a wheel of it on an index or at a URL,"
              + " and lock that");
    } else if (!table.path("directory").isMissingNode()) {
      mistakes.add(
          name
              + " is a folder of the project, which the steps of an image cannot read. If it is the"
              + " project itself, export without it (uv export --no-emit-project); else put a wheel of it"
              + " on an index");
    } else {
      LockedPackage one = locked(table, name, marker);
      if (!one.files().isEmpty()) {
        read.add(one);
      }
    }
  }

  private LockedPackage locked(JsonNode table, String name, PythonMarker marker) {
    List<String> requires = clauses(table, name);
    JsonNode archive = table.path("archive");
    if (!archive.isMissingNode()) {
      List<LockedFile> file = files(archive, name);
      String url = file.isEmpty() ? "" : url(file.get(0).url().replaceFirst("#.*", ""), name);
      String part = text(archive, "subdirectory", name);
      if (!part.isEmpty()) {
        mistakes.add(name + " is a folder of an archive; put a wheel of it on an index");
      }
      return new LockedPackage(name, "", marker, requires, "", file, url);
    }
    String version = text(table, "version", name);
    if (version.length() > LONGEST || !VERSION.matcher(version).matches()) {
      mistakes.add(name + (version.isEmpty() ? " has no version" : " has a wrong version"));
    }
    List<LockedFile> files = new ArrayList<>();
    for (JsonNode wheel : table.path("wheels")) {
      files.addAll(files(wheel, name));
    }
    JsonNode sdist = table.path("sdist");
    if (!sdist.isMissingNode()) {
      files.addAll(files(sdist, name));
    }
    if (table.path("wheels").isEmpty() && sdist.isMissingNode()) {
      mistakes.add(name + " has no files: neither wheels nor sdist nor archive");
    }
    String index = text(table, "index", name);
    boolean isUsual = index.isEmpty() || USUAL_INDEX.matcher(index).matches();
    return new LockedPackage(
        name, version, marker, requires, isUsual ? "" : url(index, name), files, "");
  }

  /** The file that a table describes; none with a mistake. */
  private List<LockedFile> files(JsonNode table, String of) {
    String url = text(table, "url", of);
    String path = text(table, "path", of);
    String location = url.isEmpty() ? path : url.replaceFirst("[?#].*", "");
    String named = text(table, "name", of);
    String name = named.isEmpty() ? location.substring(location.lastIndexOf('/') + 1) : named;
    name = name.replace("%2B", "+").replace("%2b", "+");
    if (name.length() > LONGEST || !FILE.matcher(name).matches()) {
      mistakes.add(of + " has a file without a name");
      return List.of();
    }
    if (url.isEmpty() && !path.isEmpty()) {
      mistakes.add(
          of
              + ": "
              + name
              + " is a file of the project, which the steps of an image cannot read; put it on an index,"
              + " and lock again");
      return List.of();
    }
    if (name.endsWith(".whl")) {
      try {
        WheelName unused = WheelName.parse(name);
      } catch (IllegalArgumentException e) {
        mistakes.add(of + ": " + name + " " + e.getMessage());
        return List.of();
      }
    }
    JsonNode hashes = table.path("hashes");
    for (String algorithm : ALGORITHMS) {
      String digest = hashes.path(algorithm).isTextual() ? hashes.path(algorithm).textValue() : "";
      String hash = algorithm + ":" + digest.toLowerCase(Locale.ROOT);
      if (DIGEST.matcher(hash).matches()) {
        return List.of(new LockedFile(name, url, hash));
      }
    }
    mistakes.add(of + ": " + name + " has no sha256 in its hashes; lock again with hashes");
    return List.of();
  }

  private String url(String url, String of) {
    try {
      URI uri = new URI(url);
      if (uri.getRawUserInfo() != null || !MaskedText.of(url).equals(url)) {
        mistakes.add(
            of
                + ": "
                + shown(url)
                + " has a user or a password, which everybody who may pull the image could read; lock"
                + " without it, and give it to pip with the attribute secrets");
      } else if (!URL.matcher(url).matches()
          || uri.getHost() == null
          || uri.getRawFragment() != null) {
        mistakes.add(of + ": " + shown(url) + " is no https URL");
      }
    } catch (URISyntaxException e) {
      mistakes.add(of + ": " + shown(url) + " is no https URL");
    }
    return url;
  }

  /** A URL that is wrong may have a password in any place before an @. */
  private static String shown(String url) {
    int start = url.indexOf("//") + 2;
    int end = url.lastIndexOf('@');
    return MaskedText.of(
        end < 0
            ? url
            : (start < 2 || start > end ? "" : url.substring(0, start))
                + "***"
                + url.substring(end));
  }

  private PythonMarker marker(String text, String of) {
    if (text.isBlank()) {
      return PythonMarker.ALWAYS;
    }
    try {
      PythonMarker marker = PythonMarker.parseInLock(text, groups);
      conditions += marker.alternatives().stream().mapToInt(List::size).sum();
      if (conditions > MAX_CONDITIONS) {
        mistakes.add("its markers have more than " + MAX_CONDITIONS + " conditions together");
        return PythonMarker.ALWAYS;
      }
      marker.alternatives().stream()
          .flatMap(List::stream)
          .map(PythonMarker.Condition::value)
          .filter(value -> !PLAIN.matcher(value).matches())
          .findFirst()
          .ifPresent(value -> mistakes.add(of + ": the marker has the odd value \"" + value + '"'));
      return marker;
    } catch (IllegalArgumentException e) {
      mistakes.add(of + ": " + e.getMessage());
      return PythonMarker.ALWAYS;
    }
  }

  /** The version clauses of {@code requires-python}. */
  private List<String> clauses(JsonNode table, String of) {
    String text = text(table, "requires-python", of);
    try {
      PythonRequirement requirement = PythonRequirement.parse("python " + text);
      boolean isPlain =
          requirement.versions().stream()
              .allMatch(clause -> PLAIN.matcher(clause.replaceFirst("^[<>=!~]+", "")).matches());
      if (isPlain
          && requirement.extras().isEmpty()
          && requirement.url().isEmpty()
          && requirement.marker().equals(PythonMarker.ALWAYS)) {
        return requirement.versions();
      }
    } catch (IllegalArgumentException e) {
      mistakes.add(of + ": requires-python is wrong: " + e.getMessage());
      return List.of();
    }
    mistakes.add(of + ": requires-python is wrong");
    return List.of();
  }

  private String text(JsonNode table, String key, String of) {
    JsonNode value = table.path(key);
    if (value.isTextual()) {
      return value.textValue();
    }
    if (!value.isMissingNode()) {
      mistakes.add(of + ": " + key + " is no text");
    }
    return "";
  }

  private List<String> texts(JsonNode table, String key) {
    List<String> texts = new ArrayList<>();
    for (JsonNode value : table.path(key)) {
      if (value.isTextual()) {
        texts.add(value.textValue());
      } else {
        mistakes.add("an entry of " + key + " is no text");
      }
    }
    return texts;
  }
}
