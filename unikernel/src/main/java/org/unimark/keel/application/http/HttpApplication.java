// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.http;

import org.unimark.keel.application.Application;
import org.unimark.keel.application.Platform;
import org.unimark.keel.buffer.Bytes;

/** Serves the site that was compiled into the image. */
public final class HttpApplication implements Application {
    @Override
    public void start(Platform platform) {
        Bytes resource = platform.resource(SiteFormat.RESOURCE);
        if (resource == null) {
            platform.log().line("http: no resource named " + SiteFormat.RESOURCE + " was sealed into this image");
            platform.exit(1);
            return;
        }
        Site site = new Site(resource);
        int port = site.setting(Setting.PORT);
        if (platform.network().listen(port, site.setting(Setting.BACKLOG), new HttpServer(platform, site)) == null) {
            platform.log().line("http: cannot listen on port " + port);
            platform.exit(1);
        }
    }
}
