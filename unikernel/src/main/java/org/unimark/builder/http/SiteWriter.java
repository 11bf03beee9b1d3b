// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder.http;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.unimark.keel.application.http.Setting;
import org.unimark.keel.application.http.SiteFormat;

/** Collects entries and responses and lays them out as {@link SiteFormat} says. */
final class SiteWriter {
    private final List<CompiledResponse> responses = new ArrayList<>();
    private final Map<String, CompiledEntry> entries = new LinkedHashMap<>();
    private final Map<Integer, Integer> errors = new LinkedHashMap<>();
    private final int[] settings;
    private final String commonLines;

    private final Map<String, Integer> texts = new HashMap<>();
    private final IdentityHashMap<byte[], Integer> bodies = new IdentityHashMap<>();
    private long end;

    /** @param commonLines header lines, each with its line end, of every response */
    SiteWriter(int[] settings, String commonLines) {
        this.settings = settings;
        this.commonLines = commonLines;
    }

    /** Returns the number of the response. */
    int add(CompiledResponse response) {
        responses.add(response);
        return responses.size() - 1;
    }

    /** Returns false, and does nothing, if the path is taken. */
    boolean add(CompiledEntry entry) {
        return entries.putIfAbsent(entry.path(), entry) == null;
    }

    void addError(int status, int response) {
        errors.put(status, response);
    }

    Collection<String> paths() {
        return entries.keySet();
    }

    /** Returns null if nothing is there. */
    CompiledEntry entry(String path) {
        return entries.get(path);
    }

    CompiledResponse response(int number) {
        return responses.get(number);
    }

    byte[] write() {
        int slotCount = Math.max(8, Integer.highestOneBit(entries.size()) * 4);
        int settingsAt = SiteFormat.HEADER_BYTES;
        int slotsAt = settingsAt + 4 * Setting.COUNT;
        int entriesAt = slotsAt + slotCount * SiteFormat.SLOT_BYTES;
        int responsesAt = entriesAt + entries.size() * SiteFormat.ENTRY_BYTES;
        int errorsAt = responsesAt + responses.size() * SiteFormat.RESPONSE_BYTES;
        end = errorsAt + (long) errors.size() * SiteFormat.ERROR_BYTES;
        placeTexts();
        placeBodies();
        if (end > Integer.MAX_VALUE - SiteFormat.BODY_ALIGNMENT) {
            throw new SiteException("a site of " + end + " bytes is too large: at most 2 GiB");
        }
        ByteBuffer out = ByteBuffer.allocate((int) end).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(SiteFormat.HEADER_MAGIC, SiteFormat.MAGIC);
        out.putInt(SiteFormat.HEADER_SLOTS, slotsAt);
        out.putInt(SiteFormat.HEADER_SLOT_COUNT, slotCount);
        out.putInt(SiteFormat.HEADER_ENTRIES, entriesAt);
        out.putInt(SiteFormat.HEADER_RESPONSES, responsesAt);
        out.putInt(SiteFormat.HEADER_ERRORS, errorsAt);
        out.putInt(SiteFormat.HEADER_ERROR_COUNT, errors.size());
        out.putInt(SiteFormat.HEADER_SETTINGS, settingsAt);
        out.putInt(SiteFormat.HEADER_COMMON_AT, texts.get(commonLines));
        out.putInt(SiteFormat.HEADER_COMMON_LENGTH, commonLines.length());
        for (int i = 0; i < Setting.COUNT; i++) {
            out.putInt(settingsAt + 4 * i, settings[i]);
        }
        writeEntries(out, slotsAt, slotCount, entriesAt);
        writeResponses(out, responsesAt);
        writeErrors(out, errorsAt);
        texts.forEach((text, at) -> out.put(at, text.getBytes(StandardCharsets.UTF_8)));
        bodies.forEach((body, at) -> out.put(at, body));
        return out.array();
    }

    /** Texts are shared: many files have the same type. */
    private void placeTexts() {
        place(commonLines);
        for (CompiledEntry entry : entries.values()) {
            place(entry.path());
            place(entry.location());
        }
        for (CompiledResponse response : responses) {
            place(new String(response.head(), StandardCharsets.US_ASCII));
            place(response.tag());
            place(response.type());
        }
    }

