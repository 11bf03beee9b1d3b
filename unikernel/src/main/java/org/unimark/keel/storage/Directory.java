// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.storage;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.buffer.Crc32c;
import org.unimark.keel.kernel.Rare;
import org.unimark.keel.storage.device.BlockDevice;

/**
 * The areas of a disk. There are two tables, in sectors 16 to 47 and 48 to 79; entry n is sector n of each, and the one
 * with the higher generation counts. An update goes to the other one, so that it is there entirely or not at all, and
 * the state before it survives whatever happens to the sector. An entry, little-endian:
 *
 * <pre>
 *  0 magic "KEEN" u32             24 first sector u64                            48 half in use, bit 0 (log)
 *  4 kind u16 (free, log, extent) 32 length in bytes (extent), next epoch (log)  52 seed u32 (log)
 *  6 length of name u16           40 first epoch u64 (log)                       56 name, 64 bytes, padded with 0
 *  8 generation u64                                                             120 sectors u64
 * 16 identity of the disk u64                                                   508 CRC-32C of bytes 0 to 127 u32
 * </pre>
 *
 * <p>Bits 1 to 31 of the half in use are the sectors of it that are known to be durable; as many as fit there.
 */
@Rare
final class Directory {
    /** Areas that a disk may have. */
    static final int ENTRIES = 32;
    /** Where areas begin: all are aligned to blocks of 4096 bytes. */
    static final long FIRST_AREA_SECTOR = 128;

    static final int BLOCK_SECTORS = 8;
    static final int MAXIMUM_NAME_BYTES = 64;
    /** Superblocks and tables. */
    static final int BYTES = 80 * BlockDevice.SECTOR_BYTES;

    private static final int FIRST_TABLE = 16;
    private static final int SECTOR = BlockDevice.SECTOR_BYTES;
    private static final int MAGIC = 0x4e45_454b;
    private static final int KIND = 4;
    private static final int NAME_LENGTH = 6;
    private static final int GENERATION = 8;
    private static final int IDENTITY = 16;
    private static final int FIRST_SECTOR = 24;
    private static final int LENGTH = 32;
    private static final int FIRST_EPOCH = 40;
    private static final int HALF = 48;
    private static final int SEED = 52;
    private static final int NAME = 56;
    private static final int SECTORS = 120;
    private static final int CHECKED_BYTES = 128;
    private static final int CHECKSUM = 508;
    private static final Area.Kind[] KINDS = Area.Kind.values();

    private final Bytes mirror;
    private final Crc32c crc;
    private final long identity;
    private final long endSector;
    final Area[] areas = new Area[ENTRIES];

    /** A directory without areas: {@link #emitAll} or {@link #parse} comes next. */
    Directory(Superblock superblock, Bytes mirror, Crc32c crc) {
        this.mirror = mirror;
        this.crc = crc;
        identity = superblock.identity();
        endSector = superblock.sectors() & -BLOCK_SECTORS;
        for (int i = 0; i < ENTRIES; i++) {
            areas[i] = new Area(i);
        }
    }

    /** Writes both tables into the mirror: for formatting. */
    void emitAll() {
        for (int i = 0; i < ENTRIES; i++) {
            emit(areas[i]);
            areas[i].generation++;
            emit(areas[i]);
        }
    }

    private static long sectorOf(int entry, long generation) {
        return FIRST_TABLE + (generation & 1) * ENTRIES + entry;
    }

    private static int at(int entry, long generation) {
        return (int) sectorOf(entry, generation) * SECTOR;
    }

    /** Puts what is to be written of an area into the mirror. */
    private void emit(Area area) {
        int at = at(area.index, area.generation);
        mirror.fill(at, CHECKED_BYTES, 0);
        mirror.put32Little(at, MAGIC);
        mirror.put16Little(at + KIND, area.kind.ordinal());
        mirror.put16Little(at + NAME_LENGTH, area.name.length());
        mirror.put64Little(at + GENERATION, area.generation);
        mirror.put64Little(at + IDENTITY, identity);
        mirror.put64Little(at + FIRST_SECTOR, area.firstSector);
        mirror.put64Little(at + LENGTH, area.lengthOrNextEpoch);
        mirror.put64Little(at + FIRST_EPOCH, area.firstEpoch);
        mirror.put32Little(at + HALF, area.half | (int) Math.min(area.durableSectors, Integer.MAX_VALUE) << 1);
        mirror.put32Little(at + SEED, area.seed);
        mirror.putAscii(at + NAME, area.name);
        mirror.put64Little(at + SECTORS, area.sectors);
        mirror.put32Little(at + CHECKSUM, crc.update(0, mirror, at, CHECKED_BYTES));
    }

    /**
     * Fills in a request that makes the state of an area the one on the disk; durable after a flush. Whole blocks of the
     * device are written: neighbours as they are.
     *
     * @return the first sector, to which {@code target} is what belongs there
     */
    long stage(Area area, Bytes target, int blockBytes) {
        area.generation++;
        emit(area);
        long blockSectors = blockBytes / SECTOR;
        long first = sectorOf(area.index, area.generation) & -blockSectors;
        target.wrap(mirror, (int) first * SECTOR, blockBytes);
        return first;
    }

    /** Reads the tables that lie in the mirror. */
    void parse() throws StorageException {
        for (Area area : areas) {
            boolean first = isGood(area.index, 0);
            boolean second = isGood(area.index, 1);
            if (!first || !second) {
                // The sector is the unit of a write, so that even a loss of power leaves it whole.
                long sector = sectorOf(area.index, first ? 1 : 0);
                throw new StorageException(
                        StorageException.Cause.DAMAGED, sector, "sector " + sector + " of the directory is damaged");
            }
            long newer =
                    mirror.i64Little(at(area.index, 0) + GENERATION) > mirror.i64Little(at(area.index, 1) + GENERATION)
                            ? 0
                            : 1;
            parse(area, at(area.index, newer));
        }
        checkOverlaps();
    }

