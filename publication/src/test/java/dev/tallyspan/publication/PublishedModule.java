package dev.tallyspan.publication;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/**
 * A module of the build that is published: all are, except those that set {@code
 * maven.deploy.skip}.
 *
 * @param directory with its POM
 * @param isLibrary whether it has a jar
 */
record PublishedModule(Path directory, String artifactId, boolean isLibrary) {

  static final Path ROOT = Path.of(System.getProperty("tallyspan.root")).normalize();
  static final String VERSION = System.getProperty("tallyspan.version");

  /** All of them, in the order of the parent's list. */
  static List<PublishedModule> all() {
    List<PublishedModule> modules = new ArrayList<>();
    for (Element name : children(child(pom(ROOT), "modules"), "module")) {
      Path directory = ROOT.resolve(name.getTextContent().trim());
      Element pom = pom(directory);
      if (!text(child(pom, "properties"), "maven.deploy.skip").equals("true")) {
        boolean isLibrary = !text(pom, "packaging").equals("pom");
        modules.add(new PublishedModule(directory, text(pom, "artifactId"), isLibrary));
      }
    }
    return modules;
  }

  static List<PublishedModule> libraries() {
    return all().stream().filter(PublishedModule::isLibrary).toList();
  }

  Path jar() {
    return directory.resolve("target").resolve(artifactId + "-" + VERSION + ".jar");
  }

  JarFile openJar() throws IOException {
    return new JarFile(jar().toFile());
  }

  @Override
  public String toString() {
    return artifactId;
  }

  /** The files in a jar, without directories. */
  static List<String> files(JarFile jar) {
    return jar.stream().filter(entry -> !entry.isDirectory()).map(ZipEntry::getName).toList();
  }

  static String read(JarFile jar, String name) throws IOException {
    return new String(jar.getInputStream(jar.getEntry(name)).readAllBytes());
  }

  /**
   * The jars of an artifact's group on the class path of the tests, by the start of their names.
   */
  static List<String> jars(String prefix) {
    return List.of(System.getProperty("java.class.path").split(File.pathSeparator)).stream()
        .filter(entry -> Path.of(entry).getFileName().toString().startsWith(prefix))
        .filter(entry -> entry.endsWith(".jar"))
        .toList();
  }

  static Element pom(Path directory) {
    return xml(directory.resolve("pom.xml"));
  }

  static Element xml(Path file) {
    try (var in = Files.newInputStream(file)) {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(in)
          .getDocumentElement();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SAXException | ParserConfigurationException e) {
      throw new IllegalStateException(file.toString(), e);
    }
  }

  /** The first child element with a name, or an element without children. */
  static Element child(Element parent, String name) {
    List<Element> children = children(parent, name);
    return children.isEmpty() ? parent.getOwnerDocument().createElement("absent") : children.get(0);
  }

  static List<Element> children(Element parent, String name) {
    List<Element> children = new ArrayList<>();
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element && element.getTagName().equals(name)) {
        children.add(element);
      }
    }
    return children;
  }

  /** The text of the first child with a name; empty if there is none. */
  static String text(Element parent, String name) {
    return child(parent, name).getTextContent().trim();
  }
}
