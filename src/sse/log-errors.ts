import { KatamariError } from '../errors.ts';

/** No log of the run is kept. */
export function unknownRun(): KatamariError {
  return new KatamariError(
    'not-found',
    'There is no run of this id, or its events are no longer kept. Start the run again.',
  );
}

/** The reader is behind what is kept. */
export function eventsGone(after: number, first: number): KatamariError {
  return new KatamariError(
    'gone',
    `The events after ${after} are no longer kept; the first that is has number ${first}. Read faster, keep more, or start the run again.`,
  );
}

/** The reader has seen more than there is: its number is another run's. */
export function aheadOfRun(after: number, last: number): KatamariError {
  return new KatamariError(
    'invalid-input',
    `The run has no event ${after}: its last one so far is ${last}. Is the id of the last event from another run?`,
  );
}

/** @throws KatamariError `invalid-input` unless it counts events */
export function checkAfter(after: number): number {
  if (Number.isSafeInteger(after) && after >= 0) return after;
  throw new KatamariError(
    'invalid-input',
    '`after` is the number of the last event that was seen: a whole number from 0.',
  );
}

/** Two runs of one id would mix their events. */
export function idTaken(): KatamariError {
  return new KatamariError(
    'invalid-input',
    'There is a run of this id already. Give every run an id of its own.',
  );
}
