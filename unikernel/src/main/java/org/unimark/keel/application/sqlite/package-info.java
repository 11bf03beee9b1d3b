// SPDX-License-Identifier: Apache-2.0
/** Ring 6: the application {@code sql}: SQLite behind whatever serves it, a script or a protocol. */
package org.unimark.keel.application.sqlite;
