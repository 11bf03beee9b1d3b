// SPDX-License-Identifier: Apache-2.0
/**
 * Ring 6: a key-value store that speaks RESP. Keys and values live in an arena outside the garbage-collected heap
 * ({@code Slabs}), addressed by the position of their first byte (a <em>handle</em>; 0 is none). One {@code Command} a
 * command, executed by its {@code CommandFamily}; nothing on the way from request to reply allocates Java objects. May
 * import application, storage, net.socket, kernel and buffer.
 */
package org.unimark.keel.application.kv;
