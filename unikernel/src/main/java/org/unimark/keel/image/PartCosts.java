// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.image;

import org.unimark.keel.application.Application;
import org.unimark.keel.application.Platform;
import org.unimark.keel.application.http.HeadPart;
import org.unimark.keel.application.kv.LookupPart;
import org.unimark.keel.application.kv.WordsPart;
import org.unimark.keel.machine.Mark;
import org.unimark.keel.part.ChecksumPart;
import org.unimark.keel.part.ExchangePart;
import org.unimark.keel.part.Part;
import org.unimark.keel.part.TimerPart;

/** Does each part many times between two marks. The console says how often. */
public final class PartCosts implements Application {
    private static final int OPERATIONS = 20_000;
    private static final int FIRST_MARK = 2;

    @Override
    public void start(Platform platform) {
        Part.Allocator allocator = platform::allocate;
        Part[] parts = {
            new ChecksumPart(allocator),
            new ExchangePart(allocator),
            new HeadPart(allocator),
            new WordsPart(allocator),
            new LookupPart(allocator),
            new TimerPart(),
        };
        long sum = 0;
        for (Part part : parts) {
            sum += part.run();
        }
        for (int i = 0; i < parts.length; i++) {
            pass(i);
            sum += repeat(parts[i]);
        }
        pass(parts.length);
        platform.log()
                .line("parts checksum=" + OPERATIONS + " exchange=" + OPERATIONS + " head=" + OPERATIONS + " words="
                        + OPERATIONS + " lookup=" + OPERATIONS + " timer=" + OPERATIONS);
        platform.log().line("parts " + (sum != 0 ? "right" : "wrong"));
        platform.exit(sum != 0 ? 0 : 1);
    }

    private static long repeat(Part part) {
        long sum = 0;
        for (int i = 0; i < OPERATIONS; i++) {
            sum += part.run();
        }
        return sum;
    }

    /** Marks are constants of the code that passes them. */
    private static void pass(int number) {
        Mark.pass(FIRST_MARK + number);
    }
}
