"""How programs other than Python's are installed, built and run: Node.js, Java, and shell commands of an npm package."""

import json
import os
import re
import shutil
from pathlib import Path

from processes import RunError

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent.parent
RESOLVE = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath"
# What of Tallyspan is in the program, by the folder of the library; the rest is of its pom.xml.
MODULES = {
    "langchain4j": ("api", "enrichment", "pricing", "semconv", "bridges/langchain4j"),
    "spring-ai": ("api", "enrichment", "pricing", "semconv", "sdk-extension", "spring-boot-starter"),
}


def toolchain(file, environment):
    """The tools of a program, which is installed into the folder `environment`."""
    return {".mjs": Node, ".sh": Script, ".java": Java}[file.suffix](file, environment)


class Node:
    """A program with the packages of `package-lock.json`."""

    def __init__(self, file, environment):
        self.file = file
        self.pins = file.parent / "package-lock.json"
        if environment is None:
            return
        self.environment = environment
        # A module finds packages from where it is, so it runs from a copy.
        self.copy = environment / f"app{file.suffix}"
        self.binaries = environment / "node_modules" / ".bin"
        self.install = [
            ["mkdir", "-p", environment],
            ["cp", file.parent / "package.json", self.pins, environment],
            ["npm", "ci", "--no-audit", "--no-fund", "--prefix", environment],
        ]
        self.command = ["node", self.copy]

    def build(self):
        return [["cp", self.file, self.copy]]

    def versions(self):
        return json.loads((self.file.parent / "package.json").read_text())["dependencies"]


class Script(Node):
    """A command of an npm package, with the other files of its folder."""

    def __init__(self, file, environment):
        super().__init__(file, environment)
        self.command = ["sh", file]

    def build(self):
        return []


class Java:
    """A class with the libraries of `pom.xml` and modules of this repository."""

    def __init__(self, file, environment):
        self.file = file
        self.pins = file.parent / "pom.xml"
        if environment is None:
            return
        self.environment = environment
        self.binaries = environment
        self.path = environment / "class.path"
        self.classes = environment / "classes"
        self.install = [
            ["mkdir", "-p", environment],
            ["mvn", "-B", "-q", "-f", self.pins, RESOLVE, f"-Dmdep.outputFile={self.path}"],
        ]
        # The class path is known once the libraries are installed.
        self.command = ["java", "-XX:TieredStopAtLevel=1", f"@{environment / 'arguments'}"]

    def build(self):
        own = [str(jar(module)) for module in MODULES[self.file.parent.name]]
        libraries = [*own, *self.path.read_text().strip().split(os.pathsep)]
        shutil.rmtree(self.classes, ignore_errors=True)
        self.classes.mkdir()
        for resource in self.file.parent.glob("*.properties"):
            shutil.copy(resource, self.classes)
        path = os.pathsep.join([str(self.classes), *libraries])
        main = re.search(r"^package (.*);", self.file.read_text(), re.MULTILINE)
        name = f"{main[1]}.{self.file.stem}" if main else self.file.stem
        (self.environment / "arguments").write_text(f'-cp "{path}" {name}\n')
        return [["javac", "-nowarn", "-parameters", "-d", self.classes, "-cp", os.pathsep.join(libraries), self.file]]

    def versions(self):
        found = re.findall(r"<!-- shown: (\S+) (\S+) -->", self.pins.read_text())
        return dict(found)


def jar(module):
    name = Path(module).name
    pattern = re.compile(rf"tallyspan-{name}-[0-9.]+(-SNAPSHOT)?\.jar")
    found = [file for file in sorted((ROOT / module / "target").glob("*.jar")) if pattern.fullmatch(file.name)]
    if not found:
        raise RunError(f"no jar in {ROOT / module / 'target'}; build it first: mvn -DskipTests package")
    return found[-1]
