/**
 * Ring 2: physical memory, given out once and for ever, and device windows. May import buffer and machine. Above the
 * drivers nobody needs it: the stack and applications get pools that {@code image} made.
 */
package org.unimark.keel.memory;
