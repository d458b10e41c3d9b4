package dev.imagespec.benchmarks;

/** What has changed since the last registration. They follow each other in this order. */
enum Phase {
  /** The registry has only the base; nothing is cached. */
  COLD("cold"),
  NOTHING("nothing to do"),
  /** One file of one image has changed. */
  CHANGED("one changed");

  private final String text;

  Phase(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
