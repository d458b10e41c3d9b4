package dev.imagespec.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AwsPrincipalTest {
  @ParameterizedTest
  @CsvSource({
    "123456789012,true",
    "arn:aws:iam::123456789012:root,true",
    "arn:aws-cn:iam::123456789012:role/path/a,true",
    "arn:aws:sts::123456789012:assumed-role/a/b,true",
    "12345678901,false",
    "*,false",
    "arn:aws:s3::123456789012:a,false",
    "arn:aws:iam::123456789012:role/*,false"
  })
  void onlyAccountsAndNamedPrincipalsMayPull(String text, boolean isOne) {
    assertThat(AwsPrincipal.isOne(text)).isEqualTo(isOne);
  }
}
