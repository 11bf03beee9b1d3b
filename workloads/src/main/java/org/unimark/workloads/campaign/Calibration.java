// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.campaign;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.unimark.workloads.experiment.Site;
import org.unimark.workloads.load.HttpExchange;
import org.unimark.workloads.load.LoadGenerator;
import org.unimark.workloads.load.LoadPhase;
import org.unimark.workloads.load.LoadPlan;
import org.unimark.workloads.load.LoadResult;
import org.unimark.workloads.load.LoopbackServer;

/**
 * Warms the load generator up, and finds what it reaches on this machine against a server that does nothing: once in each
 * process, however many cells it makes.
 */
public final class Calibration {
    private static final int CONNECTIONS = 30;
    private static final Duration WARM_UP = Duration.ofSeconds(2);
    private static final Duration MEASURED = Duration.ofSeconds(1);

    private static final double SMALLEST_SHARE = 0.01;

    private double capacity;

    /**
     * Requests a second that one core's worth of this client can ask for: of processor time rather than of time, for others
     * may use the machine at this moment and not later.
     */
    double capacity() throws IOException, InterruptedException {
        if (capacity == 0) {
            capacity = measure();
        }
        return capacity;
    }

    private static double measure() throws IOException, InterruptedException {
        HttpExchange exchange = Site.PAGE.exchange();
        byte[] header = ("HTTP/1.1 200 OK\r\nServer: calibration\r\nContent-Type: text/html\r\nContent-Length: "
                        + exchange.body().length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] response = new byte[header.length + exchange.body().length];
        System.arraycopy(header, 0, response, 0, header.length);
        System.arraycopy(exchange.body(), 0, response, header.length, exchange.body().length);
        try (LoopbackServer server = new LoopbackServer(response);
                LoadGenerator generator = new LoadGenerator(new LoadPlan(server.address(), exchange, CONNECTIONS))) {
            generator.run(LoadPhase.closed(WARM_UP));
            generator.run(LoadPhase.open(1_000, WARM_UP.dividedBy(2)));
            LoadResult result = generator.run(LoadPhase.closed(MEASURED));
            if (result.errorCount() > 0) {
                throw new IOException("the load generator fails against its own server: " + result.errors());
            }
            return result.requestsPerSecond() / Math.max(SMALLEST_SHARE, result.clientCpu());
        }
    }
}
