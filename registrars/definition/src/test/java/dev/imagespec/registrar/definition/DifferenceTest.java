package dev.imagespec.registrar.definition;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

class DifferenceTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static List<String> between(String there, String wanted) {
    try {
      return Difference.between(
          JSON.readTree(there.replace('\'', '"')), JSON.readTree(wanted.replace('\'', '"')));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Test
  void whatIsThereInAdditionIsADefault() {
    assertThat(between("{'a':1,'b':2,'c':[]}", "{'a':1.0,'d':[],'e':{},'f':null}")).isEmpty();
  }

  @Test
  void valuesAreShownAsTheyWereAndWillBe() {
    assertThat(between("{'a':{'b':'x'},'n':1}", "{'a':{'b':'y'},'n':2,'m':true}"))
        .containsExactly("a.b: \"x\" → \"y\"", "n: 1 → 2", "m: true is added");
  }

  @Test
  void listsAreComparedByNameOrElseByPlace() {
    assertThat(
            between(
                "{'c':[{'name':'a','image':'1'},{'name':'b','image':'1'}]}",
                "{'c':[{'name':'b','image':'2'},{'name':'z','image':'3'}]}"))
        .containsExactly(
            "c[b].image: \"1\" → \"2\"",
            "c[z]: {\"name\":\"z\",\"image\":\"3\"} is added",
            "c[a]: {\"name\":\"a\",\"image\":\"1\"} is taken away");
    assertThat(between("{'c':['a','b']}", "{'c':['b']}"))
        .containsExactly("c[0]: \"a\" → \"b\"", "c[1]: \"b\" is taken away");
  }

  @Test
  void valuesThatAreOftenSecretAreNotShown() {
    String there =
        "{'environment':[{'name':'A','value':'canary1'}],'Environment':{'Variables':{'T':'canary2'}},"
            + "'db_password':'canary3','c':[{'name':'x','env':[{'name':'K','value':'canary4'}]}]}";
    String wanted =
        "{'environment':[{'name':'A','value':'canary5'},{'name':'B','value':'canary6'}],"
            + "'Environment':{'Variables':{'T':'canary7'}},'db_password':'canary8',"
            + "'c':[{'name':'y','env':[{'name':'K','value':'canary9'}]}]}";
    List<String> lines = between(there, wanted);
    assertThat(lines)
        .contains(
            "environment[A].value: changes",
            "environment[B]: is added",
            "Environment.Variables.T: changes",
            "db_password: changes");
    assertThat(lines.toString()).doesNotContain("canary");
    assertThat(between("{}", wanted).toString()).doesNotContain("canary");
    assertThat(between(there, "{}")).isEmpty();
  }

  @Test
  void whatIsCalledAsSecretsAreIsNotShownWhereverItStands() {
    String wanted =
        "{'options':{'HTTP_Passwd':'canary1','api-key':'canary2','Shared_Key':'canary3'},"
            + "'config':[{'key':'licenseKey','value':'canary4'},{'name':'GITHUB_TOKEN','value':'canary5'}],"
            + "'command':['https://me:canary6@example.com/'],'name':'proxy','image':'a'}";
    String there = wanted.replace("canary", "canary0").replace("'image':'a'", "'image':'b'");
    assertThat(between("{}", wanted).toString()).doesNotContain("canary").contains("\"proxy\"");
    assertThat(between("{'x':[]}", "{'x':[" + wanted + "]}").toString())
        .doesNotContain("canary")
        .contains("\"name\":\"proxy\"");
    assertThat(between(there, wanted).toString())
        .doesNotContain("canary")
        .contains("image: \"b\" → \"a\"", "HTTP_Passwd: changes");
  }

  @Test
  void aLongDifferenceIsCutAndForeignTextIsPrintable() {
    StringBuilder many = new StringBuilder("{'a':'\\u001b[31m'");
    for (int i = 0; i < 60; i++) {
      many.append(",'f").append(i).append("':").append(i);
    }
    List<String> lines = between("{}", many + "}");
    assertThat(lines).hasSize(41).endsWith("and 21 more");
    assertThat(lines.get(0)).isEqualTo("a: \"\\u001B[31m\" is added");
    assertThat(between("{}", "{'a':'" + "x".repeat(1000) + "'}").get(0)).hasSizeLessThan(230);
  }
}