    private boolean isGood(int entry, int table) {
        int at = at(entry, table);
        return mirror.i32Little(at) == MAGIC
                && mirror.i32Little(at + CHECKSUM) == crc.update(0, mirror, at, CHECKED_BYTES)
                && mirror.i64Little(at + IDENTITY) == identity
                && (mirror.i64Little(at + GENERATION) & 1) == table
                && mirror.u16Little(at + KIND) < KINDS.length
                && mirror.u16Little(at + NAME_LENGTH) <= MAXIMUM_NAME_BYTES;
    }

    private void parse(Area area, int at) {
        area.kind = KINDS[mirror.u16Little(at + KIND)];
        area.generation = mirror.i64Little(at + GENERATION);
        area.firstSector = mirror.i64Little(at + FIRST_SECTOR);
        area.sectors = mirror.i64Little(at + SECTORS);
        area.lengthOrNextEpoch = mirror.i64Little(at + LENGTH);
        area.firstEpoch = mirror.i64Little(at + FIRST_EPOCH);
        area.half = mirror.i32Little(at + HALF) & 1;
        area.durableSectors = mirror.i32Little(at + HALF) >>> 1;
        area.seed = mirror.i32Little(at + SEED);
        area.isOnDisk = area.kind != Area.Kind.FREE;
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < mirror.u16Little(at + NAME_LENGTH); i++) {
            name.append((char) mirror.u8(at + NAME + i));
        }
        area.name = name.toString();
    }

    /** A directory whose checksums are right may still be nonsense. */
    private void checkOverlaps() throws StorageException {
        for (Area area : areas) {
            if (area.kind != Area.Kind.FREE) {
                boolean isInside = area.firstSector >= FIRST_AREA_SECTOR
                        && area.sectors > 0
                        && area.sectors <= endSector
                        && area.firstSector <= endSector - area.sectors
                        && ((area.firstSector | area.sectors) & (BLOCK_SECTORS - 1)) == 0;
                boolean isLengthGood = area.kind == Area.Kind.LOG
                        || area.lengthOrNextEpoch >= 0 && area.lengthOrNextEpoch <= area.sectors * SECTOR;
                if (!isInside || !isLengthGood || overlapping(area, area.firstSector, area.sectors) != null) {
                    long sector = sectorOf(area.index, area.generation);
                    throw new StorageException(
                            StorageException.Cause.DAMAGED, sector, "the directory makes no sense at sector " + sector);
                }
            }
        }
    }

    /** An area other than {@code except} that has sectors in common with these, or null. */
    private Area overlapping(Area except, long firstSector, long sectors) {
        for (Area area : areas) {
            if (area != except
                    && area.kind != Area.Kind.FREE
                    && area.firstSector < firstSector + sectors
                    && firstSector < area.firstSector + area.sectors) {
                return area;
            }
        }
        return null;
    }

    /** The area of that name, or null. */
    Area find(String name) {
        for (Area area : areas) {
            if (area.kind != Area.Kind.FREE && area.name.equals(name)) {
                return area;
            }
        }
        return null;
    }

    /** Gives an unused entry the first free piece of that size; nothing is written yet. */
    Area allocate(Area.Kind kind, String name, long bytes) throws StorageException {
        checkName(name);
        Area free = null;
        for (Area area : areas) {
            if (area.kind == Area.Kind.FREE && free == null) {
                free = area;
            }
        }
        if (free == null) {
            throw new StorageException(StorageException.Cause.FULL, -1, "the disk has no room for another name");
        }
        long blockBytes = BLOCK_SECTORS * SECTOR;
        if (bytes <= 0 || bytes > endSector * SECTOR) {
            throw new StorageException(StorageException.Cause.FULL, -1, "the disk has no " + bytes + " bytes");
        }
        long sectors = (bytes + blockBytes - 1) / blockBytes * BLOCK_SECTORS;
        free.firstSector = findFree(sectors);
        free.sectors = sectors;
        free.kind = kind;
        free.name = name;
        free.lengthOrNextEpoch = 0;
        free.firstEpoch = 0;
        free.half = 0;
        free.durableSectors = 0;
        free.isOnDisk = false;
        return free;
    }

    private static void checkName(String name) {
        boolean isGood = !name.isEmpty() && name.length() <= MAXIMUM_NAME_BYTES;
        for (int i = 0; i < name.length(); i++) {
            isGood &= name.charAt(i) > ' ' && name.charAt(i) < 0x7f;
        }
        if (!isGood) {
            throw new IllegalArgumentException("a name has 1 to 64 visible ASCII characters");
        }
    }

    private long findFree(long sectors) throws StorageException {
        long candidate = FIRST_AREA_SECTOR;
        while (candidate + sectors <= endSector) {
            Area obstacle = overlapping(null, candidate, sectors);
            if (obstacle == null) {
                return candidate;
            }
            candidate = obstacle.firstSector + obstacle.sectors;
        }
        throw new StorageException(
                StorageException.Cause.FULL, -1, "the disk has no " + sectors * SECTOR + " bytes in one piece");
    }

    long freeBytes() {
        long free = endSector - FIRST_AREA_SECTOR;
        for (Area area : areas) {
            if (area.kind != Area.Kind.FREE) {
                free -= area.sectors;
            }
        }
        return free * SECTOR;
    }
}
