// SPDX-License-Identifier: Apache-2.0
/**
 * Ring 6: the PostgreSQL wire protocol, version 3, in front of {@code SqlEngine}: messages, types, a translation of PostgreSQL's
 * dialect to SQLite's, catalogues, COPY, and who waits for whom.
 */
package org.unimark.keel.application.sql.postgres;
