// SPDX-License-Identifier: Apache-2.0
package org.unimark.workloads.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Answers are told from each other, in whatever pieces they come. */
class SqlDialogueTest {
    private static final String CONNECTED = "R\0\0\0\u0008\0\0\0\0Z\0\0\0\u0005I";
    private static final String FIRST = "D\0\0\0\u0011\0\u0001\0\0\0\u00079000000";
    private static final String SECOND = "D\0\0\0\u0011\0\u0001\0\0\0\u00079000001";
    private static final String END = "C\0\0\0\rSELECT 1\0Z\0\0\0\u0005I";

    private final ByteBuffer out = ByteBuffer.allocate(1000);
    private final Dialogue dialogue = new SqlQueries().dialogue(0, 2);

    private Dialogue.Found receive(String text) {
        dialogue.input().put(text.getBytes(StandardCharsets.ISO_8859_1));
        return dialogue.next(out);
    }

    private void askTwice() {
        out.clear();
        dialogue.open(out);
        dialogue.ask(out);
        dialogue.ask(out);
    }

    @Test
    void eachQueryHasItsSum() {
        askTwice();
        String sent = new String(out.array(), 0, out.position(), StandardCharsets.ISO_8859_1);
        assertThat(sent).contains("SELECT 1000000 + 8000000").contains("SELECT 1000001 + 8000000");
        assertThat(receive(CONNECTED)).isEqualTo(Dialogue.Found.PARTIAL);
        for (char piece : (FIRST + END.substring(0, END.length() - 1)).toCharArray()) {
            assertThat(receive(String.valueOf(piece))).isEqualTo(Dialogue.Found.PARTIAL);
        }
        assertThat(receive("I")).isEqualTo(Dialogue.Found.CORRECT);
        assertThat(receive(SECOND + END)).isEqualTo(Dialogue.Found.CORRECT);
        assertThat(dialogue.isInsideAnswer()).isFalse();
    }

    @Test
    void whatIsNotTheSumIsAnError() {
        askTwice();
        assertThat(receive(CONNECTED + SECOND + END)).isEqualTo(Dialogue.Found.WRONG_BODY);
        askTwice();
        assertThat(receive(CONNECTED + END)).isEqualTo(Dialogue.Found.WRONG_LENGTH);
        askTwice();
        assertThat(receive(CONNECTED + "E\0\0\0\u0005\0")).isEqualTo(Dialogue.Found.WRONG_STATUS);
        askTwice();
        assertThat(receive("R\0\0\0\0")).isEqualTo(Dialogue.Found.MALFORMED);
    }
}
