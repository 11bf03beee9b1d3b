// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.unimark.keel.application.http.HeadPart;
import org.unimark.keel.application.kv.LookupPart;
import org.unimark.keel.application.kv.WordsPart;
import org.unimark.keel.part.ChecksumPart;
import org.unimark.keel.part.ExchangePart;
import org.unimark.keel.part.Part;
import org.unimark.keel.part.TimerPart;
import org.unimark.keel.simulation.Arena;

/** Parts go on working, however often; each throws if its work has no result. */
class PartsTest {
    private static final int OFTEN = 200_000;

    static Stream<Arguments> parts() {
        return Stream.of(
                part("checksum", ChecksumPart::new),
                part("exchange", ExchangePart::new),
                part("head", HeadPart::new),
                part("words", WordsPart::new),
                part("lookup", LookupPart::new),
                part("timer", allocator -> new TimerPart()));
    }

    private static Arguments part(String name, Function<Part.Allocator, Part> constructor) {
        return arguments(name, constructor);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("parts")
    void worksOnAndOn(String name, Function<Part.Allocator, Part> constructor) {
        try (Arena arena = new Arena()) {
            Part part = constructor.apply(arena::allocate);
            long sum = 0;
            for (int i = 0; i < OFTEN; i++) {
                sum += part.run();
            }
            assertThat(sum).isNotZero();
        }
    }
}
