// SPDX-License-Identifier: Apache-2.0
/** Disks as files of the host: making them, and saying what is on them. For tools on a JVM. */
package org.unimark.builder.disk;
