// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import org.unimark.keel.kernel.Rare;

/** What COPY was told about its format. */
@Rare
final class CopyOptions {
    boolean isCsv;
    boolean hasHeader;
    int delimiter = '\t';
    int quote = '"';
    int escape = -1;
    String nullText;
    /** Table and columns as they stand in the statement that SQLite gets: {@code name (a, b)}. */
    String target;
    /** Columns named, or 0 for all. */
    int columns;

    void settle() {
        if (nullText == null) {
            nullText = isCsv ? "" : "\\N";
        }
        if (escape < 0) {
            escape = quote;
        }
    }
}
