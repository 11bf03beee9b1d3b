// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.storage;

/** A named piece of the disk: what its entry in the directory says, or will say when that is next written. */
final class Area {
    /** What an area is; the ordinal is on the disk. */
    enum Kind {
        FREE,
        LOG,
        EXTENT
    }

    /** Number of its entry. */
    final int index;

    Kind kind = Kind.FREE;
    String name = "";
    /** Of the entry: the table with the higher one holds the truth. */
    long generation;

    long firstSector;
    long sectors;
    /** Of an extent: bytes in use. Of a log: epochs from this one on were never used. */
    long lengthOrNextEpoch;
    /** Of a log: batches of the half in use have no older epoch. */
    long firstEpoch;
    /** Of a log: 0 or 1. */
    int half;
    /** Of a log: sectors of the half in use that were durable when the entry was written. To end before them is damage. */
    long durableSectors;
    /** Of a log: what its checksums begin with, so that no other bytes pass for its batches. */
    int seed;
    /** Whether the directory on the disk knows of it. */
    boolean isOnDisk;

    Area(int index) {
        this.index = index;
    }

    /** Of a log. */
    long halfSectors() {
        return sectors / 2;
    }

    /** Of a log: where a half begins. */
    long halfBase(int number) {
        return firstSector + number * halfSectors();
    }
}