    private void place(String text) {
        if (texts.putIfAbsent(text, (int) end) == null) {
            // Aligned, because paths are compared and heads copied eight bytes at a time.
            end = (end + text.getBytes(StandardCharsets.UTF_8).length + 7) / 8 * 8;
        }
    }

    private void placeBodies() {
        for (CompiledResponse response : responses) {
            if (!bodies.containsKey(response.body())) {
                end = (end + SiteFormat.BODY_ALIGNMENT - 1) / SiteFormat.BODY_ALIGNMENT * SiteFormat.BODY_ALIGNMENT;
                bodies.put(response.body(), (int) Math.min(end, Integer.MAX_VALUE));
                end += response.body().length;
            }
        }
    }

    private void writeEntries(ByteBuffer out, int slotsAt, int slotCount, int entriesAt) {
        int number = 0;
        for (CompiledEntry entry : entries.values()) {
            byte[] path = entry.path().getBytes(StandardCharsets.UTF_8);
            int at = entriesAt + number * SiteFormat.ENTRY_BYTES;
            out.putInt(at + SiteFormat.ENTRY_PATH_AT, texts.get(entry.path()));
            out.putInt(at + SiteFormat.ENTRY_PATH_LENGTH, path.length);
            out.putInt(at + SiteFormat.ENTRY_KIND, entry.kind());
            out.putInt(at + SiteFormat.ENTRY_IDENTITY, entry.identity());
            out.putInt(at + SiteFormat.ENTRY_GZIP, entry.gzip());
            out.putInt(at + SiteFormat.ENTRY_LOCATION_AT, texts.get(entry.location()));
            out.putInt(at + SiteFormat.ENTRY_LOCATION_LENGTH, entry.location().length());
            out.putInt(at + SiteFormat.ENTRY_MODIFIED, (int) entry.modifiedSeconds());
            int hash = 0;
            for (byte value : path) {
                hash = SiteFormat.hash(hash, value & 0xff);
            }
            int slot = SiteFormat.slot(hash, slotCount);
            while (out.getInt(slotsAt + slot * SiteFormat.SLOT_BYTES + SiteFormat.SLOT_ENTRY) != 0) {
                slot = (slot + 1) & (slotCount - 1);
            }
            out.putInt(slotsAt + slot * SiteFormat.SLOT_BYTES + SiteFormat.SLOT_HASH, hash);
            out.putInt(slotsAt + slot * SiteFormat.SLOT_BYTES + SiteFormat.SLOT_ENTRY, number + 1);
            number++;
        }
    }

    private void writeResponses(ByteBuffer out, int responsesAt) {
        int at = responsesAt;
        for (CompiledResponse response : responses) {
            out.putInt(
                    at + SiteFormat.RESPONSE_HEAD_AT,
                    texts.get(new String(response.head(), StandardCharsets.US_ASCII)));
            out.putInt(at + SiteFormat.RESPONSE_HEAD_LENGTH, response.head().length);
            out.putInt(at + SiteFormat.RESPONSE_DATE_AT, response.dateAt());
            out.putInt(at + SiteFormat.RESPONSE_VALIDATORS_END, response.validatorsEnd());
            out.putInt(at + SiteFormat.RESPONSE_TYPE_END, response.typeEnd());
            out.putInt(at + SiteFormat.RESPONSE_BODY_AT, bodies.get(response.body()));
            out.putInt(at + SiteFormat.RESPONSE_BODY_LENGTH, response.body().length);
            out.putInt(at + SiteFormat.RESPONSE_TAG_AT, texts.get(response.tag()));
            out.putInt(at + SiteFormat.RESPONSE_TAG_LENGTH, response.tag().length());
            out.putInt(at + SiteFormat.RESPONSE_TYPE_AT, texts.get(response.type()));
            out.putInt(at + SiteFormat.RESPONSE_TYPE_LENGTH, response.type().length());
            out.putInt(at + SiteFormat.RESPONSE_STATUS, response.status());
            at += SiteFormat.RESPONSE_BYTES;
        }
    }

    private void writeErrors(ByteBuffer out, int errorsAt) {
        int at = errorsAt;
        for (Map.Entry<Integer, Integer> error : errors.entrySet()) {
            out.putInt(at + SiteFormat.ERROR_STATUS, error.getKey());
            out.putInt(at + SiteFormat.ERROR_RESPONSE, error.getValue());
            at += SiteFormat.ERROR_BYTES;
        }
    }
}
