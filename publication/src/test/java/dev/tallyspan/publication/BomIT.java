package dev.tallyspan.publication;

import static dev.tallyspan.publication.PublishedModule.child;
import static dev.tallyspan.publication.PublishedModule.children;
import static dev.tallyspan.publication.PublishedModule.text;
import static dev.tallyspan.publication.PublishedModule.xml;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

class BomIT {

  private static final Path BOM = PublishedModule.ROOT.resolve("bom");

  @Test
  void listsEveryPublishedLibraryAndNothingElse() {
    List<Element> managed = managed(BOM.resolve("pom.xml"));

    assertThat(managed)
        .filteredOn(entry -> text(entry, "classifier").isEmpty())
        .extracting(entry -> text(entry, "artifactId"))
        .containsExactlyInAnyOrderElementsOf(
            PublishedModule.libraries().stream().map(PublishedModule::artifactId).toList());
  }

  @Test
  void theAgentJarIsListed() {
    assertThat(managed(BOM.resolve("pom.xml")))
        .filteredOn(entry -> text(entry, "classifier").equals("agent"))
        .extracting(entry -> text(entry, "artifactId"))
        .containsExactly("tallyspan-sdk-extension");
  }

  /** Whoever imports it must not get the versions of what Tallyspan itself is built with. */
  @Test
  void asPublishedManagesTallyspanAloneAndNeedsNoParent() {
    Path published = BOM.resolve("target").resolve("flattened-pom.xml");

    assertThat(managed(published))
        .hasSameSizeAs(managed(BOM.resolve("pom.xml")))
        .allSatisfy(
            entry -> {
              assertThat(text(entry, "groupId")).isEqualTo("dev.tallyspan");
              assertThat(text(entry, "version")).isEqualTo("${project.version}");
            });
    assertThat(text(xml(published), "version")).isEqualTo(PublishedModule.VERSION);
    assertThat(children(xml(published), "parent")).isEmpty();
    assertThat(children(child(xml(published), "dependencies"), "dependency")).isEmpty();
  }

  /** Or a jar might be looked at that an earlier build has left. */
  @Test
  void everyPublishedLibraryIsBuiltBeforeItIsChecked() {
    Element pom = PublishedModule.pom(PublishedModule.ROOT.resolve("publication"));

    assertThat(children(child(pom, "dependencies"), "dependency"))
        .extracting(dependency -> text(dependency, "artifactId"))
        .containsAll(PublishedModule.all().stream().map(PublishedModule::artifactId).toList());
  }

  private static List<Element> managed(Path pom) {
    return children(child(child(xml(pom), "dependencyManagement"), "dependencies"), "dependency");
  }
}
