// SPDX-License-Identifier: Apache-2.0
/**
 * Ring 5: what applications see of a disk: a {@code RecordLog} for what must not be lost, and named {@code Extent}s for
 * database files. May import storage.device, kernel and buffer.
 */
package org.unimark.keel.storage;
