// SPDX-License-Identifier: Apache-2.0
/**
 * Ring 6: a SQL database behind the PostgreSQL wire protocol. The engine is behind {@code SqlEngine}; nothing here knows which.
 */
package org.unimark.keel.application.sql;
