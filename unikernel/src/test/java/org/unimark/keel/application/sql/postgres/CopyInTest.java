// SPDX-License-Identifier: Apache-2.0
package org.unimark.keel.application.sql.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.unimark.keel.simulation.ScriptedConnection;

/** COPY FROM STDIN reads text and CSV as PostgreSQL does (manual, COPY, "File Formats"). */
class CopyInTest {
    private final VirtualServer server = new VirtualServer(":memory:", "");
    private final ScriptedConnection client = server.begin();

    @AfterEach
    void stop() {
        server.close();
    }

    private String copy(String options, String data) {
        server.answer(client, "create table c(a text)");
        assertThat(server.answer(client, "copy c from stdin " + options)).startsWith("G");
        client.arrive(ProtocolTest.message('d', data));
        server.work(client);
        String early = client.takeText();
        client.arrive(ProtocolTest.message('c', ""));
        server.work(client);
        return early + client.takeText();
    }

    private void assertStored(String hex) {
        assertThat(server.answer(client, "select hex(group_concat(a, '|')) from c"))
                .contains(hex);
    }

    @ParameterizedTest
    @CsvSource({
        "\\x41\\101, 4141",
        "\\x4\\x4A\\x4aB, 044A4A42",
        "\\1\\12\\123\\1234, 010A535334",
        "\\303\\274\\xc3\\xbc, C3BCC3BC",
        "\\x\\xg\\8, 78786738",
        "\\541, 61",
        "\\n\\t\\r\\b\\f\\v\\\\\\q, 0A090D080C0B5C71"
    })
    void textHasBytesByTheirNumbers(String text, String hex) {
        assertThat(copy("", text + "\n")).contains("COPY 1");
        assertStored(hex);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\\0b\n", "\\x00\n", "\\000"})
    void zerosAreRefused(String data) {
        assertThat(copy("", data)).contains("C22021\0").endsWith(VirtualServer.READY);
        assertThat(server.answer(client, "select count(*) from c")).contains("\0\0\0\0010");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"a\n", "\"a", "one\n\"two\nthree\n", "\"", "\"a\"\"\n"})
    void quotesOfCsvHaveAnEnd(String data) {
        assertThat(copy("csv", data)).contains("C22P04\0", "unterminated CSV quoted field");
        assertThat(server.answer(client, "select count(*) from c")).contains("\0\0\0\0010");
    }

    @Test
    void csvMayHaveLineEndsInQuotesAndAnEscapeOfItsOwn() {
        assertThat(copy("with (format csv, escape '!')", "\"a!\"\nb!!\"\nc\n\\.\n"))
                .contains("COPY 2");
        assertStored("61220A62217C63");
    }
}
