// SPDX-License-Identifier: Apache-2.0
package org.unimark.results;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Reads and writes one run's directory. Records are appended and never changed. */
public final class RunDirectory {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final Path directory;

    public RunDirectory(Path directory) {
        this.directory = directory;
    }

    public Path path() {
        return directory;
    }

    /** Creates the directory, which must not exist, with its {@code run.json}. */
    public static RunDirectory create(Path directory, RunInfo info) throws IOException {
        Files.createDirectories(directory.toAbsolutePath().getParent());
        Files.createDirectory(directory);
        RunDirectory run = new RunDirectory(directory);
        run.writeInfo(info);
        return run;
    }

    /** Replaces {@code run.json}, for facts that are known only later (images, notices). */
    public void writeInfo(RunInfo info) throws IOException {
        Files.writeString(
                directory.resolve("run.json"),
                JSON.writer().with(SerializationFeature.INDENT_OUTPUT).writeValueAsString(info) + "\n");
    }

    public RunInfo info() throws IOException {
        RunInfo info = JSON.readValue(directory.resolve("run.json").toFile(), RunInfo.class);
        if (info.formatVersion() != RunInfo.FORMAT_VERSION) {
            throw new IOException(directory + " has format version " + info.formatVersion() + "; this program reads "
                    + RunInfo.FORMAT_VERSION);
        }
        return info;
    }

    public void append(Record record) throws IOException {
        Files.writeString(
                directory.resolve("records.jsonl"),
                JSON.writeValueAsString(record) + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    public List<Record> records() throws IOException {
        List<Record> records = new ArrayList<>();
        Path file = directory.resolve("records.jsonl");
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                records.add(JSON.readValue(line, Record.class));
            }
        }
        return records;
    }
}
