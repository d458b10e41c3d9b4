package dev.imagespec.runtime.registry.ecr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.model.RepositoryName;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LifecycleRulesTest {
  private static LifecycleRules rules(String... rules) {
    return LifecycleRules.parse(
        new Repository(
            Registry.parse("123456789012.dkr.ecr.us-east-1.amazonaws.com"),
            new RepositoryName("team/app")),
        rules.length == 0 ? "" : json("{'rules':[" + String.join(",", rules) + "]}"));
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }

  private static String rule(int priority, String selection) {
    return "{'rulePriority':"
        + priority
        + ",'selection':{"
        + selection
        + ",'countType':'imageCountMoreThan','countNumber':9},'action':{'type':'expire'}}";
  }

  private static String own(int priority, String prefix, int days) {
    return "{'rulePriority':"
        + priority
        + ",'description':'ImageSpec: images tagged "
        + prefix
        + "* expire','selection':{'tagStatus':'tagged','tagPrefixList':['"
        + prefix
        + "'],'countType':'sinceImagePushed','countUnit':'days','countNumber':"
        + days
        + "},'action':{'type':'expire'}}";
  }

  @Test
  void eachPrefixHasItsRuleSinceOneRuleIsForTagsOfAllItsPrefixes() {
    assertThat(rules().expiringAfter(30))
        .isEqualTo(json("{'rules':[" + own(1, "env1-", 30) + "," + own(2, "is1-", 30) + "]}"));
  }

  @Test
  void otherRulesKeepTheirPlaceAndPriorityAndOursTakeWhatIsFree() {
    String untagged = rule(2, "'tagStatus':'untagged','x':1.50");
    String any = rule(9, "'tagStatus':'any'");
    assertThat(rules(untagged, any).expiringAfter(30))
        .isEqualTo(
            json(
                "{'rules':["
                    + untagged
                    + ","
                    + any
                    + ","
                    + own(1, "env1-", 30)
                    + ","
                    + own(3, "is1-", 30)
                    + "]}"));
  }

  @Test
  void whatIsThereAlreadyIsNotWrittenAgain() {
    LifecycleRules rules = rules(own(5, "is1-", 30), own(7, "env1-", 30));
    assertThat(rules.expiringAfter(30))
        .isEqualTo(json("{'rules':[" + own(5, "is1-", 30) + "," + own(7, "env1-", 30) + "]}"));
    assertThat(rules.expiringAfter(31))
        .as("another number of days keeps the priorities")
        .isEqualTo(json("{'rules':[" + own(5, "is1-", 31) + "," + own(7, "env1-", 31) + "]}"));
    assertThat(rules.dangers()).as("ours were asked for").isEmpty();
  }

  @Test
  void withoutRoomBeforeARuleForAllImagesThereIsAnError() {
    assertThatThrownBy(() -> rules(rule(1, "'tagStatus':'any'")).expiringAfter(30))
        .isInstanceOfSatisfying(
            ImageSpecException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.POLICY_CONFLICT))
        .hasMessageContaining("rule 1 is for all images")
        .hasMessageContaining("higher rulePriority");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'tagStatus':'any'                                     | env1- or is1-",
        "'tagStatus':'tagged','tagPrefixList':['is1-']         | is1-",
        "'tagStatus':'tagged','tagPrefixList':['i']            | is1-",
        "'tagStatus':'tagged','tagPrefixList':['is1-ab']       | is1-",
        "'tagStatus':'tagged','tagPrefixList':['prod','env1']  | env1-",
        "'tagStatus':'tagged','tagPatternList':['*']           | env1- or is1-",
        "'tagStatus':'tagged','tagPatternList':['*1-*f']       | env1- or is1-",
        "'tagStatus':'tagged','tagPrefixList':['is1-xyz']      |",
        "'tagStatus':'tagged','tagPrefixList':['dev-']         |",
        "'tagStatus':'tagged','tagPatternList':['*-dev']       |",
        "'tagStatus':'tagged','tagPatternList':['is1-0']       |",
        "'tagStatus':'untagged'                                |"
      },
      quoteCharacter = '`')
  void rulesByWhichARegisteredImageCanVanishAreFound(String selection, String prefixes) {
    if (prefixes == null) {
      assertThat(rules(rule(4, selection)).dangers()).isEmpty();
    } else {
      assertThat(rules(rule(4, selection)).dangers())
          .containsExactly("rule 4 deletes images with tags that start with " + prefixes);
    }
  }

  @Test
  void archivingIsADangerToo() {
    assertThat(rules(rule(4, "'tagStatus':'any'").replace("'expire'", "'transition'")).dangers())
        .singleElement()
        .asString()
        .contains("archives");
  }

  @Test
  void whatIsNoPolicyIsAnError() {
    for (String text : new String[] {"[]", "{}", "{'rules':1}", "{'rules':[]} x"}) {
      assertThatThrownBy(
              () ->
                  LifecycleRules.parse(
                      new Repository(Registry.parse("r"), new RepositoryName("ab")), json(text)))
          .isInstanceOf(ImageSpecException.class);
    }
  }
}
