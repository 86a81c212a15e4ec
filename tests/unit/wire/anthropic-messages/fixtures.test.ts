import { readStream } from '../../../../src/wire/anthropic-messages/read-stream.ts';
import { expectedAnswers } from '../../../fixtures/anthropic-messages/expected.ts';
import { testFixtures } from '../fixture-contract.ts';
import { replayWire } from '../replay-wire.ts';

testFixtures(replayWire('anthropic-messages', readStream), expectedAnswers);
