// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.unimark.builder.Applications;
import org.unimark.builder.BuildException;
import org.unimark.builder.BuildRequest;
import org.unimark.builder.BuiltImage;
import org.unimark.builder.ImageBuilder;
import org.unimark.builder.Target;
import org.unimark.builder.http.SiteCompiler;
import org.unimark.builder.http.SiteException;
import org.unimark.workloads.experiment.Site;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What to build: an application that comes with Keel, or anybody's. */
final class BuildOptions {
    private static final String HTTP = "http";
    private static final int HTTP_PORT = 80;
    private static final Map<String, Integer> PORTS = Map.of(HTTP, HTTP_PORT, "kv", 6379, "sql", 5432);

    @Parameters(arity = "0..1", paramLabel = "APP", description = "An application that comes with Keel: http, kv ...")
    private String application;

    @Option(names = "--root", paramLabel = "DIR", description = "Content of an HTTP image; default: one page.")
    private Path root;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration that is compiled in: http.properties, kv.properties or sql.properties.")
    private Path configuration;

    @Option(
            names = "--main",
            paramLabel = "CLASS",
            description = "Your own application: a class that implements Application.")
    private String mainClass;

    @Option(names = "--classpath", paramLabel = "PATH", description = "Directories and jars with your classes.")
    private String classPath = "";

    /** The port that an application that comes with Keel listens on by default. */
    int defaultPort() {
        return application == null ? HTTP_PORT : PORTS.getOrDefault(application, HTTP_PORT);
    }

    /** Whether a browser can talk to it. */
    boolean isHttp() {
        return HTTP.equals(application);
    }

    /** Builds it for {@code target} into {@code output}. */
    BuiltImage build(Target target, Path output) throws Failure, IOException {
        if ((application == null) == (mainClass == null)) {
            throw usage("name an application (" + String.join(", ", new TreeSet<>(Applications.names()))
                    + ") or your own with --main CLASS --classpath PATH");
        }
        try {
            return ImageBuilder.build(mainClass == null ? provided(target, output) : own(target, output));
        } catch (BuildException e) {
            throw new Failure(e.getMessage(), e);
        } catch (SiteException e) {
            throw new Failure("the site cannot be compiled: " + e.getMessage(), e);
        }
    }

    private BuildRequest provided(Target target, Path output) throws Failure, IOException {
        String main = Applications.named(application)
                .orElseThrow(() -> usage("there is no application '" + application + "'; there are: "
                        + String.join(", ", new TreeSet<>(Applications.names()))));
        Map<String, byte[]> resources = application.equals(HTTP) ? site() : configuration();
        String name =
                application + (target == Target.IMAGE ? "" : "-" + target.name().toLowerCase(Locale.ROOT));
        return new BuildRequest(name, main, List.of(), resources, target, output);
    }

    /** What is sealed in under the application's own name: {@code kv.properties}, {@code sql.properties}. */
    private Map<String, byte[]> configuration() throws Failure, IOException {
        if (root != null) {
            throw usage("--root is for http only");
        }
        requireReadableConfiguration();
        return configuration == null
                ? Map.of()
                : Map.of(application + ".properties", Files.readAllBytes(configuration));
    }

    private void requireReadableConfiguration() throws Failure {
        if (configuration != null && !Files.isReadable(configuration)) {
            throw usage("--config " + configuration + " cannot be read");
        }
    }

    private Map<String, byte[]> site() throws Failure, IOException {
        if (root != null && !Files.isDirectory(root)) {
            throw usage("--root " + root + " is not a directory");
        }
        requireReadableConfiguration();
        if (root != null) {
            return SiteCompiler.compile(root, configuration);
        }
        Path parent = Files.createTempDirectory("unimark-site");
        Path page = Site.PAGE.write(parent);
        try {
            return SiteCompiler.compile(page, configuration);
        } finally {
            Files.delete(page.resolve("index.html"));
            Files.delete(page);
            Files.delete(parent);
        }
    }

    private BuildRequest own(Target target, Path output) throws Failure {
        List<Path> entries = new ArrayList<>();
        for (String entry : classPath.split(File.pathSeparator)) {
            if (!entry.isEmpty()) {
                Path path = Path.of(entry);
                if (!Files.exists(path)) {
                    throw usage("--classpath: there is no " + path);
                }
                entries.add(path);
            }
        }
        if (entries.isEmpty()) {
            throw usage("--classpath must say where " + mainClass + " is");
        }
        return new BuildRequest(mainClass, entries, Map.of(), target, output);
    }

    private static Failure usage(String message) {
        return new Failure(ExitStatus.USAGE, message, null);
    }
}
