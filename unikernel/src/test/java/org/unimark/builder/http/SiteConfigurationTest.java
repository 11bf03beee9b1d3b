// SPDX-License-Identifier: Apache-2.0
package org.unimark.builder.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.unimark.keel.application.http.Setting;

class SiteConfigurationTest {
    private static SiteConfiguration parse(String text) {
        return SiteConfiguration.parse("http.properties", text);
    }

    @Test
    void readsNumbersWithSuffixes() {
        SiteConfiguration configuration = parse("# a comment\n\n port=8080\nmax_body = 2m\r\nmax_request_line = 1k\n"
                + "keepalive_timeout = 2m\nsend_timeout = 30s\nbody_timeout = 1h\naccess_log = on\n");
        assertThat(configuration.setting(Setting.PORT)).isEqualTo(8080);
        assertThat(configuration.setting(Setting.MAX_BODY_BYTES)).isEqualTo(2 * 1024 * 1024);
        assertThat(configuration.setting(Setting.MAX_REQUEST_LINE_BYTES)).isEqualTo(1024);
        assertThat(configuration.setting(Setting.KEEPALIVE_TIMEOUT_SECONDS)).isEqualTo(120);
        assertThat(configuration.setting(Setting.SEND_TIMEOUT_SECONDS)).isEqualTo(30);
        assertThat(configuration.setting(Setting.BODY_TIMEOUT_SECONDS)).isEqualTo(3600);
        assertThat(configuration.setting(Setting.ACCESS_LOG)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "prot = 80 | unknown key 'prot'",
                "port | expected 'key = value'",
                "port = 0 | must be from 1 to 65535",
                "port = 65536 | must be from 1 to 65535",
                "port = http | 'http' is not a number",
                "port = 1k | '1k' is not a number",
                "max_body = 99999999999 | is not a number of bytes",
                "keepalive_timeout = -1 | is not a number of seconds",
                "gzip = yes | 'gzip' is 'on' or 'off'",
                "metrics = status | not a path that begins with '/'",
                "error_page.200 = /x | no page can be set for status '200'",
                "error_page.abc = /x | no page can be set for status 'abc'",
                "header.X Y = 1 | not a header field name",
                "header.X = ü | only printable ASCII",
                "nothing.x = 1 | unknown key 'nothing.x'"
            })
    void saysWhatIsWrongAndWhere(String line, String message) {
        assertThatThrownBy(() -> parse("# first\n" + line + "\n"))
                .isInstanceOf(SiteException.class)
                .hasMessageStartingWith("http.properties:2: ")
                .hasMessageContaining(message);
    }

    @Test
    void refusesAKeySetTwice() {
        assertThatThrownBy(() -> parse("port = 1\nport = 2\n"))
                .hasMessage("http.properties:2: 'port' was already set in line 1");
    }

    @Test
    void refusesHeadsLongerThanTheNetworkHolds() {
        assertThatThrownBy(() -> parse("max_request_line = 10000\nmax_header_bytes = 10000\n"))
                .hasMessageContaining("add up to 20002, more than 16384");
    }
}
