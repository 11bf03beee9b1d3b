// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application;

import java.util.HashMap;
import java.util.Map;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;
import org.unimark.keel.text.Numbers;

/**
 * A sealed file of settings: lines of {@code key=value}, blank ones, and comments with {@code #}; ASCII. Whatever is not
 * understood is an {@link IllegalArgumentException} that says where: a system that was told something else than it does must
 * not start.
 */
@Rare
public final class SealedSettings {
    private final String name;
    private final Map<String, String> values = new HashMap<>();

    /**
     * @param name of the file, for messages
     * @param file its content, or null: then everything is as by default
     * @param keys that it may have
     */
    public SealedSettings(String name, Bytes file, String[] keys) {
        this.name = name;
        StringBuilder line = new StringBuilder();
        int number = 1;
        int length = file == null ? 0 : file.length();
        for (int i = 0; i < length; i++) {
            char character = (char) file.u8(i);
            if (character == '\n') {
                add(line.toString().trim(), number++, keys);
                line.setLength(0);
            } else {
                line.append(character);
            }
        }
        add(line.toString().trim(), number, keys);
    }

    private void add(String line, int number, String[] keys) {
        if (line.isEmpty() || line.charAt(0) == '#') {
            return;
        }
        int equals = line.indexOf('=');
        String key = equals < 0 ? line : line.substring(0, equals).trim();
        if (equals < 0 || !isAmong(keys, key)) {
            throw new IllegalArgumentException(name + ", line " + number + ": there is no setting '" + key + "'"
                    + (equals < 0 ? ", or '=' is missing" : ""));
        }
        if (values.containsKey(key)) {
            throw new IllegalArgumentException(name + ", line " + number + ": '" + key + "' is set twice");
        }
        values.put(key, line.substring(equals + 1).trim());
    }

    private static boolean isAmong(String[] words, String word) {
        for (String other : words) {
            if (other.equals(word)) {
                return true;
            }
        }
        return false;
    }

    public String text(String key, String otherwise) {
        return values.getOrDefault(key, otherwise);
    }

    /** One of two words. */
    public boolean isFirst(String key, String first, String second, boolean otherwise) {
        String text = values.get(key);
        if (text == null) {
            return otherwise;
        }
        if (!text.equals(first) && !text.equals(second)) {
            throw new IllegalArgumentException(name + ": " + key + " must be " + first + " or " + second);
        }
        return text.equals(first);
    }

    /** A number that may be followed by K or M for 2^10 or 2^20; {@code otherwise} if it is not there. */
    public long number(String key, long otherwise, long least, long most) {
        String text = values.get(key);
        if (text == null) {
            return otherwise;
        }
        int digits = text.length();
        char unit = digits == 0 ? ' ' : text.charAt(digits - 1);
        int shift = unit == 'K' ? 10 : unit == 'M' ? 20 : 0;
        long value = Numbers.unsigned(shift == 0 ? text : text.substring(0, digits - 1));
        if (value < 0 || value > most >> shift || value << shift < least) {
            throw new IllegalArgumentException(name + ": " + key + " must be a number from " + least + " to " + most);
        }
        return value << shift;
    }
}
