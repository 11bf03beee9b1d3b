/**
 * Ring 7: the unikernel itself: wires memory, processor, devices, network stack and application into one system. Imported
 * by nobody but the generated entry class. May import everything.
 */
package org.unimark.keel.image;
