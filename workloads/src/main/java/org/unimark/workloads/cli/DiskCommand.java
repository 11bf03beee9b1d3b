// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.unimark.builder.disk.DiskFormatter;
import org.unimark.keel.storage.StorageException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Disks of booted images. Formatting is an explicit act: no image ever formats what it finds. */
@Command(name = "disk", description = "Make and look at disks of images.", mixinStandardHelpOptions = true)
final class DiskCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do with a disk: create or describe");
    }

    @Command(
            name = "create",
            description = "Make a file and format it as an empty disk.",
            mixinStandardHelpOptions = true)
    int create(
            @Parameters(paramLabel = "FILE", description = "Must not exist.") Path file,
            @Parameters(paramLabel = "SIZE", description = "Such as 64M or 2G.") String size)
            throws Failure, IOException {
        try {
            DiskFormatter.create(file, bytes(size));
        } catch (FileAlreadyExistsException e) {
            throw new Failure(file + " exists already, and is left as it is", e);
        } catch (StorageException e) {
            throw new Failure(e.getMessage(), e);
        }
        System.out.println(file + ": an empty disk of " + size);
        return ExitStatus.OK;
    }

    @Command(
            name = "describe",
            description = "Say what is on a disk; changes nothing.",
            mixinStandardHelpOptions = true)
    int describe(@Parameters(paramLabel = "FILE") Path file) throws Failure, IOException {
        if (!Files.isReadable(file)) {
            throw new Failure(file + " cannot be read");
        }
        System.out.println(DiskFormatter.describe(file).strip());
        return ExitStatus.OK;
    }

    private static long bytes(String size) throws Failure {
        String text = size.toUpperCase(Locale.ROOT);
        if (!text.matches("[0-9]{1,6}[MG]")) {
            throw new Failure(ExitStatus.USAGE, "a size is such as 64M or 2G, not '" + size + "'", null);
        }
        long number = Long.parseLong(text.substring(0, text.length() - 1));
        return number << (text.endsWith("M") ? 20 : 30);
    }
}
