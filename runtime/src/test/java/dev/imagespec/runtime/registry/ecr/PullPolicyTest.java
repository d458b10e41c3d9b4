package dev.imagespec.runtime.registry.ecr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.model.RepositoryName;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PullPolicyTest {
  private static final String A = "arn:aws:iam::210987654321:role/a";
  private static final String B = "arn:aws:iam::210987654321:role/b";
  private static final Repository REPOSITORY =
      new Repository(
          Registry.parse("123456789012.dkr.ecr.us-east-1.amazonaws.com"),
          new RepositoryName("team/app"));

  private static final String OWN =
      "{'Sid':'ImageSpecPull','Effect':'Allow','Principal':{'AWS':['A']},'Action':["
          + "'ecr:BatchCheckLayerAvailability','ecr:BatchGetImage','ecr:GetDownloadUrlForLayer']}";

  private static String json(String text) {
    return text.replace('\'', '"').replace("\"A\"", "\"" + A + "\"");
  }

  private static PullPolicy merge(String existing, String... principals) {
    return PullPolicy.merge(REPOSITORY, json(existing), List.of(principals));
  }

  @Test
  void withoutAPolicyThereIsOurStatementAlone() {
    PullPolicy policy = merge("", A);
    assertThat(policy.changed()).isTrue();
    assertThat(policy.text()).isEqualTo(json("{'Version':'2012-10-17','Statement':[" + OWN + "]}"));
  }

  @Test
  void theRestOfAPolicyKeepsItsOrderItsUnknownFieldsAndItsNumbers() {
    String others =
        "{'Sid':'z','Effect':'Deny','Principal':'*','Action':'ecr:*','Condition':{'Bool':"
            + "{'x':1.10}}},{'Effect':'Allow','NotPrincipal':{'Service':'s'},'Action':[]}";
    PullPolicy policy =
        merge("{'Id':'mine','Version':'2008-10-17','New':null,'Statement':[" + others + "]}", A);
    assertThat(policy.text())
        .isEqualTo(
            json(
                "{'Id':'mine','Version':'2008-10-17','New':null,'Statement':["
                    + others
                    + ","
                    + OWN
                    + "]}"));
  }

  @Test
  void aStatementThatIsNotInAListStaysTheFirst() {
    String other = "{'Sid':'z','Effect':'Allow','Principal':'*','Action':'ecr:BatchGetImage'}";
    assertThat(merge("{'Statement':" + other + "}", A).text())
        .isEqualTo(json("{'Statement':[" + other + "," + OWN + "]}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'Statement':[" + "OWN" + "]}",
        "{'Statement':" + "OWN" + "}",
        "{ 'Statement' : [ {'Action':['ecr:GetDownloadUrlForLayer','ecr:BatchGetImage',"
            + "'ecr:BatchCheckLayerAvailability'],'Principal':{'AWS':'A'},'Effect':'Allow',"
            + "'Sid':'ImageSpecPull'} ] }"
      })
  void whatIsThereAlreadyIsNotWrittenAgainInWhateverFormItIs(String existing) {
    PullPolicy policy = merge(existing.replace("OWN", OWN), A);
    assertThat(policy.changed()).isFalse();
    assertThat(policy.text()).isEqualTo(json(existing.replace("OWN", OWN)));
  }

  @Test
  void otherPrincipalsReplaceOursInPlaceAndAreNamed() {
    String last = "{'Sid':'z','Effect':'Allow','Principal':'*','Action':'ecr:ListImages'}";
    PullPolicy policy = merge("{'Statement':[" + OWN + "," + last + "]}", B);
    assertThat(policy.removed()).containsExactly(A);
    assertThat(policy.text())
        .isEqualTo(json("{'Statement':[" + OWN.replace("'A'", "'" + B + "'") + "," + last + "]}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'Statement':[{'Sid':'ImageSpecPull','Effect':'Allow','Principal':{'AWS':'A'},"
            + "'Action':'ecr:BatchGetImage','Condition':{}}]}",
        "{'Statement':[{'Sid':'ImageSpecPull','Effect':'Deny','Principal':'*','Action':'*'}]}",
        "{'Statement':'x'}",
        "[]",
        "{'Statement':[],'Statement':[]}",
        "{} {}",
        "{"
      })
  void whatCannotBeMergedWithoutLossIsAnErrorAndIsNotTouched(String existing) {
    assertThatThrownBy(() -> merge(existing, A))
        .isInstanceOfSatisfying(
            ImageSpecException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.POLICY_CONFLICT))
        .hasMessageContaining("team/app")
        .hasMessageContaining("aws ecr get-repository-policy");
  }

  @Test
  void aPolicyThatWouldBeTooLongIsAnErrorBeforeItIsSent() {
    List<String> many =
        IntStream.range(0, 300).mapToObj(i -> A + Collections.nCopies(3, i)).toList();
    assertThatThrownBy(() -> PullPolicy.merge(REPOSITORY, "", many))
        .hasMessageContaining("10240")
        .hasMessageContaining("an account rather than many roles");
  }
}
