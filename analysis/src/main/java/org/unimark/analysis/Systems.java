// SPDX-License-Identifier: Apache-2.0
package org.unimark.analysis;

import java.awt.Color;
import java.util.Comparator;
import java.util.List;

/** Names, order and colours of the systems: the same everywhere. Colours are Okabe and Ito's, safe for the colour-blind. */
public final class Systems {
    private record Entry(String name, String label, Color color) {}

    private static final List<Entry> KNOWN = List.of(
            new Entry("keel", "Keel unikernel (q35)", new Color(0x0072B2)),
            new Entry("keel-microvm", "Keel unikernel (microvm)", new Color(0x56B4E9)),
            new Entry("guest-same", "same application, container in a Linux guest", new Color(0xE69F00)),
            new Entry("guest-nginx", "nginx, container in a Linux guest", new Color(0xD55E00)),
            new Entry("guest-redis", "Redis, container in a Linux guest", new Color(0xD55E00)),
            new Entry("guest-sqlite3", "sqlite3, container in a Linux guest", new Color(0xD55E00)),
            new Entry("guest-postgres", "PostgreSQL, container in a Linux guest", new Color(0xCC79A7)),
            new Entry("docker-same", "same application, Docker on the host", new Color(0x009E73)),
            new Entry("docker-nginx", "nginx, Docker on the host", new Color(0xCC79A7)),
            new Entry("docker-redis", "Redis, Docker on the host", new Color(0xCC79A7)),
            new Entry("keel-control", "Keel unikernel (q35) again", new Color(0x777777)));

    /** Order of comparison: the unikernel first, then what it is compared with; unknown systems last. */
    public static final Comparator<String> ORDER =
            Comparator.comparingInt(Systems::rank).thenComparing(Comparator.naturalOrder());

    private Systems() {}

    private static int rank(String system) {
        for (int i = 0; i < KNOWN.size(); i++) {
            if (KNOWN.get(i).name().equals(system)) {
                return i;
            }
        }
        return KNOWN.size();
    }

    /** A system's name for people. */
    public static String label(String system) {
        int rank = rank(system);
        return rank < KNOWN.size() ? KNOWN.get(rank).label() : system;
    }

    public static Color color(String system) {
        int rank = rank(system);
        return rank < KNOWN.size() ? KNOWN.get(rank).color() : new Color(0x777777);
    }
}
