// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.virtio.ring;

import org.unimark.keel.buffer.Bytes;
import org.unimark.keel.kernel.Counter;
import org.unimark.keel.machine.Barrier;
import org.unimark.keel.machine.DeviceMemory;
import org.unimark.keel.machine.Memory;

/**
 * A split virtqueue (virtio 1.2, section 2.7). The driver lends chains of buffers to the device and gets them back by
 * the number of their first descriptor, in any order.
 *
 * <pre>
 * descriptor area   size x { address u64, length u32, flags u16, next u16 }
 * driver area       { flags u16, index u16, size x head u16, used_event u16 }       "available ring"
 * device area       { flags u16, index u16, size x { head u32, length u32 }, available_event u16 }   "used ring"
 * books             size x { following u16, tail u16, length u32 }, not for the device
 * </pre>
 *
 * <p>The indices run freely modulo 2^16 and are compared by subtraction. Nothing that the device can write is ever
 * used as an index before it was checked against the driver's own books, which lie behind the areas that the device was
 * told of; an entry that does not match them is counted and skipped. All offsets into the shared memory are masked by
 * the size of the ring, so no access can leave it.
 */
public final class Virtqueue {
    /** No chain: nothing was used, or no room. */
    public static final int NONE = -1;
    /** The device returned a chain that it does not hold; counted, to be ignored. */
    public static final int BAD_ENTRY = -2;
    /** Largest ring of virtio 1.2, 2.7. */
    public static final int MAXIMUM_SIZE = 32768;

    private static final int DESCRIPTOR_SHIFT = 4;
    private static final int FLAGS_AND_NEXT = 8;
    private static final long FLAG_NEXT = 1L << 32;
    private static final long FLAG_WRITE = 2L << 32;
    private static final int NEXT_SHIFT = 48;
    private static final int FLAGS = 0;
    private static final int INDEX = 2;
    private static final int RING = 4;
    private static final int AVAILABLE_SHIFT = 1;
    private static final int USED_SHIFT = 3;
    private static final int NO_INTERRUPT = 1;
    private static final int NO_NOTIFY = 1;
    private static final int INDEX_MASK = 0xffff;
    private static final int BOOKS_SHIFT = 3;
    /** Successor of a descriptor, in the list of free ones or in its chain. */
    private static final int FOLLOWING = 0;
    /** Of a head: the last descriptor of its chain. */
    private static final int TAIL = 2;
    /** Of a head: descriptors of a chain that the device holds; 0 for all other descriptors. */
    private static final int CHAIN_LENGTH = 4;
    /** The device writes its area, the driver the others: they share no cache line. */
    private static final int AREA_ALIGNMENT = 64;

    private final int size;
    private final int mask;
    private final boolean eventIndex;
    private final Bytes memory;
    private final long descriptorArea;
    private final long driverArea;
    private final long deviceArea;
    private final long books;
    private final long usedEventAddress;
    private final long availableEventAddress;
    private final Counter badEntries;
    private final Counter notifications;
    private Doorbell doorbell;

    private int firstFree;
    private int free;

    private int availableIndex;
    /** What the device could see at the last flush. */
    private int flushedIndex;

    private int usedIndex;
    /** The device's index when last read: entries before it may be taken without looking again. */
    private int usedIndexSeen;

    private int usedLength;

    /**
     * @param size a power of two, at most {@link #MAXIMUM_SIZE}
     * @param memory {@link #bytesFor} bytes that the device can reach, aligned to 16
     * @param eventIndex VIRTIO_F_EVENT_IDX was negotiated
     * @param badEntries counts used entries that make no sense
     * @param notifications counts rings of the doorbell
     */
    public Virtqueue(int size, Bytes memory, boolean eventIndex, Counter badEntries, Counter notifications) {
        if (size < 1 || size > MAXIMUM_SIZE || Integer.bitCount(size) != 1) {
            throw new IllegalArgumentException("a split ring has a power of two of entries, not " + size);
        }
        this.size = size;
        this.mask = size - 1;
        this.eventIndex = eventIndex;
        this.memory = memory;
        this.badEntries = badEntries;
        this.notifications = notifications;
        descriptorArea = memory.address(0, bytesFor(size));
        driverArea = descriptorArea + driverAreaOffset(size);
        deviceArea = descriptorArea + deviceAreaOffset(size);
        books = descriptorArea + booksOffset(size);
        usedEventAddress = driverArea + RING + ((long) size << AVAILABLE_SHIFT);
        availableEventAddress = deviceArea + RING + ((long) size << USED_SHIFT);
        reset();
    }

