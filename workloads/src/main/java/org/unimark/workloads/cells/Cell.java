// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.cells;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * What one job does: one repetition of one kind of one experiment for all systems, one after another on the same node, so that
 * every comparison is one of neighbours.
 *
 * @param formatVersion {@link #FORMAT_VERSION}
 * @param commit of the suite
 * @param dirty whether the work tree differed from the commit when the campaign was planned
 * @param seed of the campaign's order
 * @param profile by its label
 * @param experiment by its name
 * @param kind of the repetition: {@code timed}, {@code counted} ...
 * @param repetition from 0 on
 * @param accelerator {@code auto}, {@code tcg} or {@code kvm}
 * @param systems names, in the order in which they take their turn
 */
public record Cell(
        int formatVersion,
        String commit,
        boolean dirty,
        long seed,
        String profile,
        String experiment,
        String kind,
        int repetition,
        String accelerator,
        List<String> systems) {
    public static final int FORMAT_VERSION = 2;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Fields of a later version are unknown, and its number is what is to be said of them. */
    private static final ObjectReader READER =
            JSON.readerFor(Cell.class).without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private static final int HASH_CHARACTERS = 24;

    public Cell {
        systems = List.copyOf(systems);
    }

    /** As {@link #toJson} wrote it. */
    public static Cell parse(String json) throws IOException {
        Cell cell = READER.readValue(json);
        if (cell.formatVersion != FORMAT_VERSION) {
            throw new IOException(
                    "this program makes cells of version " + FORMAT_VERSION + ", not of version " + cell.formatVersion);
        }
        return cell;
    }

    /** One line, always the same for equal cells. */
    public String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Names the cell wherever it is stored: SHA-256 of its specification, cut. */
    public String hash() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(toJson().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, HASH_CHARACTERS);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
