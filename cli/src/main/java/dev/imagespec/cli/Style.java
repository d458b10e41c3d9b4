package dev.imagespec.cli;

import dev.imagespec.runtime.RegistrationProgress;
import picocli.CommandLine.Help.Ansi;

/** Colours by meaning. */
enum Style {
  /** Done, and something is new. */
  GOOD(Ansi.Style.fg_green),
  /** Works, but should be changed. */
  DOUBTFUL(Ansi.Style.fg_yellow),
  /** Failed. */
  BAD(Ansi.Style.fg_red),
  /** Going on. */
  BUSY(Ansi.Style.fg_cyan),
  /** Of less interest. */
  FAINT(Ansi.Style.faint),
  /** A heading. */
  STRONG(Ansi.Style.bold);

  private final Ansi.Style style;

  Style(Ansi.Style style) {
    this.style = style;
  }

  /** A text in this style, if there are styles. */
  String of(String text, boolean isColoured) {
    return isColoured && !text.isEmpty() ? style.on() + text + Ansi.Style.reset.on() : text;
  }

  /** The style of a state. */
  static Style of(RegistrationProgress.State state) {
    return switch (state) {
      case BUILDING, SENDING -> BUSY;
      case PUSHED -> GOOD;
      case EXISTS -> FAINT;
      case FAILED -> BAD;
    };
  }
}
