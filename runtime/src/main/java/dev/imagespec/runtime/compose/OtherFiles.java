package dev.imagespec.runtime.compose;

import dev.imagespec.check.MaskedText;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds in the output of pip or uv that a file on an index is another one than the locked one. */
final class OtherFiles {
  /** {@code six==1.16.0 from https://host/six-1.16.0-py3-none-any.whl (from -r …):}. */
  private static final Pattern PIP =
      Pattern.compile(
          "(?:^|\\s)(\\S+(?: @ \\S+)?) from (https?://\\S+?)(?:#\\S*)?(?: \\(from .*\\))?:$");

  private static final Pattern PIP_GOT = Pattern.compile("\\bGot\\s+([0-9a-f]{64,128})$");

  /** {@code Hash mismatch for `six==1.16.0`}. */
  private static final Pattern UV = Pattern.compile("[Hh]ash mismatch for `([^`]+)`");

  private static final Pattern UV_COMPUTED =
      Pattern.compile("\\bsha(?:256|384|512):([0-9a-f]{64,128})$");

  private OtherFiles() {}

  /** What is said of such a file; empty if the output has none. */
  static Optional<String> in(List<String> lines) {
    String file = "";
    boolean isComputed = false;
    for (String line : lines) {
      String text = line.stripTrailing();
      Matcher pip = PIP.matcher(text);
      Matcher uv = UV.matcher(text);
      Matcher got = PIP_GOT.matcher(text);
      Matcher computed = UV_COMPUTED.matcher(text);
      if (pip.find()) {
        file = pip.group(1) + " (" + pip.group(2) + ")";
        isComputed = false;
      } else if (uv.find()) {
        file = uv.group(1);
        isComputed = false;
      } else if (text.endsWith("Computed:")) {
        isComputed = true;
      } else if (!file.isEmpty() && got.find()) {
        return Optional.of(said(file, got.group(1)));
      } else if (!file.isEmpty() && isComputed && computed.find()) {
        return Optional.of(said(file, computed.group(1)));
      }
    }
    return Optional.empty();
  }

  private static String said(String file, String digest) {
    return "The index has another file than the locked one of "
        + MaskedText.of(file)
        + ": its hash is "
        + digest
        + ". Somebody exchanged it, or the index makes files of its own. Find out which before you lock"
        + " again: nothing of it was installed";
  }
}
