import type { ChatRequest } from '../../../request.ts';
import { encodeParts } from '../../encode-answer.ts';
import { checkMaker, type ConformanceCheck, type WireKit } from '../check.ts';
import { expectEqual, expectThat } from '../expect-equal.ts';
import type { Reply } from '../loopback-server.ts';
import { readAnswer } from '../read-answer.ts';
import { eventsOf, textOfEvents } from '../sample-answers.ts';
import { withScene } from '../scene.ts';
import { beginEvents, write } from '../send.ts';

/** How many at once. */
const requests = 200;

/** A long answer, in pieces, and how much of it may have left the server while nobody reads. The sockets' own buffers take a few MiB. */
const pieceLength = 64 * 1024;
const pieces = 512;
const mostPieces = 256;

/** Many requests at once do not get into each other's way, and a slow reader is not flooded. */
export function loadChecks({ setup, encoder }: WireKit): ConformanceCheck[] {
  return [
    slowReaderCheck({ setup, encoder }),
    checkMaker('load', setup)(
      `${requests} requests at once, each with its own answer`,
      async ({ response, text }) => {
        const own = /question (\d+)/.exec(text)?.[1] ?? '?';
        const events = eventsOf(encoder, {
          text: ['answer ', 'to ', own],
          usage: { token_in: 2, token_out: 3 },
        });
        beginEvents(response);
        for (const event of events) await write(response, textOfEvents(encoder, [event]));
        response.end();
      },
      async ({ ask, context, server }) => {
        const numbers = Array.from({ length: requests }, (_, index) => index);
        const texts = await Promise.all(
          numbers.map(async (number) => (await readAnswer(ask(question(number)), context)).text),
        );
        expectEqual(
          texts,
          numbers.map((number) => `answer to ${number}`),
          'the answers',
        );
        expectEqual(server.exchanges.length, requests, 'requests made');
      },
    ),
  ];
}

function slowReaderCheck({ setup, encoder }: WireKit): ConformanceCheck {
  const what = `load: a reader that stops holds the host back, in an answer of ${(pieces * pieceLength) / 2 ** 20} MiB`;
  const run = (): Promise<void> => {
    let sent = 0;
    const { opening, content } = encodeParts(encoder, {
      text: Array.from({ length: pieces }, () => 'x'.repeat(pieceLength)),
    });
    const flood: Reply = async ({ response }) => {
      beginEvents(response);
      for (const event of [...opening, ...content]) {
        // Settles when the bytes have left the process: later and later, where nobody reads.
        await write(response, textOfEvents(encoder, [event]));
        sent += 1;
      }
    };
    return withScene(setup, flood, async ({ ask }) => {
      const stream = ask()[Symbol.asyncIterator]();
      await stream.next();
      for (let before = -1; before !== sent; await pause()) before = sent;
      expectThat(
        sent <= mostPieces,
        'events sent while nobody reads',
        `${mostPieces} of ${pieces} at most`,
        sent,
      );
      await stream.return?.();
    });
  };
  return { topic: 'load', name: what, run };
}

/** Long enough for a host that is not held back to send something. */
function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 100);
  });
}

function question(number: number): ChatRequest {
  return { messages: [{ role: 'user', content: `question ${number}` }] };
}
