// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.storage;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.buffer.Crc32c;
import org.unimark.keel.storage.device.BlockDevice;

/**
 * What a disk says about itself, in its sectors 0 and 8, little-endian; written by formatting and never again. Magic, version
 * and checksum stay where they are in every version.
 *
 * <pre>
 *   0 magic "KEELDISK"             24 identity of the disk u64    40 first sector of areas u64
 *   8 version u32                  32 entries a table u32        508 CRC-32C of bytes 0 to 507 u32
 *  12 0 u32                        36 0 u32
 *  16 sectors of the disk u64
 * </pre>
 *
 * <p>The two tables of the directory follow in sectors 16 and 48, see {@link Directory}.
 */
final class Superblock {
    static final int VERSION = 1;
    static final int COPIES = 2;
    /** Sectors between the copies: they do not share a block of the device. */
    static final int COPY_STRIDE = 8;

    private static final long MAGIC = 0x4b53_4944_4c45_454bL;
    private static final int VERSION_AT = 8;
    private static final int SECTORS = 16;
    private static final int IDENTITY = 24;
    private static final int ENTRIES = 32;
    private static final int FIRST_AREA = 40;
    private static final int CHECKSUM = 508;

    private final long sectors;
    private final long identity;

    Superblock(long sectors, long identity) {
        this.sectors = sectors;
        this.identity = identity;
    }

    long sectors() {
        return sectors;
    }

    long identity() {
        return identity;
    }

    /** Writes one copy. */
    void emit(Bytes target, int at, Crc32c crc) {
        target.fill(at, BlockDevice.SECTOR_BYTES, 0);
        target.put64Little(at, MAGIC);
        target.put32Little(at + VERSION_AT, VERSION);
        target.put64Little(at + SECTORS, sectors);
        target.put64Little(at + IDENTITY, identity);
        target.put32Little(at + ENTRIES, Directory.ENTRIES);
        target.put64Little(at + FIRST_AREA, Directory.FIRST_AREA_SECTOR);
        target.put32Little(at + CHECKSUM, crc.update(0, target, at, CHECKSUM));
    }

    /**
     * Reads the first good one of the copies in {@code source}.
     *
     * @throws StorageException if there is none, or it is of a version that is not known
     */
    static Superblock parse(Bytes source, long deviceSectors, Crc32c crc) throws StorageException {
        boolean isKeel = false;
        for (int copy = 0; copy < COPIES; copy++) {
            int at = copy * COPY_STRIDE * BlockDevice.SECTOR_BYTES;
            if (source.i64Little(at) == MAGIC) {
                isKeel = true;
                if (source.i32Little(at + CHECKSUM) == crc.update(0, source, at, CHECKSUM)) {
                    return parseCopy(source, at, deviceSectors);
                }
            }
        }
        if (isKeel) {
            throw new StorageException(
                    StorageException.Cause.DAMAGED, 0, "both superblocks of the disk are damaged (sectors 0 and 8)");
        }
        throw new StorageException(
                StorageException.Cause.FOREIGN,
                0,
                "the disk is not formatted for Keel (./unimark disk create does it)");
    }

    private static Superblock parseCopy(Bytes source, int at, long deviceSectors) throws StorageException {
        long copySector = at / BlockDevice.SECTOR_BYTES;
        int version = source.i32Little(at + VERSION_AT);
        if (version != VERSION) {
            throw new StorageException(
                    StorageException.Cause.NEWER,
                    copySector,
                    "the disk has layout version " + version + ", and this system knows version " + VERSION);
        }
        if (source.i32Little(at + ENTRIES) != Directory.ENTRIES
                || source.i64Little(at + FIRST_AREA) != Directory.FIRST_AREA_SECTOR) {
            throw new StorageException(
                    StorageException.Cause.DAMAGED, copySector, "the superblock contradicts its version");
        }
        Superblock superblock = new Superblock(source.i64Little(at + SECTORS), source.i64Little(at + IDENTITY));
        if (superblock.sectors > deviceSectors) {
            throw new StorageException(
                    StorageException.Cause.DAMAGED,
                    deviceSectors,
                    "the disk was formatted with " + superblock.sectors + " sectors and has only " + deviceSectors);
        }
        return superblock;
    }
}
