package dev.imagespec.examples;

import java.util.ArrayList;
import java.util.List;

/** Texts that a Dockerfile, a shell or JSON would read as something else than a text. */
final class HostileText {
  /** Longer than a line of a Dockerfile is made. */
  private static final int LONG = 9_000;

  /** With a backslash before each longer than the 64 KiB that builders take for a line. */
  private static final int TOO_LONG = 33_000;

  private HostileText() {}

  /** All of them, each once. */
  static List<String> all() {
    List<String> texts = new ArrayList<>();
    texts.add("\\".repeat(TOO_LONG));
    texts.add("\"$#\\".repeat(LONG / 2));
    texts.add("#".repeat(LONG));
    texts.add("\ud83d\ude00".repeat(LONG / 2));
    texts.addAll(
        List.of(
            "",
            " ",
            " lead",
            "trail ",
            "a  b",
            "\ttab\t",
            "a\nRUN evil",
            "\nUSER evil\n",
            "a\rRUN evil",
            "a\r\nUSER evil\r\n",
            "a\u000bb\fc",
            "\u001b[31m\u0007\b",
            "\u007f",
            "a\u0000b",
            "a\u0085USER evil",
            "a\u2028USER evil",
            "a\u2029USER evil",
            "\ud83d",
            "x\udc00y",
            "\u00a0nbsp\u00a0",
            "\u3000wide\u3000",
            "\ufeffbom",
            "\u00e9\u6f22\u5b57e\u0301\u200b\u202e\ufffd\ufffe",
            "\ud83d\ude00 emoji",
            "\\",
            "a\\",
            "a\\\\",
            "a\\\\\\",
            "\\ ",
            "\\a\\n\\t\\u0041\\x41",
            "\\\nRUN evil",
            "'",
            "it's 'quoted'",
            "\"",
            "\"quoted\"",
            "\\\"",
            "\\'",
            "\" evil=\"1",
            "'\"'\"'",
            "$",
            "$$ $1$@ %s%n%PATH% ~ !x {} &&id;id|id>id",
            "$PATH",
            "\\$PATH",
            "\\\\$PATH",
            "${PATH}",
            "${X:-y}",
            "${X:+y} ${X:?y} ${X#y}",
            "${X",
            "${}",
            "$(id)",
            "`id`",
            "<<EOF",
            "<< EOF",
            "3<<-EOF <<'EOF' <<\"EOF\" ",
            "#",
            "# syntax=evil/frontend",
            "\n# escape=`\n",
            " AS x #x",
            "--from=evil --chown=0 --platform=evil/evil",
            "--mount=type=bind,from=evil",
            "]",
            "\"]",
            "\", \"",
            "[\"a\"]",
            "=",
            "a=b c=d",
            "key=\"value\"",
            "*",
            "[a-z]?*",
            ".",
            "..",
            "../../b",
            "a/../b",
            "a//b/./c/",
            "8080",
            "1000:1000",
            ".wh.evil",
            ".wh.d/f",
            ".dockerignore"));
    return List.copyOf(texts);
  }
}
