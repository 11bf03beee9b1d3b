// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.simulation;

/**
 * What a wire does to frames; each direction suffers alike.
 *
 * @param loss probability that a frame vanishes, 0 to 1
 * @param duplication probability that it arrives twice
 * @param corruption probability that one of its bytes (behind the Ethernet header) arrives changed
 * @param reordering probability that it is overtaken: it takes {@code delayNanos} and up to four times that again
 * @param delayNanos one way
 * @param jitterNanos added at random to the delay, without overtaking
 * @param bitsPerSecond speed of the wire, 0 for endless
 * @param queueFrames frames that wait for a slow wire; more are dropped
 */
public record Impairments(
        double loss,
        double duplication,
        double corruption,
        double reordering,
        long delayNanos,
        long jitterNanos,
        long bitsPerSecond,
        int queueFrames) {

    /** A short, fast and honest cable: 10 microseconds. */
    public static final Impairments NONE = new Impairments(0, 0, 0, 0, 10_000, 0, 0, 1000);

    public Impairments withLoss(double probability) {
        return new Impairments(
                probability, duplication, corruption, reordering, delayNanos, jitterNanos, bitsPerSecond, queueFrames);
    }

    public Impairments withDuplication(double probability) {
        return new Impairments(
                loss, probability, corruption, reordering, delayNanos, jitterNanos, bitsPerSecond, queueFrames);
    }

    public Impairments withCorruption(double probability) {
        return new Impairments(
                loss, duplication, probability, reordering, delayNanos, jitterNanos, bitsPerSecond, queueFrames);
    }

    public Impairments withReordering(double probability) {
        return new Impairments(
                loss, duplication, corruption, probability, delayNanos, jitterNanos, bitsPerSecond, queueFrames);
    }

    public Impairments withDelay(long nanos, long jitter) {
        return new Impairments(loss, duplication, corruption, reordering, nanos, jitter, bitsPerSecond, queueFrames);
    }

    public Impairments withBandwidth(long bits, int frames) {
        return new Impairments(loss, duplication, corruption, reordering, delayNanos, jitterNanos, bits, frames);
    }
}
