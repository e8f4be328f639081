package dev.tallyspan.collector.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** What scanners find in the jar that users run, about it and the jars beside it. */
class BillOfMaterialsIT {

  @Test
  void listsWhatTheJarContains() throws Exception {
    String bom;
    try (JarFile jar = new JarFile(System.getProperty("tallyspan.jar"))) {
      ZipEntry entry = jar.getEntry("META-INF/sbom/bom.json");
      assumeTrue(entry != null, "Maven does not make it in an offline build");
      bom = new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
    }

    assertThat(bom)
        .contains("\"bomFormat\" : \"CycloneDX\"")
        .contains("pkg:maven/io.netty/netty-codec-http2@")
        .contains("pkg:maven/io.grpc/grpc-netty@")
        .contains("pkg:maven/com.github.luben/zstd-jni@")
        .contains("pkg:maven/org.duckdb/duckdb_jdbc@")
        .contains("pkg:maven/io.modelcontextprotocol.sdk/mcp-core@")
        .contains("pkg:maven/at.favre.lib/bcrypt@")
        .contains("pkg:maven/dev.tallyspan/tallyspan-enrichment@");
    assertThat(bom)
        .doesNotContain("org.junit")
        .doesNotContain("serialNumber")
        .doesNotContain("timestamp");
  }
}