    private static int driverAreaOffset(int size) {
        return size << DESCRIPTOR_SHIFT;
    }

    private static int deviceAreaOffset(int size) {
        int end = driverAreaOffset(size) + RING + (size << AVAILABLE_SHIFT) + 2;
        return (end + AREA_ALIGNMENT - 1) & -AREA_ALIGNMENT;
    }

    private static int booksOffset(int size) {
        int end = deviceAreaOffset(size) + RING + (size << USED_SHIFT) + 2;
        return (end + AREA_ALIGNMENT - 1) & -AREA_ALIGNMENT;
    }

    /** Bytes of memory that a ring of {@code size} entries takes. */
    public static int bytesFor(int size) {
        return booksOffset(size) + (size << BOOKS_SHIFT);
    }

    /**
     * All descriptors free, all indices zero, interrupts off: only while the device does not look, that is before it is
     * told of the ring or after it was reset. The driver takes back what the device held by itself.
     */
    public void reset() {
        memory.fill(0, bytesFor(size), 0);
        for (int i = 0; i < size; i++) {
            Memory.putShort(book(i) + FOLLOWING, (short) ((i + 1) & mask));
        }
        firstFree = 0;
        free = size;
        availableIndex = 0;
        flushedIndex = 0;
        usedIndex = 0;
        usedIndexSeen = 0;
        disarmInterrupt();
        if (eventIndex) {
            // Half the index space away from the used index: reached only after 32,768 entries without an arming.
            DeviceMemory.put16(usedEventAddress, INDEX_MASK >> 1);
        }
    }

    /** The register to ring when the device wants to be told. */
    public void connect(Doorbell register) {
        this.doorbell = register;
    }

    public int size() {
        return size;
    }

    public long descriptorArea() {
        return descriptorArea;
    }

    public long driverArea() {
        return driverArea;
    }

    public long deviceArea() {
        return deviceArea;
    }

    /** Descriptors that no chain occupies. */
    public int freeDescriptors() {
        return free;
    }

    /** The entry of a descriptor; the mask keeps whatever it is given inside. */
    private long book(int descriptor) {
        return books + ((long) (descriptor & mask) << BOOKS_SHIFT);
    }

    private long descriptor(int descriptor) {
        return descriptorArea + ((long) (descriptor & mask) << DESCRIPTOR_SHIFT);
    }

    /**
     * Starts a chain and returns its head, or {@link #NONE} if there is no room. All buffers but the last are appended,
     * each to the descriptor that the one before returned, the first to the head; then one of the ends puts the last.
     *
     * @param descriptors buffers that the chain will have, exactly
     */
    public int begin(int descriptors) {
        if (descriptors > free) {
            return NONE;
        }
        int head = firstFree;
        Memory.putInt(book(head) + CHAIN_LENGTH, descriptors);
        free -= descriptors;
        return head;
    }

    /** Puts a buffer that the device reads, and is not the last; {@code length} is not 0. Returns the next descriptor. */
    public int appendReadable(int descriptor, long address, int length) {
        return append(descriptor, address, length | FLAG_NEXT);
    }

    /** The same for a buffer that the device writes. */
    public int appendWritable(int descriptor, long address, int length) {
        return append(descriptor, address, length | FLAG_WRITE | FLAG_NEXT);
    }

    private int append(int descriptor, long address, long lengthAndFlags) {
        long next = Memory.getShort(book(descriptor) + FOLLOWING) & 0xffffL;
        long entry = descriptor(descriptor);
        Memory.putLong(entry, address);
        Memory.putLong(entry + FLAGS_AND_NEXT, lengthAndFlags | next << NEXT_SHIFT);
        return (int) next;
    }

    /** Puts the last buffer of a chain, which the device reads, and lends the chain as of the next {@link #flush}. */
    public void endReadable(int head, int descriptor, long address, int length) {
        end(head, descriptor, address, length);
    }

    /** The same for a buffer that the device writes. */
    public void endWritable(int head, int descriptor, long address, int length) {
        end(head, descriptor, address, length | FLAG_WRITE);
    }

    private void end(int head, int descriptor, long address, long lengthAndFlags) {
        firstFree = append(descriptor, address, lengthAndFlags);
        Memory.putShort(book(head) + TAIL, (short) descriptor);
        makeAvailable(head);
    }

    /** Lends a chain that was just taken back to the device again, with the same buffers. */
    public void lendAgain(int head) {
        makeAvailable(head);
    }

