import { readStream } from '../../../../src/wire/openai-responses/read-stream.ts';
import { expectedAnswers } from '../../../fixtures/openai-responses/expected.ts';
import { testFixtures } from '../fixture-contract.ts';
import { replayWire } from '../replay-wire.ts';

testFixtures(replayWire('openai-responses', readStream), expectedAnswers);
