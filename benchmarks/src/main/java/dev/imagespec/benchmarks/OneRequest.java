package dev.imagespec.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.BatchGetImageResponse;
import software.amazon.awssdk.services.ecr.model.ImageIdentifier;

/** Asks Amazon ECR for images with the AWS SDK, in one request, and does nothing else. */
public final class OneRequest {
  private OneRequest() {}

  /**
   * Asks.
   *
   * @param args the repository, and a file with the digests of images that are in it
   */
  public static void main(String[] args) throws Exception {
    List<ImageIdentifier> ids =
        Files.readAllLines(Path.of(args[1])).stream()
            .map(digest -> ImageIdentifier.builder().imageDigest(digest).build())
            .toList();
    try (EcrClient ecr = EcrClient.builder().httpClient(UrlConnectionHttpClient.create()).build()) {
      BatchGetImageResponse response =
          ecr.batchGetImage(request -> request.repositoryName(args[0]).imageIds(ids));
      if (response.images().size() != ids.size()) {
        throw new IllegalStateException(response.failures().toString());
      }
    }
  }
}
