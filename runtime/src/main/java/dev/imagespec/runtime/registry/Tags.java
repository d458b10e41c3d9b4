package dev.imagespec.runtime.registry;

import com.fasterxml.jackson.databind.JsonNode;
import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.http.Addresses;
import dev.imagespec.runtime.http.Reply;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lists the tags of a repository. */
public final class Tags {
  private static final int MAX_PAGE = 4 << 20;
  private static final int TAGS_A_PAGE = 1000;

  /** The limit on listed tags: an endless list would fill the memory. */
  private static final int MAX_TAGS = 100_000;

  private static final int MAX_LINK = 8192;
  private static final Pattern NEXT = Pattern.compile("<([^<>]+)>\\s*;[^<>]*\\brel=\"?next\\b");

  private final RequestSender sender;

  Tags(RequestSender sender) {
    this.sender = sender;
  }

  /**
   * The tags of a repository, in the registry's order.
   *
   * @return empty if the repository does not exist
   * @throws ImageSpecException if the registry does not list tags, if the list does not end, or if
   *     a request fails
   */
  public Optional<List<String>> list(Repository repository) {
    Set<String> tags = new LinkedHashSet<>();
    Optional<URI> page = Optional.of(Endpoint.of(repository, "tags/list?n=" + TAGS_A_PAGE));
    while (page.isPresent()) {
      URI asked = page.get();
      Optional<Page> answer =
          sender.call(Operation.LIST_TAGS, repository, () -> page(repository, asked));
      if (answer.isEmpty()) {
        return Optional.empty();
      }
      boolean more = tags.addAll(answer.get().tags());
      page = answer.get().next();
      if (tags.size() > MAX_TAGS || (page.isPresent() && !more)) {
        throw new ImageSpecException(
            FailureCode.PROTOCOL,
            repository
                + (more
                    ? " lists more than " + MAX_TAGS + " tags."
                    : " goes on listing tags, but none that it has not listed."));
      }
    }
    return Optional.of(List.copyOf(tags));
  }

  private record Page(List<String> tags, Optional<URI> next) {}

  private Optional<Page> page(Repository repository, URI page)
      throws IOException, InterruptedException {
    Request request = Request.pull(Operation.LIST_TAGS, repository, "GET", page);
    try (Reply reply = sender.send(request)) {
      if (reply.status() == 404) {
        return Optional.empty();
      }
      sender.expect(reply, request, 200);
      Optional<URI> next = reply.header("Link").flatMap(link -> nextPage(repository, page, link));
      List<String> tags = new ArrayList<>();
      byte[] bytes = reply.bytes(MAX_PAGE, "A page of the tags of " + repository);
      for (JsonNode tag : reply.json("The list of tags of " + repository, bytes).path("tags")) {
        if (!ImageReference.isTag(tag.asText())) {
          throw new ImageSpecException(
              FailureCode.PROTOCOL, repository + " lists a tag that is none.");
        }
        tags.add(tag.asText());
      }
      return Optional.of(new Page(tags, next));
    }
  }

  /** The next page (RFC 8288). It must be a page of the same list. */
  private static Optional<URI> nextPage(Repository repository, URI page, String link) {
    Matcher next = NEXT.matcher(link);
    if (link.length() > MAX_LINK || !next.find()) {
      return Optional.empty();
    }
    URI list = Endpoint.of(repository, "tags/list");
    return Optional.of(
        Addresses.resolve(page, next.group(1))
            .filter(uri -> Addresses.sameOrigin(list, uri) && list.getPath().equals(uri.getPath()))
            .orElseThrow(
                () ->
                    new ImageSpecException(
                        FailureCode.PROTOCOL,
                        repository
                            + " continues its list of tags elsewhere. It was not followed.")));
  }
}