    /** The same with another buffer, as long as the first, in place of the first. */
    public void lendAgain(int head, long address) {
        Memory.putLong(descriptor(head), address);
        makeAvailable(head);
    }

    private void makeAvailable(int head) {
        Memory.putShort(driverArea + RING + ((long) (availableIndex & mask) << AVAILABLE_SHIFT), (short) head);
        availableIndex = (availableIndex + 1) & INDEX_MASK;
    }

    /** Shows the device everything lent since the last call, and rings if it wants to hear of that. */
    public void flush() {
        if (availableIndex == flushedIndex) {
            return;
        }
        // Descriptors and ring before the index: the device reads them in the other order (2.7.13.2).
        Barrier.write();
        DeviceMemory.put16(driverArea + INDEX, availableIndex);
        // Index before the device's wish: it publishes the wish, then looks at the index once more (2.7.13.4.1).
        Barrier.full();
        boolean wanted = eventIndex
                ? isEventDue(DeviceMemory.get16(availableEventAddress), availableIndex, flushedIndex)
                : (DeviceMemory.get16(deviceArea + FLAGS) & NO_NOTIFY) == 0;
        flushedIndex = availableIndex;
        if (wanted) {
            notifications.increment();
            doorbell.ring();
        }
    }

    /** Whether an index that moved from {@code old} to {@code now} passed {@code event}, modulo 2^16 (2.7.10). */
    static boolean isEventDue(int event, int now, int old) {
        return ((now - event - 1) & INDEX_MASK) < ((now - old) & INDEX_MASK);
    }

    /**
     * Takes the next chain that the device is done with: its head, {@link #BAD_ENTRY}, or {@link #NONE}. The caller
     * gives a good one to {@link #release} or {@link #lendAgain} before it takes another.
     */
    public int nextUsed() {
        if (usedIndex == usedIndexSeen) {
            usedIndexSeen = DeviceMemory.get16(deviceArea + INDEX);
            if (usedIndex == usedIndexSeen) {
                return NONE;
            }
            // Index before entries: the device wrote them in the other order (2.7.14).
            Barrier.read();
        }
        long entry = Memory.getLong(deviceArea + RING + ((long) (usedIndex & mask) << USED_SHIFT));
        usedIndex = (usedIndex + 1) & INDEX_MASK;
        usedLength = (int) (entry >>> 32);
        int head = (int) entry;
        if ((head & ~mask) != 0 || Memory.getInt(book(head) + CHAIN_LENGTH) == 0) {
            badEntries.increment();
            return BAD_ENTRY;
        }
        return head;
    }

    /** Bytes that the device claims to have written into the chain last taken; unchecked, negative if absurd. */
    public int usedLength() {
        return usedLength;
    }

    /** Frees the descriptors of a chain that was just taken. */
    public void release(int head) {
        long book = book(head);
        int descriptors = Memory.getInt(book + CHAIN_LENGTH);
        Memory.putInt(book + CHAIN_LENGTH, 0);
        Memory.putShort(book(Memory.getShort(book + TAIL)) + FOLLOWING, (short) firstFree);
        firstFree = head;
        free += descriptors;
    }

    /** Whether the device holds a chain that begins at {@code head}. */
    public boolean isLent(int head) {
        return Memory.getInt(book(head) + CHAIN_LENGTH) != 0;
    }

    /**
     * Asks for an interrupt when the {@code chains}-th chain from now on is used, or at the next one if the device knows
     * no event index. Returns false if that has happened already: then no interrupt may come.
     */
    public boolean armInterrupt(int chains) {
        if (eventIndex) {
            DeviceMemory.put16(usedEventAddress, (usedIndex + chains - 1) & INDEX_MASK);
        } else {
            DeviceMemory.put16(driverArea + FLAGS, 0);
        }
        // Wish before index: the device moves the index, then reads the wish (2.7.14).
        Barrier.full();
        usedIndexSeen = DeviceMemory.get16(deviceArea + INDEX);
        int waiting = (usedIndexSeen - usedIndex) & INDEX_MASK;
        if (waiting != 0) {
            Barrier.read();
        }
        return waiting < (eventIndex ? chains : 1);
    }

    /** Takes the wish back. With event index that is not needed: the index has passed the event and goes on. */
    public void disarmInterrupt() {
        if (!eventIndex) {
            DeviceMemory.put16(driverArea + FLAGS, NO_INTERRUPT);
        }
    }
}
