import { once } from 'node:events';
import { constants, createGzip, gzipSync } from 'node:zlib';

import { checkMaker, type ConformanceCheck, type WireKit } from '../check.ts';
import { expectEqual } from '../expect-equal.ts';
import type { Reply } from '../loopback-server.ts';
import { readAnswer } from '../read-answer.ts';
import { eventsOf, expectAnswer, rich, textOfEvents } from '../sample-answers.ts';
import { beginEvents, write } from '../send.ts';

/** The same bytes, in whatever pieces they come. */
export function deliveryChecks({ setup, encoder }: WireKit): ConformanceCheck[] {
  const check = checkMaker('delivery', setup);
  const events = eventsOf(encoder, rich);
  const bytes = Buffer.from(textOfEvents(encoder, events));
  const withCrLf = Buffer.from(textOfEvents(encoder, events, { lineEnd: '\r\n' }));
  const reads = (what: string, reply: Reply): ConformanceCheck =>
    check(what, reply, async ({ ask, context }) => {
      expectAnswer(await readAnswer(ask(), context), rich, encoder);
    });
  return [
    reads('byte by byte', inPieces(bytes, everyByte)),
    reads('cut between CR and LF, and inside every character', inPieces(withCrLf, insideCharacters)),
    reads(
      'cut after every seventh byte',
      inPieces(bytes, (_byte, index) => index % 7 === 0),
    ),
    reads('one event at a time', async ({ response }) => {
      beginEvents(response);
      for (const event of events) await write(response, textOfEvents(encoder, [event]));
      response.end();
    }),
    reads('all in one write with the headers', ({ response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(bytes);
    }),
    reads('with a length, not in chunks', ({ response }) => {
      response.writeHead(200, {
        'content-type': 'text/event-stream',
        'content-length': String(bytes.length),
      });
      response.end(bytes);
    }),
    reads('ended by the end of the connection', ({ response }) => {
      response.useChunkedEncodingByDefault = false;
      response.writeHead(200, { 'content-type': 'text/event-stream', connection: 'close' });
      response.end(bytes);
    }),
    reads('compressed', ({ response }) => {
      beginEvents(response, { 'content-encoding': 'gzip' });
      response.end(gzipSync(bytes));
    }),
    reads('compressed piece by piece', compressed(bytes)),
    reads('under another content type', ({ response }) => {
      response.writeHead(200, { 'content-type': 'application/octet-stream' });
      response.end(bytes);
    }),
    ...(encoder.hasTerminalEvent
      ? [
          check(
            'a socket that stays open behind the last event holds nobody back',
            async ({ response }) => {
              beginEvents(response);
              await write(response, bytes);
            },
            async ({ ask, context, server }) => {
              expectAnswer(await readAnswer(ask(), context), rich, encoder);
              const exchange = await server.arrival(1);
              expectEqual(await exchange.closed, false, 'the connection, closed by the adapter');
            },
          ),
        ]
      : []),
  ];
}

type CutAfter = (byte: number, index: number) => boolean;

const everyByte: CutAfter = () => true;

/** After CR, and after each byte of a character of several but the last. */
const insideCharacters: CutAfter = (byte) => byte === 0x0d || byte >= 0x80;

function inPieces(bytes: Uint8Array, cutAfter: CutAfter): Reply {
  return async ({ response }) => {
    beginEvents(response);
    let start = 0;
    for (const [index, byte] of bytes.entries()) {
      if (!cutAfter(byte, index)) continue;
      await write(response, bytes.subarray(start, index + 1));
      start = index + 1;
    }
    response.end(bytes.subarray(start));
  };
}

/** Each piece can be decompressed when it arrives. */
function compressed(bytes: Uint8Array): Reply {
  return async ({ response }) => {
    beginEvents(response, { 'content-encoding': 'gzip' });
    const gzip = createGzip();
    gzip.pipe(response);
    for (let start = 0; start < bytes.length; start += 100) {
      gzip.write(bytes.subarray(start, start + 100));
      await new Promise<void>((resolve) => {
        gzip.flush(constants.Z_SYNC_FLUSH, () => {
          resolve();
        });
      });
    }
    gzip.end();
    await once(gzip, 'end');
  };
}
