// SPDX-License-Identifier: Apache-2.0
/**
 * Ring 6: SQLite as a {@code SqlEngine}, with what it wants of an operating system in Java: memory, and files on Keel's
 * storage or in RAM with their locks. May import application (its interfaces), storage, kernel, buffer, and the fence's
 * calls of SQLite.
 */
package org.unimark.keel.sqlite;
