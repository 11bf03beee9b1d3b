// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.unimark.baselines.HttpAnswer;
import org.unimark.baselines.HttpSite;
import org.unimark.baselines.Probe;
import org.unimark.baselines.Service;
import org.unimark.workloads.load.HttpExchange;
import org.unimark.workloads.load.Protocol;

/** One site with a file of each size, none of which compresses. */
final class SizedSite implements Subject {
    static final SizedSite ALL = new SizedSite();
    /** From what fits in any packet to what fits in no buffer. */
    static final List<Integer> SIZES = List.of(64, 1_024, 16_384, 262_144, 1_048_576, 10_000_000);

    private SizedSite() {}

    private static String file(int bytes) {
        return bytes + ".bin";
    }

    /** The request for the file of that size. */
    static HttpExchange exchange(int bytes) {
        return HttpExchange.keepAlive(Site.HOST, "/" + file(bytes), Site.incompressible(bytes));
    }

    @Override
    public String label() {
        return "sizes";
    }

    @Override
    public String application() {
        return "http";
    }

    @Override
    public Probe probe() {
        int smallest = SIZES.get(0);
        return new HttpAnswer(Site.HOST, "/" + file(smallest), Site.incompressible(smallest));
    }

    @Override
    public Protocol requests() {
        return exchange(SIZES.get(0));
    }

    @Override
    public Service service(Path parent) throws IOException {
        Path directory = Files.createDirectories(parent.resolve(label()));
        for (int bytes : SIZES) {
            Site.writeFile(directory, file(bytes), Site.incompressible(bytes));
        }
        return new HttpSite(directory, Site.writeConfiguration(parent));
    }
}
