// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql;

import java.util.HashMap;
import java.util.Map;
import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Rare;

/** The sealed file {@code sql.properties}: lines of {@code key=value}, blank ones and comments with {@code #}; ASCII. */
@Rare
public final class SqlSettings {
    public static final String RESOURCE = "sql.properties";

    private final Map<String, String> values = new HashMap<>();

    /** {@code properties} may be null: then everything is as by default. */
    public SqlSettings(Bytes properties) {
        StringBuilder line = new StringBuilder();
        int length = properties == null ? 0 : properties.length();
        for (int i = 0; i < length; i++) {
            char character = (char) properties.u8(i);
            if (character == '\n') {
                add(line.toString().trim());
                line.setLength(0);
            } else {
                line.append(character);
            }
        }
        add(line.toString().trim());
    }

    private void add(String line) {
        int equals = line.indexOf('=');
        if (equals > 0 && line.charAt(0) != '#') {
            values.put(
                    line.substring(0, equals).trim(), line.substring(equals + 1).trim());
        }
    }

    public String text(String key, String otherwise) {
        return values.getOrDefault(key, otherwise);
    }

    /** A number that may be followed by K or M for 2^10 or 2^20; {@code otherwise} if it is not there. */
    public long number(String key, long otherwise) {
        String text = values.get(key);
        if (text == null || text.isEmpty()) {
            return otherwise;
        }
        char unit = text.charAt(text.length() - 1);
        int shift = unit == 'K' ? 10 : unit == 'M' ? 20 : 0;
        return Long.parseLong(shift == 0 ? text : text.substring(0, text.length() - 1)) << shift;
    }
}
