/** Builds the command lines with which images, and the Linux guests that they are compared with, run under QEMU. */
package org.unimark.builder.qemu;
