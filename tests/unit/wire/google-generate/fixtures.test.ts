import { readStream } from '../../../../src/wire/google-generate/read-stream.ts';
import { expectedAnswers } from '../../../fixtures/google-generate/expected.ts';
import { testFixtures } from '../fixture-contract.ts';
import { replayWire } from '../replay-wire.ts';

testFixtures(replayWire('google-generate', readStream), expectedAnswers);
